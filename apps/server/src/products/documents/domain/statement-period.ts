import { addDays, laterOf } from '../../../kernel/calendar-date.ts';

/** Statements are made of calendar months and dated on the last day. */
export interface StatementPeriod {
  /** Year and month, 202605: the id of the statement within its account. */
  readonly id: string;
  readonly from: string;
  /** Date of the statement; of a month that is not over, today. */
  readonly to: string;
  /** The month is not over, or not closed: interest may be to come. Customers get the statement later. */
  readonly isPreview: boolean;
}

/** What of an account says which statements it has. */
export interface StatementAccount {
  readonly openedOn: string;
  readonly closedOn: string | undefined;
  /** The end of the last month that is closed for this account. */
  readonly lastStatementOn: string | undefined;
}

export interface StatementWindow {
  readonly today: string;
  /** First day of which images are kept. */
  readonly earliest: string;
  /** The end of the last month that is closed for all accounts. */
  readonly closedThrough: string;
}

/** The statement with this id, previews too; undefined when the account has none. */
export function findPeriod(
  id: string,
  account: StatementAccount,
  { today, earliest, closedThrough }: StatementWindow,
): StatementPeriod | undefined {
  const [, year, month] = /^(\d{4})(0[1-9]|1[0-2])$/u.exec(id) ?? [];
  if (year === undefined || month === undefined || year === '0000') return undefined;
  const period = periodOf(`${year}-${month}`, today, laterOf(closedThrough, account.lastStatementOn ?? closedThrough));
  const hasStatement =
    period.from <= today &&
    monthOf(period.from) >= monthOf(account.openedOn) &&
    (account.closedOn === undefined || monthOf(period.from) <= monthOf(account.closedOn)) &&
    period.to >= earliest;
  return hasStatement ? period : undefined;
}

/** The statements whose date is in the range, oldest first. */
export function listPeriods(
  account: StatementAccount,
  range: { readonly from: string; readonly to: string; readonly isPreviewed: boolean },
  window: StatementWindow,
): readonly StatementPeriod[] {
  const first = laterOf(laterOf(range.from, account.openedOn), window.earliest);
  const periods: StatementPeriod[] = [];
  for (
    let month = monthOf(first);
    month <= monthOf(range.to) && month <= monthOf(window.today);
    month = monthOf(lastDayOf(month), 1)
  ) {
    const period = findPeriod(month.replace('-', ''), account, window);
    const isWanted = period !== undefined && period.to >= range.from && period.to <= range.to;
    if (isWanted && (!period.isPreview || range.isPreviewed)) periods.push(period);
  }
  return periods;
}

function periodOf(month: string, today: string, closedThrough: string): StatementPeriod {
  const lastDay = lastDayOf(month);
  const isOver = lastDay < today;
  const isPreview = !isOver || lastDay > closedThrough;
  return { id: month.replace('-', ''), from: `${month}-01`, to: isOver ? lastDay : today, isPreview };
}

/** @param later Days after the date. */
function monthOf(date: string, later = 0): string {
  return addDays(date, later).slice(0, 'yyyy-mm'.length);
}

/** A month has at most 31 days, so the 32nd is in the next one. */
function lastDayOf(month: string): string {
  return addDays(`${addDays(`${month}-01`, 31).slice(0, 'yyyy-mm'.length)}-01`, -1);
}

const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

export function describePeriod({ id, isPreview }: StatementPeriod): string {
  const text = `Statement for ${monthNames[Number(id.slice(4)) - 1]} ${id.slice(0, 4)}`;
  return isPreview ? `${text} (preview)` : text;
}
