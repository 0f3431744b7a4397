import { setAlertReadFlag } from '@openbranch/contract/alerts/history-operations';
import { type Route, route } from '../../../http/route.ts';
import { saveReadAt } from '../store/alert-history.ts';
import { assertInstitution } from './assert-institution.ts';

/** Ours: an alert is read, or not. Another user's and an unknown one answer the same. */
export const setAlertReadFlagRoute: Route = route(setAlertReadFlag).handle(async (call) => {
  assertInstitution(call);
  const { institution, principal, now } = call;
  const readAt = call.body.readFlag ? now : undefined;
  const alertOutcomeId = BigInt(call.params.alertHistoryId);
  await call.write(async (write) => {
    const own = principal.user?.institutionUserId;
    if (!(await saveReadAt(write.sql, institution.institutionId, alertOutcomeId, own, readAt))) throw call.error('alertUnknown');
    await write.audit('alert_read_flag_set', {
      institutionUserId: own,
      details: { alertHistoryId: Number(alertOutcomeId), readFlag: call.body.readFlag },
    });
  });
});
