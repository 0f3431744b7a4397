import { createAlertTemplate } from '@openbranch/contract/alerts/template-operations';
import { type Route, route } from '../../../http/route.ts';
import { isTrue } from '../../../kernel/flag.ts';
import { decideTemplate, readTemplate } from '../domain/alert-template-input.ts';
import { archivePublished, hasPlatformTemplate, insertAlertTemplate, lockAlertTemplate } from '../store/alert-templates.ts';
import { toAlertTemplateAnswer } from './alert-template-answer.ts';
import { announceCatalogue } from './announce-catalogue.ts';
import { assertInstitution } from './assert-institution.ts';
import { assertNoUser } from './assert-no-user.ts';
import { findTemplateType } from './find-template-type.ts';

/** L6: words for a type in a locale. */
export const createAlertTemplateRoute: Route = route(createAlertTemplate).handle(async (call) => {
  assertInstitution(call);
  assertNoUser(call);
  const { institution, now } = call;
  const { institutionId } = institution;
  // Templates of the platform are written by operators, and an application is none.
  if (isTrue(call.query.default)) throw call.error('notOwner');
  const input = readTemplate(call.body, true, institutionId);
  if (!input.ok) throw call.error(input.refusal === 'pathBodyMismatch' ? 'valueInvalid' : input.refusal);
  return call.write(async (write) => {
    const type = await findTemplateType(write.sql, institutionId, input.value);
    if (!type.ok) throw call.error(type.refusal);
    const { alertTemplateId } = input.value;
    const isTaken =
      alertTemplateId !== undefined &&
      ((await lockAlertTemplate(write.sql, institutionId, alertTemplateId)) !== undefined ||
        (await hasPlatformTemplate(write.sql, alertTemplateId)));
    if (isTaken) throw call.error('idExists');
    const decided = decideTemplate(input.value, undefined, type.value.alertTypeId, now);
    if (!decided.ok) throw call.error(decided.refusal === 'concurrentChange' ? 'valueInvalid' : decided.refusal);
    if (decided.value.state === 'PUBLISHED') await archivePublished(write.sql, institutionId, decided.value, undefined);
    const template = await insertAlertTemplate(write.sql, institutionId, decided.value);
    const { alertTypeName } = type.value;
    await announceCatalogue(write, institutionId);
    await write.audit('alert_template_created', {
      details: { alertTypeName, locale: template.locale, state: template.state },
    });
    return toAlertTemplateAnswer(template, alertTypeName, institution);
  });
});
