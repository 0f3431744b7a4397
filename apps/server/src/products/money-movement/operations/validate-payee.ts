import type { Sql, Tx } from '../../../platform/db/database.ts';
import { findAccountOfUser } from '../../accounts/index.ts';
import type { UserReach } from '../../customers/index.ts';
import type { RecipientDetails } from '../domain/recipient.ts';
import { decideValidation, type PayeeFacts, type ValidationRefusal } from '../domain/recipient-validation.ts';
import type { MoneyMovementParts } from './money-movement-parts.ts';

/** The test transfer that moves nothing: the sender's account, then the payee at the core. */
export async function validatePayee(
  { core, ids }: Pick<MoneyMovementParts, 'core' | 'ids'>,
  sql: Sql | Tx,
  user: UserReach,
  fromAccountId: string,
  details: RecipientDetails,
  facts: PayeeFacts,
): Promise<ValidationRefusal | undefined> {
  const key = ids.decode('account', user.institutionId, fromAccountId)?.accountKey;
  const sender = key === undefined ? undefined : await findAccountOfUser(core, sql, user, key);
  if (sender?.actions.transferFrom !== true) return 'accountNotFound';
  // Where the member follows from the account, there is none because the account is unknown.
  if (details.memberNumber === undefined && facts.member === undefined) return 'accountNotFound';
  return decideValidation(details, facts);
}
