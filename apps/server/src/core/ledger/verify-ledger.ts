import type { Sql, Tx } from '../../platform/db/database.ts';
import { firstCustomerKey, nameOfInternal } from './internal-accounts.ts';

/** What a walk through the books of one institution has found. */
export interface LedgerVerification {
  readonly institutionId: string;
  readonly entries: number;
  readonly postings: number;
  readonly accounts: number;
  /** What customers have, and what the institution's own accounts have; together zero. */
  readonly totals: readonly { readonly currency: string; readonly customersMinor: bigint; readonly ownMinor: bigint }[];
  /** The first thing that does not fit, undefined when everything does. */
  readonly broken: BrokenBooks | undefined;
}

export interface BrokenBooks {
  /** `entry 1007`, `account 1012`, `posting 1013 of account 1012`, `ledger in USD`. */
  readonly row: string;
  readonly problem: string;
}

export interface LedgerProgress {
  readonly entries: number;
  readonly accounts: number;
}

/**
 * Proves the books as they are at this moment: every entry sums to zero and stays in its currency, every balance is the
 * sum of its postings and every posting bears the balance of its time, what is held is the sum of pending holds, no
 * posting is without entry or account, and the whole ledger sums to zero. Reads in batches, so memory stays bounded.
 * @param onProgress Called now and then.
 */
export function verifyLedger(
  sql: Sql,
  institutionId: string,
  onProgress: (progress: LedgerProgress) => void = () => undefined,
): Promise<LedgerVerification> {
  return sql.begin('isolation level repeatable read read only', async (tx) => {
    await tx`set local statement_timeout = 0`;
    const entries = await walkEntries(tx, institutionId, (done) => onProgress({ entries: done, accounts: 0 }));
    const accounts = await walkAccounts(tx, institutionId, (done) => onProgress({ entries: entries.entries, accounts: done }));
    const own = await sumOwnAccounts(tx, institutionId);
    const totals = toTotals(accounts.totals, own.totals);
    return {
      institutionId,
      entries: entries.entries,
      postings: entries.postings,
      accounts: accounts.accounts,
      totals,
      broken:
        entries.broken ??
        accounts.broken ??
        (await findLostPosting(tx, institutionId, entries.postings, accounts.postings + own.postings)) ??
        findUnbalanced(totals),
    };
  });
}

const entriesAtOnce = 10_000;
const accountsAtOnce = 1_000;

async function walkEntries(tx: Tx, institutionId: string, onProgress: (entries: number) => void) {
  let [last, entries, postings] = [0n, 0, 0];
  let broken: BrokenBooks | undefined;
  for (;;) {
    const [batch] = await tx<EntryBatchRow[]>`
      with sums as (
        select e.entry_id, e.currency, count(p.entry_id) as postings, coalesce(sum(p.amount_minor), 0) as sum_minor,
          min(b.currency) filter (where b.currency <> e.currency) as other_currency
        from (select entry_id, currency from ledger_entries
            where institution_id = ${institutionId} and entry_id > ${last} order by entry_id limit ${entriesAtOnce}) e
          left join postings p on p.institution_id = ${institutionId} and p.entry_id = e.entry_id
          left join account_balances b on b.institution_id = ${institutionId} and b.account_key = p.account_key
        group by e.entry_id, e.currency
      ), wrong as (
        select * from sums where sum_minor <> 0 or postings < 2 or other_currency is not null order by entry_id limit 1
      )
      select max(s.entry_id) as last, count(*) as entries, coalesce(sum(s.postings), 0)::bigint as postings,
        (select entry_id from wrong) as wrong_id, (select sum_minor::text from wrong) as wrong_sum,
        (select postings from wrong) as wrong_postings, (select other_currency from wrong) as other_currency
      from sums s`;
    if (batch === undefined || batch.last === null) return { entries, postings, broken };
    last = batch.last;
    entries += Number(batch.entries);
    postings += Number(batch.postings);
    if (broken === undefined && batch.wrong_id !== null) broken = describeEntry(batch.wrong_id, batch);
    onProgress(entries);
  }
}

interface EntryBatchRow {
  readonly last: bigint | null;
  readonly entries: bigint;
  readonly postings: bigint;
  readonly wrong_id: bigint | null;
  readonly wrong_sum: string | null;
  readonly wrong_postings: bigint | null;
  readonly other_currency: string | null;
}

function describeEntry(entryId: bigint, batch: EntryBatchRow): BrokenBooks {
  const row = `entry ${entryId}`;
  if (batch.wrong_sum !== '0') return { row, problem: `its postings sum to ${batch.wrong_sum} and not to zero` };
  if (batch.other_currency !== null) return { row, problem: `it reaches an account in ${batch.other_currency}` };
  return { row, problem: `it has ${batch.wrong_postings ?? 0n} postings` };
}

