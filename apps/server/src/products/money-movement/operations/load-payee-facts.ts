import type { Core } from '../../../core/index.ts';
import type { Sql, Tx } from '../../../platform/db/database.ts';
import type { RecipientDetails } from '../domain/recipient.ts';
import type { PayeeFacts } from '../domain/recipient-validation.ts';

type PayeeCore = Pick<Core, 'findMember' | 'findAccountByNumber' | 'listHolders'>;

/** What the core says of a payee; without a member number the member is the account's first holder. */
export async function loadPayeeFacts(
  core: PayeeCore,
  sql: Sql | Tx,
  institutionId: string,
  { memberNumber, accountNumber }: Pick<RecipientDetails, 'memberNumber' | 'accountNumber'>,
): Promise<PayeeFacts> {
  const account = await core.findAccountByNumber(sql, institutionId, accountNumber);
  const held = account === undefined ? [] : await core.listHolders(sql, institutionId, account.accountKey);
  const first = held.find(({ ownership }) => ownership === 'PRIMARY') ?? held[0];
  const number = memberNumber ?? first?.memberNumber;
  return {
    member: number === undefined ? undefined : await core.findMember(sql, institutionId, number),
    account,
    holders: held.map((holder) => holder.memberNumber),
  };
}

/** What follows from the account where the provider takes nothing else. */
export function withDerivedFields(details: RecipientDetails, { member, account }: PayeeFacts): RecipientDetails {
  return {
    ...details,
    memberNumber: details.memberNumber ?? member?.memberNumber,
    accountType: details.accountType ?? account?.accountType,
  };
}
