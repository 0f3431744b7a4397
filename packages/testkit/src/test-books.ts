import { type Core, createLedger } from '@openbranch/server/core/index';
import type { Database } from '@openbranch/server/platform/db/database';

/** Books of a test's own, without the program around: an institution, its members and accounts. */
export interface TestBooks {
  readonly institutionId: string;
  readonly core: Core;
  /** @returns The key of a new account that the member holds, opened with a balance. */
  open(account?: TestAccount): Promise<bigint>;
}

export interface TestAccount {
  readonly balanceMinor?: bigint;
  readonly overdraftLimitMinor?: bigint;
  readonly creditLimitMinor?: bigint;
  readonly overdraftAccountKey?: bigint;
  readonly currency?: string;
  readonly accountType?: string;
  readonly category?: string;
  readonly memberNumber?: string;
  readonly ownership?: string;
}

export const booksMember = '100001';
const booksOpenedOn = '2026-01-02';

export async function createTestBooks({ sql }: Database, institutionId: string): Promise<TestBooks> {
  const core = createLedger();
  await sql`insert into institutions (institution_id, name) values (${institutionId}, 'Test') on conflict do nothing`;
  await sql`
    insert into core_members (institution_id, member_number, first_name, last_name, cif_number)
    values (${institutionId}, ${booksMember}, 'Ada', 'Byron', 'C1'), (${institutionId}, '100002', 'Mary', 'Somerville', null)`;
  const open = async (account: TestAccount = {}): Promise<bigint> => {
    const { balanceMinor = 0n, currency = 'USD' } = account;
    const [row] = await sql<{ account_key: bigint }[]>`
      with made as (
        insert into accounts (institution_id, account_number, account_type, category, fi_account_type, fi_raw_account_type,
          description, currency, opened_on, overdraft_limit_minor, credit_limit_minor, overdraft_account_key)
        select ${institutionId}, 'T' || currval('ledger_numbers'), ${account.accountType ?? 'CHECKING'},
          ${account.category ?? 'DEPOSIT'}, 1, 1, 'Test', ${currency}, ${booksOpenedOn}, ${account.overdraftLimitMinor ?? null},
          ${account.creditLimitMinor ?? null}, ${account.overdraftAccountKey ?? null}
        from (select nextval('ledger_numbers')) drawn
        returning account_key
      ), held as (
        insert into account_holders (institution_id, member_number, account_key, ownership)
        select ${institutionId}, ${account.memberNumber ?? booksMember}, account_key, ${account.ownership ?? 'PRIMARY'} from made
      ), balanced as (
        insert into account_balances (institution_id, account_key, currency) select ${institutionId}, account_key, ${currency} from made
      )
      select account_key from made`;
    if (row === undefined) throw new Error('An account makes one row.');
    if (balanceMinor !== 0n)
      await sql.begin((tx) => core.post(tx, openingOf(institutionId, row.account_key, balanceMinor, currency)));
    return row.account_key;
  };
  return { institutionId, core, open };
}

function openingOf(institutionId: string, accountKey: bigint, amountMinor: bigint, currency: string) {
  const bookedAt = new Date(`${booksOpenedOn}T12:00:00Z`);
  return {
    ...{ institutionId, kind: 'opening', currency, bookedAt, transactionDate: booksOpenedOn },
    postings: [
      { account: { key: accountKey }, amountMinor, type: amountMinor > 0n ? 'DEPOSIT' : 'ADVANCE' },
      { account: { internal: 'opening' }, amountMinor: -amountMinor, type: 'DEPOSIT' },
    ],
  } as const;
}
