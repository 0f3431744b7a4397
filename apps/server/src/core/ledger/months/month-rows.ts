import type { Sql, Tx } from '../../../platform/db/database.ts';
import { internalAccountKeys } from '../internal-accounts.ts';
import { isYearEnd } from './month-ends.ts';

/** How far an institution has come. */
export interface MonthProgress {
  readonly closedThrough: string;
  readonly doneAccountKey: bigint;
}

export async function findProgress(sql: Sql | Tx, institutionId: string): Promise<MonthProgress | undefined> {
  const [row] = await sql<ProgressRow[]>`
    select closed_through, done_account_key from ledger_months where institution_id = ${institutionId}`;
  return row === undefined ? undefined : fromRow(row);
}

/** @returns Where the institution stands: there, or where somebody else has begun. */
export async function beginProgress(sql: Sql, institutionId: string, begin: MonthProgress): Promise<MonthProgress> {
  await sql`
    insert into ledger_months (institution_id, closed_through) values (${institutionId}, ${begin.closedThrough})
    on conflict (institution_id) do nothing`;
  return (await findProgress(sql, institutionId)) ?? begin;
}

/** Nobody closes accounts before the transaction ends; others may read and hold it too. */
export async function holdProgress(tx: Tx, institutionId: string): Promise<MonthProgress | undefined> {
  const [row] = await tx<ProgressRow[]>`
    select closed_through, done_account_key from ledger_months where institution_id = ${institutionId} for share`;
  return row === undefined ? undefined : fromRow(row);
}

/** Locked until the transaction ends, so that of several processes one goes on. */
export async function lockProgress(tx: Tx, institutionId: string, beginsAfter: string): Promise<MonthProgress> {
  await tx`
    insert into ledger_months (institution_id, closed_through) values (${institutionId}, ${beginsAfter})
    on conflict (institution_id) do nothing`;
  const [row] = await tx<ProgressRow[]>`
    select closed_through, done_account_key from ledger_months where institution_id = ${institutionId} for update`;
  if (row === undefined) throw new Error(`Institution ${institutionId} has no row of months.`);
  return fromRow(row);
}

interface ProgressRow {
  readonly closed_through: string;
  readonly done_account_key: bigint;
}

function fromRow(row: ProgressRow): MonthProgress {
  return { closedThrough: row.closed_through, doneAccountKey: row.done_account_key };
}

export async function saveProgress(tx: Tx, institutionId: string, progress: MonthProgress): Promise<void> {
  await tx`
    update ledger_months set closed_through = ${progress.closedThrough}, done_account_key = ${progress.doneAccountKey}
    where institution_id = ${institutionId}`;
}

/**
 * The next accounts that were open in the month, their balances locked in the order of keys like everybody's. One that was
 * closed since, or in the month, has its last statement to come.
 */
export async function lockAccountsOfMonth(
  tx: Tx,
  institutionId: string,
  { closedThrough, doneAccountKey }: MonthProgress,
  monthEnd: string,
  limit: number,
): Promise<readonly bigint[]> {
  const rows = await tx<{ account_key: bigint }[]>`
    select b.account_key from account_balances b
      join accounts a on a.institution_id = ${institutionId} and a.account_key = b.account_key
    where b.institution_id = ${institutionId} and b.account_key > ${doneAccountKey} and a.opened_on <= ${monthEnd}
      and (a.closed_on is null or a.closed_on > ${closedThrough})
    order by b.account_key limit ${limit} for no key update of b`;
  return rows.map(({ account_key }) => account_key);
}

export interface MonthBatch {
  readonly institutionId: string;
  readonly monthEnd: string;
  readonly bookedAt: Date;
  readonly accountKeys: readonly bigint[];
}

/**
 * Interest, statement, due dates and, at the end of December, the new year of many accounts, by one statement. A twelfth
 * of the yearly rate is earned on what is there at the end of the month, or charged on what is owed; a card charges only
 * for what was left of its last statement. An account that is closed meanwhile takes no entry more: it gets its statement.
 */
