import type { Tx } from '../../platform/db/database.ts';
import type { Core, Correction } from '../port.ts';
import { type EntryTerms, type OpenTerms, turnRound } from './undo-terms.ts';

/** One statement: the new terms, and by how much they differ from those before. */
export const saveTerms: Core['saveTerms'] = async (tx, { institutionId, accountKey, entryId, transactionDate, terms }) => {
  const { interestDueMinor, feesDueMinor, eligibleThisYearMinor, eligibleLastYearMinor, closedOn } = terms;
  await tx`
    with before as materialized (
      select * from accounts where institution_id = ${institutionId} and account_key = ${accountKey}
    ), changed as (
      update accounts a
      set interest_due_minor = coalesce(${interestDueMinor ?? null}, a.interest_due_minor),
        fees_due_minor = coalesce(${feesDueMinor ?? null}, a.fees_due_minor),
        last_principal_minor = coalesce(${terms.lastPrincipalMinor ?? null}, a.last_principal_minor),
        eligible_this_year_minor = coalesce(${eligibleThisYearMinor ?? null}, a.eligible_this_year_minor),
        eligible_last_year_minor = coalesce(${eligibleLastYearMinor ?? null}, a.eligible_last_year_minor),
        closed_on = coalesce(${closedOn ?? null}, a.closed_on)
      where a.institution_id = ${institutionId} and a.account_key = ${accountKey}
    )
    insert into entry_terms (institution_id, entry_id, account_key, interest_due_minor, fees_due_minor, eligible_minor,
      contribution_year, closed_on_before, closed_on_after)
    select ${institutionId}, ${entryId}, ${accountKey},
      coalesce(${interestDueMinor ?? null} - coalesce(interest_due_minor, 0), 0),
      coalesce(${feesDueMinor ?? null} - coalesce(fees_due_minor, 0), 0),
      coalesce(${eligibleThisYearMinor ?? null} - coalesce(eligible_this_year_minor, 0),
        ${eligibleLastYearMinor ?? null} - coalesce(eligible_last_year_minor, 0), 0),
      case when ${eligibleThisYearMinor ?? null}::bigint is not null then ${openYear(tx, institutionId, transactionDate)}
        when ${eligibleLastYearMinor ?? null}::bigint is not null then ${openYear(tx, institutionId, transactionDate)} - 1 end,
      closed_on, coalesce(${closedOn ?? null}, closed_on)
    from before`;
};

/** The year that "this year" of the accounts means: it changes when December is closed, not when the calendar does. */
function openYear(tx: Tx, institutionId: string, transactionDate: string) {
  return tx`extract(year from coalesce(
    (select closed_through + 1 from ledger_months where institution_id = ${institutionId}), ${transactionDate}::date))::integer`;
}

interface EntryTermsRow {
  readonly account_key: bigint | null;
  readonly interest_due_minor: bigint;
  readonly fees_due_minor: bigint;
  readonly eligible_minor: bigint;
  readonly contribution_year: number | null;
  readonly closed_on_before: string | null;
  readonly closed_on_after: string | null;
  readonly open_year: number;
}

/** What an entry has changed of terms, account by account. */
export async function readEntryTerms(
  tx: Tx,
  { institutionId, entryId, transactionDate }: Pick<Correction, 'institutionId' | 'entryId' | 'transactionDate'>,
): Promise<{ openYear: number; changes: readonly { accountKey: bigint; done: EntryTerms }[] }> {
  const rows = await tx<EntryTermsRow[]>`
    select t.*, open.open_year
    from (select ${openYear(tx, institutionId, transactionDate)} as open_year) open
      left join entry_terms t on t.institution_id = ${institutionId} and t.entry_id = ${entryId}
    order by t.account_key`;
  const changes = rows.flatMap((row) => {
    if (row.account_key === null) return [];
    const done = {
      interestDueMinor: row.interest_due_minor,
      feesDueMinor: row.fees_due_minor,
      eligibleMinor: row.eligible_minor,
      contributionYear: row.contribution_year ?? undefined,
      closedOnBefore: row.closed_on_before ?? undefined,
      closedOnAfter: row.closed_on_after ?? undefined,
    };
    return [{ accountKey: row.account_key, done }];
  });
  return { openYear: rows[0]?.open_year ?? 0, changes };
}

export interface UndoneTerms {
  readonly accountKey: bigint;
  /** What the entry that is undone had done. */
  readonly done: EntryTerms;
  /** What is there without it. */
  readonly terms: OpenTerms;
}

/** The terms that a correction leaves; it remembers them as its own change. */
export async function writeEntryTerms(
  tx: Tx,
  institutionId: string,
  entryId: bigint,
  { accountKey, done, terms }: UndoneTerms,
): Promise<void> {
  const own = turnRound(done);
  await tx`
    with changed as (
      update accounts set interest_due_minor = ${terms.interestDueMinor ?? null}, fees_due_minor = ${terms.feesDueMinor ?? null},
        eligible_this_year_minor = ${terms.eligibleThisYearMinor ?? null},
        eligible_last_year_minor = ${terms.eligibleLastYearMinor ?? null}, closed_on = ${terms.closedOn ?? null}
      where institution_id = ${institutionId} and account_key = ${accountKey}
    )
    insert into entry_terms (institution_id, entry_id, account_key, interest_due_minor, fees_due_minor, eligible_minor,
      contribution_year, closed_on_before, closed_on_after)
    values (${institutionId}, ${entryId}, ${accountKey}, ${own.interestDueMinor}, ${own.feesDueMinor}, ${own.eligibleMinor},
      ${own.contributionYear ?? null}, ${own.closedOnBefore ?? null}, ${own.closedOnAfter ?? null})`;
}
