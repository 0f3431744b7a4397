import type { Statement, StatementRow } from './statement-paper.ts';
import type { StatementPeriod } from './statement-period.ts';

/** What stands on every statement of an account. */
export type StatementHead = Pick<
  Statement,
  'institutionName' | 'ownerNames' | 'accountDescription' | 'accountNumber' | 'currency' | 'isOwed'
>;

/** Everything booked from the first day of the first period on, oldest first. */
export interface Booked {
  readonly openingMinor: bigint;
  readonly rows: readonly StatementRow[];
}

/** Cuts what was booked into statements, each of which opens where the one before it closed. Periods come oldest first. */
export function toStatements(head: StatementHead, periods: readonly StatementPeriod[], booked: Booked): readonly Statement[] {
  let openingMinor = booked.openingMinor;
  let next = 0;
  return periods.map(({ from, to, isPreview }) => {
    for (let row = booked.rows[next]; row !== undefined && row.date < from; row = booked.rows[next]) {
      openingMinor += row.amountMinor;
      next += 1;
    }
    const start = next;
    const opening = openingMinor;
    for (let row = booked.rows[next]; row !== undefined && row.date <= to; row = booked.rows[next]) {
      openingMinor += row.amountMinor;
      next += 1;
    }
    const rows = booked.rows.slice(start, next);
    // The same statement must be the same file whenever it is made.
    return { ...head, from, to, openingMinor: opening, rows, madeAt: new Date(`${to}T12:00:00Z`), isPreview };
  });
}
