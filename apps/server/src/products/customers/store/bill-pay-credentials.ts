import type { PersonalDataBox } from '../../../kernel/personal-data.ts';
import type { Sql, Tx } from '../../../platform/db/database.ts';

/** How a customer is known to the bill-pay service. */
export interface BillPayCredential {
  readonly loginId: string;
  /** Present while a change of the login is under way. */
  readonly newLoginId: string | undefined;
  /** Undefined when there is none, or when the key of the institution was destroyed. */
  readonly password: string | undefined;
}

function placeOf(institutionId: string, customerId: string) {
  return { institutionId, table: 'bill_pay_credentials', column: 'password_sealed', rowId: customerId } as const;
}

export async function findBillPayCredential(
  sql: Sql | Tx,
  box: PersonalDataBox,
  institutionId: string,
  customerId: string,
): Promise<BillPayCredential | undefined> {
  const [row] = await sql<{ login_id: string; new_login_id: string | null; password_sealed: Buffer | null }[]>`
    select login_id, new_login_id, password_sealed from bill_pay_credentials
    where institution_id = ${institutionId} and customer_id = ${customerId}`;
  if (row === undefined) return undefined;
  return {
    loginId: row.login_id,
    newLoginId: row.new_login_id ?? undefined,
    password: await box.open(placeOf(institutionId, customerId), row.password_sealed),
  };
}

/** The keys of the institution are prepared before the transaction. */
export async function insertBillPayCredential(
  tx: Tx,
  box: PersonalDataBox,
  institutionId: string,
  customerId: string,
  { loginId, newLoginId, password }: BillPayCredential,
): Promise<void> {
  await tx`
    insert into bill_pay_credentials (institution_id, customer_id, login_id, new_login_id, password_sealed)
    values (${institutionId}, ${customerId}, ${loginId}, ${newLoginId ?? null},
      ${password === undefined ? null : box.seal(placeOf(institutionId, customerId), password)})`;
}
