/** Days as numbers since 1970-01-01, for plans that count on them. Pure: no time zone, no clock. */
export type Day = number;

const dayMs = 86_400_000;

export function toDay(date: string): Day {
  return Date.parse(`${date}T00:00:00Z`) / dayMs;
}

/** YYYY-MM-DD. */
export function fromDay(day: Day): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

export interface DayParts {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly dayOfMonth: number;
  readonly isLastOfMonth: boolean;
  /** Monday is 1, Sunday 7. */
  readonly weekday: number;
}

export function partsOfDay(day: Day): DayParts {
  const date = new Date(day * dayMs);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    dayOfMonth: date.getUTCDate(),
    isLastOfMonth: new Date((day + 1) * dayMs).getUTCDate() === 1,
    weekday: date.getUTCDay() === 0 ? 7 : date.getUTCDay(),
  };
}

/** The same day of the month, so many years ago; 29 February is then the 28th. */
export function yearsBefore(day: Day, years: number): Day {
  const { year, month, dayOfMonth } = partsOfDay(day);
  const last = new Date(Date.UTC(year - years, month, 0)).getUTCDate();
  return Date.UTC(year - years, month - 1, Math.min(dayOfMonth, last)) / dayMs;
}

/** The first day after `day` that bears this number in its month. */
export function nextDayOfMonth(day: Day, dayOfMonth: number): Day {
  let next = day + 1;
  while (partsOfDay(next).dayOfMonth !== dayOfMonth) next += 1;
  return next;
}

/** The last day of a month that is over at the end of `day`. */
export function lastMonthEnd(day: Day): Day {
  let end = day;
  while (!partsOfDay(end).isLastOfMonth) end -= 1;
  return end;
}
