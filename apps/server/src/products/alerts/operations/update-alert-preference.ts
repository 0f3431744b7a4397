import { updateAlertPreference } from '@openbranch/contract/alerts/preference-operations';
import type { Call } from '../../../http/call.ts';
import { type Route, route } from '../../../http/route.ts';
import type { Tx } from '../../../platform/db/database.ts';
import { cleared } from '../domain/alert-type-input.ts';
import { readUserPreference, type UserPreferenceInput } from '../domain/preference-input.ts';
import {
  isPreferenceTaken,
  lockPreference,
  type StoredPreference,
  updatePreference as updateStoredPreference,
} from '../store/alert-preferences.ts';
import { findAlertTypeById } from '../store/alert-types.ts';
import { type AlertUser, findAlertUser, isAtNamedLocation } from './alert-user.ts';
import type { AlertsParts, FindAccount } from './alerts-parts.ts';
import { assertInstitution } from './assert-institution.ts';
import { checkPreference } from './check-preference.ts';
import { findOfferedType } from './find-offered-type.ts';
import { toPreferenceAnswer } from './preference-answer.ts';
import { recordPreferenceChange } from './record-preference-change.ts';

type UpdateCall = Call<typeof updateAlertPreference>;

/** L16: what is left out keeps its value; only what changes is checked, so that an old preference can always be ended. */
export function updateAlertPreferenceRoute({
  findAccount,
  keepsCallbacks,
}: Pick<AlertsParts, 'findAccount' | 'keepsCallbacks'>): Route {
  return route(updateAlertPreference).handle(async (call) => {
    assertInstitution(call);
    const { institutionId } = call.institution;
    const alertPreferenceId = BigInt(call.params.alertPreferenceId);
    const input = readUserPreference(call.body, false, institutionId);
    if (!input.ok) throw call.error(input.refusal);
    if (input.value.preferenceId !== undefined && input.value.preferenceId !== alertPreferenceId)
      throw call.error('preferenceMismatch');
    const found = await findAlertUser(call, input.value.location);
    if (!found.ok) throw call.error(found.refusal);
    const user = found.value;
    try {
      return await call.write(async (write) => {
        const current = await lockPreference(write.sql, user, alertPreferenceId);
        // A location in the body is where the preference is to be; anywhere else it says where it is.
        const isElsewhere = current !== undefined && input.value.location === undefined && !isAtNamedLocation(user, current);
        if (current === undefined || isElsewhere) throw call.error('preferenceUnknown');
        const { changed, type } = await decideChange(call, write.sql, findAccount, user, current, input.value);
        await updateStoredPreference(write.sql, user, alertPreferenceId, changed);
        const tellsVendor = keepsCallbacks && changed.allowsCallback && call.query.allowCallback?.toLowerCase() !== 'false';
        const { channel, isOpted } = changed;
        await recordPreferenceChange(write, user, {
          change: 'UPDATED',
          alertPreferenceId,
          type,
          channel,
          isOpted,
          tellsVendor,
          now: call.now,
        });
        return toPreferenceAnswer(changed, institutionId);
      });
    } catch (error) {
      if (isPreferenceTaken(error)) throw call.error('preferenceInvalid');
      throw error;
    }
  });
}

async function decideChange(
  call: UpdateCall,
  tx: Tx,
  findAccount: FindAccount,
  user: AlertUser,
  current: StoredPreference,
  input: UserPreferenceInput,
) {
  const { institutionId } = user;
  const alertTypeName = input.alertTypeName ?? current.alertTypeName;
  const channel = input.channel ?? current.channel;
  const isMoved = alertTypeName !== current.alertTypeName || channel !== current.channel;
  const stored = await findAlertTypeById(tx, institutionId, current.alertTypeId);
  if (stored === undefined) throw call.error('preferenceUnknown');
  let type = stored;
  if (isMoved) {
    const offered = await findOfferedType(tx, institutionId, alertTypeName, channel);
    if (!offered.ok) throw call.error(offered.refusal);
    type = offered.value;
  }
  const isOpted = input.isOpted ?? current.isOpted;
  const account = input.account ?? current.scope;
  const isNewAccount = account.accountId !== current.scope.accountId || isMoved;
  const beginsToReceive = isOpted && (!current.isOpted || channel !== current.channel);
  const checked = await checkPreference(tx, findAccount, user, {
    type,
    isOpted,
    accountId: isNewAccount ? account.accountId : undefined,
    newChannel: beginsToReceive ? channel : undefined,
  });
  if (!checked.ok) throw call.error(checked.refusal);
  const changed: StoredPreference = {
    alertPreferenceId: current.alertPreferenceId,
    alertTypeId: type.alertTypeId,
    alertTypeName,
    channel,
    customerId: user.customerId ?? current.customerId,
    scope: {
      accountId: account.accountId,
      accountExternalId: account.accountExternalId,
      cardNumber: account.cardNumber,
      externalId: cleared(input.externalId, current.scope.externalId),
    },
    isOpted,
    allowsCallback: input.allowsCallback ?? current.allowsCallback,
    additionalInfo: input.additionalInfo ?? current.additionalInfo,
  };
  return { changed, type };
}
