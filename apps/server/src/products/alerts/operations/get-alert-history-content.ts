import { getAlertHistoryContent } from '@openbranch/contract/alerts/history-operations';
import { type Route, route } from '../../../http/route.ts';
import { findContent } from '../store/alert-history.ts';
import type { AlertsParts } from './alerts-parts.ts';
import { assertInstitution } from './assert-institution.ts';

/** L23: the words. One content for each alert, so both ids are the same. */
export function getAlertHistoryContentRoute({ box }: Pick<AlertsParts, 'box'>): Route {
  return route(getAlertHistoryContent).handle(async (call) => {
    assertInstitution(call);
    const { id, alertHistoryId, eventId } = call.query;
    const { institutionId } = call.institution;
    const ids = [id, alertHistoryId].flatMap((one) => (one === undefined ? [] : [{ alertOutcomeId: BigInt(one) }]));
    const selectors = [...ids, ...(eventId === undefined || eventId === '' ? [] : [{ eventId }])];
    if (selectors.length === 0) throw call.error('unknownFault');
    for (const selector of selectors) {
      const found = await findContent(call.sql, institutionId, selector, call.principal.user?.institutionUserId);
      if (found === undefined) continue;
      // Without words when the data key was destroyed: the alert was sent all the same.
      const contents = (await box.openContents(institutionId, found.alertOutcomeId, found.contentSealed)) ?? {};
      const text = <Name extends string>(name: Name, value: string | undefined) => (value === undefined ? {} : { [name]: value });
      return {
        alertHistoryContentId: Number(found.alertOutcomeId),
        alertHistoryId: Number(found.alertOutcomeId),
        eventId: found.eventId,
        ...text('emailSubjectContent', contents.EMAIL_SUBJECT),
        ...text('emailContent', contents.EMAIL_BODY),
        ...text('smsContent', contents.SMS_BODY),
        ...text('pushContent', contents.PUSH_BODY),
      };
    }
    throw call.error('contentUnknown');
  });
}
