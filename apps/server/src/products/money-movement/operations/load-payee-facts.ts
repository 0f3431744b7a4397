import type { Core } from '../../../core/index.ts';
import type { Sql, Tx } from '../../../platform/db/database.ts';
import type { RecipientDetails } from '../domain/recipient.ts';
import type { PayeeFacts } from '../domain/recipient-validation.ts';
import { findAccountByNumber, type NumberedCore } from './find-account-by-number.ts';

/** What the core says of a payee; without a member number the member is the account's first owner. */
export async function loadPayeeFacts(
  core: NumberedCore & Pick<Core, 'findMember'>,
  sql: Sql | Tx,
  institutionId: string,
  { memberNumber, accountNumber }: Pick<RecipientDetails, 'memberNumber' | 'accountNumber'>,
): Promise<PayeeFacts> {
  const found = await findAccountByNumber(core, sql, institutionId, accountNumber);
  const holders = found?.memberNumbers ?? [];
  const number = memberNumber ?? holders[0];
  const member = number === undefined ? undefined : await core.findMember(sql, institutionId, number);
  return { member, account: found?.account, holders };
}

/** What follows from the account where the provider takes nothing else. */
export function withDerivedFields(details: RecipientDetails, { member, account }: PayeeFacts): RecipientDetails {
  return {
    ...details,
    memberNumber: details.memberNumber ?? member?.memberNumber,
    accountType: details.accountType ?? account?.accountType,
  };
}
