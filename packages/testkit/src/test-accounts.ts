import {
  type Core,
  createLedger,
  createOpaqueIds,
  type NewEntry,
  type NewHold,
  type NewPosting,
} from '@openbranch/server/core/index';
import type { Sql } from '@openbranch/server/platform/db/database';
import type { TestApp } from './test-app.ts';

/** Accounts of exactly known content for tests of a whole app: opened, shared, granted and booked on by short calls. */
export interface TestAccounts {
  readonly core: Core;
  /** A deposit of the member, with a zero balance; columns as of table `accounts`. */
  open(memberNumber: string, columns?: AccountColumns): Promise<OpenedAccount>;
  /** One more member who holds it. */
  share(account: OpenedAccount, memberNumber: string, ownership: 'PRIMARY' | 'JOINT' | 'CROSS'): Promise<void>;
  /** What a user may see and do with it; all that is not named is granted. */
  entitle(account: OpenedAccount, institutionUserId: string, columns?: EntitlementColumns): Promise<void>;
  /** Changes columns of table `accounts`. */
  change(account: OpenedAccount, columns: AccountColumns): Promise<void>;
  /** Books against the institution's cash. @returns the id that the API shows. */
  book(account: OpenedAccount, movement: TestMovement): Promise<string>;
  hold(account: OpenedAccount, hold: TestHold): Promise<{ readonly id: string; readonly transactionNumber: bigint }>;
  /** Books a hold for its amount. */
  postHold(account: OpenedAccount, transactionNumber: bigint, amountMinor: bigint, transactionDate: string): Promise<void>;
}

export interface OpenedAccount {
  readonly accountKey: bigint;
  /** As the API shows it. */
  readonly accountId: string;
  readonly accountNumber: string;
}

type Column = string | number | bigint | boolean | readonly string[] | null;
export type AccountColumns = Readonly<Record<string, Column>>;
export type EntitlementColumns = Readonly<
  Partial<
    Record<'may_view' | 'may_transfer_from' | 'may_transfer_to' | 'is_history_entitled' | 'is_hidden', boolean> &
      Record<'nick_name', string>
  >
>;

export type TestMovement = Partial<Omit<NewPosting, 'account' | 'amountMinor'>> &
  Partial<Pick<NewEntry, 'effectiveDate'>> & { readonly amountMinor: bigint; readonly on: string };
export type TestHold = Partial<Omit<NewHold, 'institutionId' | 'accountKey' | 'amountMinor' | 'transactionDate'>> & {
  readonly amountMinor: bigint;
  readonly on: string;
};

const categories: Readonly<Record<string, string>> = {
  CHECKING: 'DEPOSIT',
  SAVINGS: 'DEPOSIT',
  MONEY_MARKET: 'DEPOSIT',
  CREDIT_CARD_LOAN: 'LOAN',
  INSTALLMENT_LOAN: 'LOAN',
  MORTGAGE_LOAN: 'LOAN',
  HOME_EQUITY_LOAN: 'LOAN',
  TCL_NOTE: 'TIERED_LOAN',
};

/** For `prepare` of a test app: the seeded customers hold no account, so that lists hold what the test opens and no more. */
export async function withoutSeededAccounts(sql: Sql): Promise<void> {
  await sql`delete from account_entitlements`;
  await sql`delete from account_holders`;
}