export async function closeMonthOf(tx: Tx, { institutionId, monthEnd, bookedAt, accountKeys }: MonthBatch): Promise<void> {
  const keys = tx`any(${accountKeys.map(String)}::bigint[])`;
  const ofAccount = tx`p.institution_id = ${institutionId} and p.account_key = a.account_key`;
  await tx`
    with seen as materialized (
      select a.account_key, a.account_type, a.category, a.closed_on is not null as is_closed,
        coalesce(a.interest_rate, 0) as rate, b.currency, b.ledger_minor,
        coalesce(a.last_statement_minor, 0) as statement_minor,
        b.ledger_minor - (select coalesce(sum(p.amount_minor), 0) from postings p
          where ${ofAccount} and p.transaction_date > ${monthEnd}::date)::bigint as then_minor,
        (select coalesce(sum(p.amount_minor), 0) from postings p
          where ${ofAccount} and p.transaction_date > date_trunc('month', ${monthEnd}::date)::date - 1
            and p.transaction_date <= ${monthEnd}::date and p.transaction_type in ('PAYMENT', 'PAYMENT_CREDIT_CARD'))::bigint as paid_minor
      from accounts a join account_balances b on b.institution_id = ${institutionId} and b.account_key = a.account_key
      where a.institution_id = ${institutionId} and a.account_key = ${keys}
    ), due as materialized (
      select seen.*, (case
        when is_closed then 0
        when category in ('DEPOSIT', 'INVESTMENT') then round(greatest(then_minor, 0) * rate / 1200)
        when account_type = 'CREDIT_CARD_LOAN'
          then -round(greatest(least(-then_minor, -statement_minor - paid_minor), 0) * rate / 1200)
        else -round(greatest(-then_minor, 0) * rate / 1200) end)::bigint as interest_minor
      from seen
    ), charged as materialized (
      select due.*, nextval('ledger_numbers') as entry_id from due where interest_minor <> 0 order by account_key
    ), entries as (
      insert into ledger_entries (institution_id, entry_id, kind, currency, booked_at)
      select ${institutionId}, entry_id, 'interest', currency, ${bookedAt} from charged
    ), remembered as (
      insert into entry_terms (institution_id, entry_id, account_key, interest_due_minor)
      select ${institutionId}, entry_id, account_key, -interest_minor from charged
      where interest_minor < 0 and account_type <> 'CREDIT_CARD_LOAN'
    ), changed as (
      update account_balances b set ledger_minor = b.ledger_minor + c.interest_minor
      from charged c where b.institution_id = ${institutionId} and b.account_key = c.account_key
    ), booked as (
      insert into postings (institution_id, account_key, transaction_date, entry_id, amount_minor, balance_after_minor,
        effective_date, transaction_type, description)
      select ${institutionId}, side.account_key, ${monthEnd}, c.entry_id, side.amount_minor, side.balance_after_minor, ${monthEnd},
        case when c.interest_minor > 0 then 'INTEREST_POSTING' when c.account_type = 'CREDIT_CARD_LOAN' then 'INTEREST_CHARGE'
          else 'INTEREST_CHARGE_NORMAL' end,
        case when c.interest_minor > 0 then 'Interest paid' else 'Interest charge' end
      from charged c cross join lateral (values
        (c.account_key, c.interest_minor, c.ledger_minor + c.interest_minor),
        (${internalAccountKeys.interest}::bigint, -c.interest_minor, null)) as side (account_key, amount_minor, balance_after_minor)
    )
    update accounts a set
      last_statement_on = ${monthEnd},
      last_statement_minor = d.then_minor + d.interest_minor,
      interest_year_minor = case when ${isYearEnd(monthEnd)} then 0 else coalesce(a.interest_year_minor, 0) + abs(d.interest_minor) end,
      interest_last_year_minor = case when ${isYearEnd(monthEnd)} then coalesce(a.interest_year_minor, 0) + abs(d.interest_minor)
        else a.interest_last_year_minor end,
      eligible_last_year_minor = case when ${isYearEnd(monthEnd)} then a.eligible_this_year_minor else a.eligible_last_year_minor end,
      eligible_this_year_minor = case when ${isYearEnd(monthEnd)} and a.eligible_this_year_minor is not null
        then a.maximum_last_year_minor else a.eligible_this_year_minor end,
      interest_due_minor = case when d.interest_minor < 0 and d.account_type <> 'CREDIT_CARD_LOAN'
        then coalesce(a.interest_due_minor, 0) - d.interest_minor else a.interest_due_minor end,
      minimum_payment_minor = case when d.account_type = 'CREDIT_CARD_LOAN' and not d.is_closed then owed.least_minor
        else a.minimum_payment_minor end,
      next_payment_minor = case when d.account_type = 'CREDIT_CARD_LOAN' and not d.is_closed then owed.least_minor
        else a.next_payment_minor end,
      principal_past_due_on = case when d.is_closed then a.principal_past_due_on when d.paid_minor > 0 then null
        when a.next_payment_on <= ${monthEnd}::date and a.next_payment_minor > 0 and d.then_minor < 0 then coalesce(a.principal_past_due_on, a.next_payment_on)
        else a.principal_past_due_on end,
      next_payment_on = case when d.is_closed then a.next_payment_on
        when d.account_type = 'CREDIT_CARD_LOAN' then ${monthEnd}::date + 25
        when a.next_payment_on <= ${monthEnd}::date then (a.next_payment_on + make_interval(months => (
          12 * (extract(year from ${monthEnd}::date + 1) - extract(year from a.next_payment_on))
          + extract(month from ${monthEnd}::date + 1) - extract(month from a.next_payment_on))::integer))::date
        else a.next_payment_on end
    from due d cross join lateral (
      select least(owed_minor, greatest(2500, (owed_minor + 49) / 50)) as least_minor
      from (values (greatest(-(d.then_minor + d.interest_minor), 0))) as statement (owed_minor)) as owed
    where a.institution_id = ${institutionId} and a.account_key = d.account_key`;
}
