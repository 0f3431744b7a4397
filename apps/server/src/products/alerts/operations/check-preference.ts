import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { Tx } from '../../../platform/db/database.ts';
import type { AlertChannel } from '../domain/alert-channel.ts';
import { type AlertType, isForAccountType } from '../domain/alert-type.ts';
import { hasDestination } from '../store/alert-destinations.ts';
import type { AlertUser } from './alert-user.ts';
import type { FindAccount } from './alerts-parts.ts';

/** What a preference asks for, as far as it has to be checked; undefined was checked before. */
export interface PreferenceWish {
  readonly type: AlertType;
  readonly isOpted: boolean;
  readonly accountId: string | undefined;
  readonly newChannel: AlertChannel | undefined;
}

/** Whether a user can have a preference: its account, its destination, and no opt-out of what is mandatory. */
export async function checkPreference(
  tx: Tx,
  findAccount: FindAccount,
  { institutionId, institutionUserId }: AlertUser,
  { type, isOpted, accountId, newChannel }: PreferenceWish,
): Promise<Result<undefined, 'preferenceInvalid' | 'accountTypeUnsupported'>> {
  if (type.isMandatory && !isOpted) return refuse('preferenceInvalid');
  if (accountId !== undefined) {
    const account = await findAccount(tx, institutionId, institutionUserId, accountId);
    if (account === undefined) return refuse('preferenceInvalid');
    if (!isForAccountType(type, account.accountType)) return refuse('accountTypeUnsupported');
  }
  if (newChannel !== undefined && !(await hasDestination(tx, institutionId, institutionUserId, newChannel)))
    return refuse('preferenceInvalid');
  return accept(undefined);
}
