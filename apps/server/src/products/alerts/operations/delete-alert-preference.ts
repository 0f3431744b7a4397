import { deleteAlertPreference } from '@openbranch/contract/alerts/preference-operations';
import { type Route, route } from '../../../http/route.ts';
import { deletePreference, lockPreference } from '../store/alert-preferences.ts';
import { findAlertTypeById } from '../store/alert-types.ts';
import { findAlertUser, isAtNamedLocation } from './alert-user.ts';
import type { AlertsParts } from './alerts-parts.ts';
import { assertInstitution } from './assert-institution.ts';
import { recordPreferenceChange } from './record-preference-change.ts';

/** L17: from then on what the institution presumes applies. */
export function deleteAlertPreferenceRoute({ keepsCallbacks }: Pick<AlertsParts, 'keepsCallbacks'>): Route {
  return route(deleteAlertPreference).handle(async (call) => {
    assertInstitution(call);
    const { institutionId } = call.institution;
    const alertPreferenceId = BigInt(call.params.alertPreferenceId);
    const found = await findAlertUser(call);
    if (!found.ok) throw call.error(found.refusal);
    const user = found.value;
    await call.write(async (write) => {
      const preference = await lockPreference(write.sql, user, alertPreferenceId);
      if (preference === undefined || !isAtNamedLocation(user, preference)) throw call.error('preferenceUnknown');
      await deletePreference(write.sql, user, alertPreferenceId);
      const { channel, isOpted, allowsCallback } = preference;
      await recordPreferenceChange(write, user, {
        change: 'DELETED',
        alertPreferenceId,
        type: await findAlertTypeById(write.sql, institutionId, preference.alertTypeId),
        channel,
        isOpted,
        tellsVendor: keepsCallbacks && allowsCallback,
        now: call.now,
      });
    });
  });
}
