import { addDays, laterOf, parseCalendarDate } from '../../../kernel/calendar-date.ts';
import { accept, type Result, refuse } from '../../../kernel/result.ts';

export interface RangeQuery {
  readonly startDate?: string | undefined;
  readonly endDate?: string | undefined;
  readonly isFuture: boolean;
}

export interface RangeSettings {
  readonly rangeDays: number;
  readonly futureDays: number;
  readonly nearFutureDays: number;
}

export interface DateRange {
  readonly from: string;
  readonly to: string;
}

/**
 * The days whose transactions are answered, both inclusive (contract sheet "Transactions", section 3). A request for
 * future transactions ends where the institution says, and its end date is not even looked at.
 *
 * @param today In the time zone of the institution.
 */
export function decideRange(query: RangeQuery, today: string, settings: RangeSettings): Result<DateRange, 'dateInvalid'> {
  const start = query.startDate === undefined ? undefined : parseCalendarDate(query.startDate);
  if (query.startDate !== undefined && start === undefined) return refuse('dateInvalid');
  if (query.isFuture) {
    const to = addDays(today, settings.futureDays);
    return orderedRange(start ?? addDays(today, -settings.rangeDays), to);
  }
  const end = query.endDate === undefined ? undefined : parseCalendarDate(query.endDate);
  if (query.endDate !== undefined && end === undefined) return refuse('dateInvalid');
  const nearFuture = addDays(today, settings.nearFutureDays);
  if (start === undefined) {
    const to = end ?? nearFuture;
    return orderedRange(addDays(to, -settings.rangeDays), to);
  }
  return orderedRange(start, end ?? laterOf(start, nearFuture));
}

function orderedRange(from: string, to: string): Result<DateRange, 'dateInvalid'> {
  return from > to ? refuse('dateInvalid') : accept({ from, to });
}
