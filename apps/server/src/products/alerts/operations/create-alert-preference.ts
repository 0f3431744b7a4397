import { createAlertPreference } from '@openbranch/contract/alerts/preference-operations';
import { type Route, route } from '../../../http/route.ts';
import { noAdditionalInfo, readUserPreference } from '../domain/preference-input.ts';
import { insertPreference } from '../store/alert-preferences.ts';
import { findAlertUser } from './alert-user.ts';
import type { AlertsParts } from './alerts-parts.ts';
import { assertInstitution } from './assert-institution.ts';
import { checkPreference } from './check-preference.ts';
import { findOfferedType } from './find-offered-type.ts';
import { toPreferenceAnswer } from './preference-answer.ts';
import { recordPreferenceChange } from './record-preference-change.ts';

/** L14: a user wants a type on a channel, or does not. */
export function createAlertPreferenceRoute({
  findAccount,
  keepsCallbacks,
}: Pick<AlertsParts, 'findAccount' | 'keepsCallbacks'>): Route {
  return route(createAlertPreference).handle(async (call) => {
    assertInstitution(call);
    const { now } = call;
    const { institutionId } = call.institution;
    const input = readUserPreference(call.body, true, institutionId);
    if (!input.ok) throw call.error(input.refusal);
    const { alertTypeName, channel, isOpted, location, account, externalId } = input.value;
    if (alertTypeName === undefined || channel === undefined || isOpted === undefined) throw call.error('nullNotAllowed');
    const found = await findAlertUser(call, location);
    if (!found.ok) throw call.error(found.refusal);
    const user = found.value;
    return call.write(async (write) => {
      const type = await findOfferedType(write.sql, institutionId, alertTypeName, channel);
      if (!type.ok) throw call.error(type.refusal);
      const wish = { type: type.value, isOpted, accountId: account?.accountId, newChannel: channel };
      const checked = await checkPreference(write.sql, findAccount, user, wish);
      if (!checked.ok) throw call.error(checked.refusal);
      const preference = {
        alertTypeId: type.value.alertTypeId,
        channel,
        customerId: user.customerId ?? user.defaultCustomerId,
        scope: {
          accountId: account?.accountId,
          accountExternalId: account?.accountExternalId,
          cardNumber: account?.cardNumber,
          externalId: externalId === '' ? undefined : externalId,
        },
        isOpted,
        allowsCallback: input.value.allowsCallback ?? true,
        additionalInfo: input.value.additionalInfo ?? noAdditionalInfo,
      };
      const alertPreferenceId = await insertPreference(write.sql, user, preference);
      if (alertPreferenceId === undefined) throw call.error('preferenceInvalid');
      const tellsVendor = keepsCallbacks && preference.allowsCallback;
      await recordPreferenceChange(write, user, {
        change: 'CREATED',
        alertPreferenceId,
        type: type.value,
        channel,
        isOpted,
        tellsVendor,
        now,
      });
      return toPreferenceAnswer({ ...preference, alertPreferenceId, alertTypeName }, institutionId);
    });
  });
}
