import type { Tx } from '../../../platform/db/database.ts';
import { type ExportRequest, rowsAtOnce } from './export-request.ts';

/** One account over a range of dates, with what it held before and at the end of it. */
export interface Statement {
  readonly account: StatementAccount;
  readonly from: string;
  readonly to: string;
  readonly openingMinor: bigint;
  readonly closingMinor: bigint;
}

export interface StatementAccount {
  readonly account_key: bigint;
  readonly account_number: string;
  readonly account_type: string;
  readonly category: string;
  readonly currency: string;
  readonly routing_number: string | null;
  readonly opened_on: string;
}

export interface StatementLine {
  readonly transaction_date: string;
  readonly effective_date: string;
  readonly transaction_number: bigint;
  readonly amount_minor: bigint;
  readonly transaction_type: string;
  readonly description: string | null;
  readonly memo: string | null;
  readonly check_number: string | null;
}

/** Accounts are fetched by so many, so that lines can be read while accounts are left. */
const accountsAtOnce = 200;

/** Visits the accounts in the order of their keys, one after the other. */
export async function eachStatement(
  tx: Tx,
  request: ExportRequest,
  isWanted: (account: StatementAccount) => boolean,
  visit: (statement: Statement) => Promise<void>,
): Promise<void> {
  let last = 0n;
  for (;;) {
    const accounts = await tx<(StatementAccount & { opening_minor: string; closing_minor: string; first_on: string | null })[]>`
      select a.account_key, a.account_number, a.account_type, a.category, a.currency, a.routing_number, a.opened_on, sums.*
      from (select * from accounts where institution_id = ${request.institutionId} and account_key > ${last}
          and account_key = coalesce(${request.accountKey ?? null}, account_key) order by account_key limit ${accountsAtOnce}) a
        left join lateral (
          select coalesce(sum(amount_minor) filter (where transaction_date < ${request.from ?? '-infinity'}), 0)::text as opening_minor,
            coalesce(sum(amount_minor), 0)::text as closing_minor, min(transaction_date) as first_on
          from postings where institution_id = ${request.institutionId} and account_key = a.account_key
            and transaction_date <= ${request.to ?? 'infinity'}
        ) sums on true
      order by a.account_key`;
    for (const { opening_minor: opening, closing_minor: closing, first_on: firstOn, ...account } of accounts.filter(isWanted)) {
      const to = request.to ?? request.today;
      const from = request.from ?? earlier(firstOn ?? account.opened_on, to);
      await visit({ account, from, to, openingMinor: BigInt(opening), closingMinor: BigInt(closing) });
    }
    const end = accounts.at(-1);
    if (end === undefined) return;
    last = end.account_key;
  }
}

/** Dates as texts are in the order of time. */
function earlier(one: string, other: string): string {
  return one < other ? one : other;
}

/** The lines of an account in the order of their dates, some at a time. */
export async function eachLines(
  tx: Tx,
  { institutionId, from, to }: ExportRequest,
  accountKey: bigint,
  visit: (lines: readonly StatementLine[]) => Promise<void>,
): Promise<void> {
  await tx<StatementLine[]>`
    select transaction_date, effective_date, transaction_number, amount_minor, transaction_type, description, memo, check_number
    from postings where institution_id = ${institutionId} and account_key = ${accountKey}
      and transaction_date between ${from ?? '-infinity'} and ${to ?? 'infinity'}
    order by transaction_date, transaction_number`.cursor(rowsAtOnce, visit);
}