async function walkAccounts(tx: Tx, institutionId: string, onProgress: (accounts: number) => void) {
  let [last, accounts, postings] = [0n, 0, 0];
  const totals = new Map<string, bigint>();
  let broken: BrokenBooks | undefined;
  for (;;) {
    const rows = await tx<AccountSumRow[]>`
      select b.account_key, b.currency, b.ledger_minor, b.held_minor, booked.*, pending.*
      from (select * from account_balances
          where institution_id = ${institutionId} and account_key > ${last} order by account_key limit ${accountsAtOnce}) b
        left join lateral (
          select count(*) as postings, coalesce(sum(amount_minor), 0)::text as booked_minor,
            min(transaction_number) filter (where balance_after_minor is distinct from running_minor) as wrong_number
          from (select amount_minor, transaction_number, balance_after_minor,
              sum(amount_minor) over (order by entry_id, transaction_number) as running_minor
            from postings where institution_id = ${institutionId} and account_key = b.account_key) run
        ) booked on true
        left join lateral (
          select coalesce(-sum(amount_minor), 0)::text as pending_minor from holds
          where institution_id = ${institutionId} and account_key = b.account_key and status = 'PENDING' and amount_minor < 0
        ) pending on true
      order by b.account_key`;
    const end = rows.at(-1);
    if (end === undefined) return { accounts, postings, totals, broken };
    last = end.account_key;
    for (const row of rows) {
      postings += Number(row.postings);
      totals.set(row.currency, (totals.get(row.currency) ?? 0n) + BigInt(row.booked_minor));
      broken ??= judgeAccount(row);
    }
    accounts += rows.length;
    onProgress(accounts);
  }
}

interface AccountSumRow {
  readonly account_key: bigint;
  readonly currency: string;
  readonly ledger_minor: bigint;
  readonly held_minor: bigint;
  readonly postings: bigint;
  /** Texts, because a sum may be larger than the largest amount. */
  readonly booked_minor: string;
  readonly wrong_number: bigint | null;
  readonly pending_minor: string;
}

function judgeAccount(row: AccountSumRow): BrokenBooks | undefined {
  const account = `account ${row.account_key}`;
  if (BigInt(row.booked_minor) !== row.ledger_minor)
    return { row: account, problem: `its balance is ${row.ledger_minor}, and its postings sum to ${row.booked_minor}` };
  if (row.wrong_number !== null)
    return { row: `posting ${row.wrong_number} of ${account}`, problem: 'its balance does not follow from the one before it' };
  if (BigInt(row.pending_minor) !== row.held_minor)
    return { row: account, problem: `${row.held_minor} is held, and its pending holds sum to ${row.pending_minor}` };
  return undefined;
}

async function sumOwnAccounts(tx: Tx, institutionId: string) {
  const rows = await tx<{ currency: string; postings: bigint; sum_minor: string }[]>`
    select e.currency, count(*) as postings, sum(p.amount_minor)::text as sum_minor
    from postings p join ledger_entries e on e.institution_id = ${institutionId} and e.entry_id = p.entry_id
    where p.institution_id = ${institutionId} and p.account_key < ${firstCustomerKey} group by e.currency`;
  return {
    postings: rows.reduce((count, row) => count + Number(row.postings), 0),
    totals: new Map(rows.map((row) => [row.currency, BigInt(row.sum_minor)])),
  };
}

function toTotals(customers: ReadonlyMap<string, bigint>, own: ReadonlyMap<string, bigint>): LedgerVerification['totals'] {
  return [...new Set([...customers.keys(), ...own.keys()])].sort().map((currency) => ({
    currency,
    customersMinor: customers.get(currency) ?? 0n,
    ownMinor: own.get(currency) ?? 0n,
  }));
}

/** Every posting was seen twice: with its entry, and with its account. Looked for only when the counts say so. */
async function findLostPosting(
  tx: Tx,
  institutionId: string,
  ofEntries: number,
  ofAccounts: number,
): Promise<BrokenBooks | undefined> {
  const [all] = await tx<{ count: bigint }[]>`select count(*) from postings where institution_id = ${institutionId}`;
  if (Number(all?.count ?? 0n) === ofEntries && ofEntries === ofAccounts) return undefined;
  const [lost] = await tx<{ account_key: bigint; transaction_number: bigint; has_entry: boolean }[]>`
    select p.account_key, p.transaction_number, e.entry_id is not null as has_entry
    from postings p
      left join ledger_entries e on e.institution_id = ${institutionId} and e.entry_id = p.entry_id
      left join account_balances b on b.institution_id = ${institutionId} and b.account_key = p.account_key
    where p.institution_id = ${institutionId}
      and (e.entry_id is null or (b.account_key is null and p.account_key >= ${firstCustomerKey}))
    order by p.account_key, p.transaction_date, p.transaction_number limit 1`;
  if (lost === undefined) return { row: 'ledger', problem: `${ofEntries} postings by entry are ${ofAccounts} by account` };
  const account = lost.account_key < firstCustomerKey ? nameOfInternal(lost.account_key) : `account ${lost.account_key}`;
  const row = `posting ${lost.transaction_number} of ${account}`;
  return { row, problem: lost.has_entry ? 'there is no such account' : 'its entry is gone' };
}

function findUnbalanced(totals: LedgerVerification['totals']): BrokenBooks | undefined {
  const wrong = totals.find(({ customersMinor, ownMinor }) => customersMinor + ownMinor !== 0n);
  if (wrong === undefined) return undefined;
  return { row: `ledger in ${wrong.currency}`, problem: `it sums to ${wrong.customersMinor + wrong.ownMinor} and not to zero` };
}
