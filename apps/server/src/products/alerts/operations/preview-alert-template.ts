import { previewAlertTemplate } from '@openbranch/contract/alerts/template-operations';
import { type Route, route } from '../../../http/route.ts';
import { isContentAllowed } from '../domain/alert-template.ts';
import { createFindValue } from '../domain/event-values.ts';
import { compileContent, renderContent } from '../domain/render-template.ts';
import { measureSms } from '../domain/sms-length.ts';
import { assertInstitution } from './assert-institution.ts';

/** Ours: what contents make of an event. Nothing is kept or sent. */
export const previewAlertTemplateRoute: Route = route(previewAlertTemplate).handle(async (call) => {
  assertInstitution(call);
  const { event, variableMap = {}, templateContents } = call.body;
  const findValue = createFindValue(event, variableMap);
  return {
    rendered: templateContents.map(({ templateContentType, templateContent }) => {
      if (!isContentAllowed(templateContentType, templateContent)) throw call.error('fieldInvalid');
      const { text, unresolved } = renderContent(compileContent(templateContentType, templateContent), findValue);
      const sms = templateContentType === 'SMS_BODY' ? measureSms(text) : undefined;
      return {
        templateContentType,
        text,
        unresolved: [...unresolved],
        ...(sms === undefined ? {} : { smsParts: sms.parts, smsEncoding: sms.encoding }),
      };
    }),
  };
});
