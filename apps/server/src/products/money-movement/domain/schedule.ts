/**
 * When a scheduled transfer runs (contract sheet "Money movement", section 8.5). A plan is a rule from which every
 * execution follows by its number, so that nothing has to be remembered but how many lie behind. Days are counted from
 * 1970-01-01; no clock and no time zone has a part in it.
 */
export interface Plan {
  readonly frequency: Frequency;
  readonly lifeType: LifeType;
  /** The first execution is on the first matching day that is not before this one. YYYY-MM-DD. */
  readonly startsOn: string;
  /** Inclusive; of ENDDATE. */
  readonly endsOn: string | undefined;
  /** Of NUMBEROFEXECUTIONS. */
  readonly numberOfExecutions: number | undefined;
  /** Of the weekly family; 1 is Monday. */
  readonly dayOfWeek: number | undefined;
  /** Of the monthly family, in rising order; a day that a month does not have is its last. */
  readonly daysOfMonth: readonly number[];
}

export const frequencies = [
  'ONETIME',
  'DAILY',
  'WEEKLY',
  'BIWEEKLY',
  'EVERY4WEEKS',
  'EVERY8WEEKS',
  'TWICEMONTHLY',
  'MONTHLY',
  'QUARTERLY',
  'SEMIANNUALLY',
  'ANNUALLY',
] as const;
export type Frequency = (typeof frequencies)[number];

export const lifeTypes = ['ENDDATE', 'NOENDDATE', 'NUMBEROFEXECUTIONS'] as const;
export type LifeType = (typeof lifeTypes)[number];

type Step = { readonly days: number } | { readonly months: number };

const steps: Readonly<Record<Frequency, Step>> = {
  ONETIME: { days: 1 },
  DAILY: { days: 1 },
  WEEKLY: { days: 7 },
  BIWEEKLY: { days: 14 },
  EVERY4WEEKS: { days: 28 },
  EVERY8WEEKS: { days: 56 },
  TWICEMONTHLY: { months: 1 },
  MONTHLY: { months: 1 },
  QUARTERLY: { months: 3 },
  SEMIANNUALLY: { months: 6 },
  ANNUALLY: { months: 12 },
};

export type DayField = 'none' | 'week' | 'month';

/** Which kind of day a frequency needs. */
export function dayFieldOf(frequency: Frequency): DayField {
  if (frequency === 'ONETIME' || frequency === 'DAILY') return 'none';
  return 'days' in steps[frequency] ? 'week' : 'month';
}

export interface Outlook {
  /** Undefined when there is nothing more to do. */
  readonly nextOn: string | undefined;
  /** Undefined where there is no end. */
  readonly finalOn: string | undefined;
  readonly remaining: number | undefined;
}

/** What lies ahead once so many executions lie behind. */
export function lookAhead(plan: Plan, executed: number): Outlook {
  const count = countExecutions(plan);
  if (count !== undefined && executed >= count) return { nextOn: undefined, finalOn: undefined, remaining: 0 };
  const next = executionDay(plan, executed);
  return {
    nextOn: next > lastDay ? undefined : toDate(next),
    finalOn: count === undefined ? undefined : toDate(Math.min(executionDay(plan, count - 1), lastDay)),
    remaining: count === undefined ? undefined : count - executed,
  };
}

/** How many executions there are from first to last; undefined without an end. */
export function countExecutions(plan: Plan): number | undefined {
  if (plan.frequency === 'ONETIME') return 1;
  if (plan.lifeType === 'NUMBEROFEXECUTIONS') return plan.numberOfExecutions;
  return plan.lifeType === 'ENDDATE' && plan.endsOn !== undefined ? countUntil(plan, fromDate(plan.endsOn)) : undefined;
}

/** Executions are in rising order, so the last one that is not too late is found by halving. */
function countUntil(plan: Plan, end: number): number {
  let [fits, tooMany] = [0, Math.max(end - fromDate(plan.startsOn), 0) + 2];
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (executionDay(plan, middle - 1) <= end) fits = middle;
    else tooMany = middle;
  }
  return fits;
}

function executionDay(plan: Plan, index: number): number {
  const start = fromDate(plan.startsOn);
  const step = steps[plan.frequency];
  if ('months' in step) return dayOfMonths(plan.daysOfMonth, step.months, start, index);
  const wait = plan.dayOfWeek === undefined ? 0 : modulo(plan.dayOfWeek - 1 - weekdayOf(start), 7);
  return start + wait + step.days * index;
}

function dayOfMonths(daysOfMonth: readonly number[], months: number, start: number, index: number): number {
  const first = monthOf(start);
  const missed = daysIn(first, daysOfMonth).filter((day) => day < start).length;
  if (daysOfMonth.length > 1) {
    const place = index + missed;
    return daysIn(first + Math.floor(place / 2), daysOfMonth)[place % 2] ?? start;
  }
  return daysIn(first + missed + months * index, daysOfMonth)[0] ?? start;
}

/** The days of a plan in one month. Two that a short month makes one: the lower moves a day earlier. */
function daysIn(month: number, daysOfMonth: readonly number[]): number[] {
  const begins = firstDayOf(month);
  const length = firstDayOf(month + 1) - begins;
  const [low = 1, high] = daysOfMonth.map((day) => Math.min(day, length));
  if (high === undefined) return [begins + low - 1];
  return [begins + (low === high ? low - 1 : low) - 1, begins + high - 1];
}

/** The next day on which banks are open: neither at a weekend nor a holiday. */
export function toBusinessDay(date: string, holidays: readonly string[]): string {
  let day = fromDate(date);
  for (let moved = 0; moved < longestClosure; moved += 1, day += 1)
    if (weekdayOf(day) < 5 && !holidays.includes(toDate(day))) return toDate(day);
  return date;
}

const longestClosure = 31;
const dayMs = 86_400_000;
const lastDay = Date.UTC(9999, 11, 31) / dayMs;

function fromDate(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / dayMs;
}

function toDate(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 'yyyy-mm-dd'.length);
}

/** 0 is Monday; the first of January 1970 was a Thursday. */
function weekdayOf(day: number): number {
  return modulo(day + 3, 7);
}

/** Months since the year 0. */
function monthOf(day: number): number {
  const date = new Date(day * dayMs);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

function firstDayOf(month: number): number {
  return Date.UTC(Math.floor(month / 12), month % 12, 1) / dayMs;
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