export function createTestAccounts({ database: { sql }, keyRing }: TestApp, institutionId: string): TestAccounts {
  const core = createLedger();
  const ids = createOpaqueIds(keyRing);
  const inBooks = <Value>(account: OpenedAccount, work: (tx: Parameters<Core['post']>[0]) => Promise<Value>) =>
    sql.begin(async (tx) => {
      await core.lockBalances(tx, institutionId, [account.accountKey]);
      return { value: await work(tx) };
    });
  const share: TestAccounts['share'] = async ({ accountKey }, memberNumber, ownership) => {
    await sql`
      insert into core_members (institution_id, member_number, first_name, last_name)
      values (${institutionId}, ${memberNumber}, 'Test', ${`Member ${memberNumber}`}) on conflict do nothing`;
    await sql`
      insert into account_holders (institution_id, member_number, account_key, ownership)
      values (${institutionId}, ${memberNumber}, ${accountKey}, ${ownership})`;
  };
  const idOf = ({ accountKey }: OpenedAccount, number: bigint): string =>
    ids.encodeOne('transaction', institutionId, { accountKey, number });
  return {
    core,
    share,
    open: async (memberNumber, columns = {}) => {
      const opened = await insertAccount(sql, institutionId, columns);
      const accountId = ids.encodeOne('account', institutionId, { accountKey: opened.accountKey, number: 0n });
      const account = { ...opened, accountId };
      await share(account, memberNumber, 'PRIMARY');
      return account;
    },
    entitle: async ({ accountKey }, institutionUserId, columns = {}) => {
      const row = { institution_id: institutionId, institution_user_id: institutionUserId, account_key: accountKey, ...columns };
      await sql`insert into account_entitlements ${sql(row)}`;
    },
    change: async ({ accountKey }, columns) => {
      await sql`update accounts set ${sql({ ...columns })} where institution_id = ${institutionId} and account_key = ${accountKey}`;
    },
    book: async (account, { amountMinor, on, effectiveDate, ...text }) => {
      const type = text.type ?? (amountMinor > 0n ? 'DEPOSIT' : 'WITHDRAWAL');
      const entry = {
        ...{ institutionId, kind: 'test', bookedAt: new Date(`${on}T12:00:00Z`), transactionDate: on, effectiveDate },
        postings: [
          { ...text, type, account: { key: account.accountKey }, amountMinor },
          { type, account: { internal: 'cash' as const }, amountMinor: -amountMinor },
        ],
      };
      const { value } = await inBooks(account, (tx) => core.post(tx, entry));
      return idOf(account, value.postings[0]?.transactionNumber ?? 0n);
    },
    hold: async (account, { amountMinor, on, ...text }) => {
      const placed = {
        ...{ institutionId, accountKey: account.accountKey, amountMinor, transactionDate: on, type: 'POS_PURCHASE' },
        ...{ placedAt: new Date(`${on}T12:00:00Z`), ...text },
      };
      const { value } = await inBooks(account, (tx) => core.placeHold(tx, placed));
      return { id: idOf(account, value.transactionNumber), transactionNumber: value.transactionNumber };
    },
    postHold: async (account, transactionNumber, amountMinor, transactionDate) => {
      const reference = { institutionId, accountKey: account.accountKey, transactionNumber };
      const posting = {
        bookedAt: new Date(`${transactionDate}T12:00:00Z`),
        transactionDate,
        amountMinor,
        against: 'cash' as const,
      };
      await inBooks(account, (tx) => core.postHold(tx, reference, posting));
    },
  };
}

async function insertAccount(
  sql: Sql,
  institutionId: string,
  columns: AccountColumns,
): Promise<Omit<OpenedAccount, 'accountId'>> {
  const accountType = columns['account_type'] ?? 'CHECKING';
  const [drawn] = await sql<{ number: bigint }[]>`select nextval('ledger_numbers') as number`;
  const row = {
    account_number: String(100_000_000_000n + (drawn?.number ?? 0n)),
    account_type: accountType,
    category: categories[String(accountType)] ?? 'INVESTMENT',
    fi_account_type: 1,
    fi_raw_account_type: 1,
    description: 'Everyday account',
    opened_on: '2020-01-02',
    ...columns,
    institution_id: institutionId,
  };
  const [made] = await sql<{ account_key: bigint; account_number: string }[]>`
    insert into accounts ${sql(row)} returning account_key, account_number`;
  if (made === undefined) throw new Error('An account makes one row.');
  await sql`insert into account_balances (institution_id, account_key) values (${institutionId}, ${made.account_key})`;
  return { accountKey: made.account_key, accountNumber: made.account_number };
}
