/** Calendar dates are texts `YYYY-MM-DD`, which compare like the days they name. No time zone has a part in them. */

const form = /^\d{4}-\d{2}-\d{2}$/u;
const dayMs = 86_400_000;

/** The date; undefined for another form and for a day that no calendar has. Years begin with 0001. */
export function parseCalendarDate(text: string): string | undefined {
  if (!form.test(text) || text.startsWith('0000')) return undefined;
  const midnight = Date.parse(`${text}T00:00:00Z`);
  // The parser may take the 31st of a shorter month for the 1st of the next one.
  return Number.isNaN(midnight) || toDate(midnight) !== text ? undefined : text;
}

const firstDate = '0001-01-01';
const lastDate = '9999-12-31';

/** That many days later, earlier when negative; never beyond the years 0001 to 9999. */
export function addDays(date: string, days: number): string {
  const moved = Date.parse(`${date}T00:00:00Z`) + days * dayMs;
  if (moved < Date.parse(`${firstDate}T00:00:00Z`)) return firstDate;
  return moved > Date.parse(`${lastDate}T00:00:00Z`) ? lastDate : toDate(moved);
}

/** The last day of the month before the one of the date. */
export function endOfMonthBefore(date: string): string {
  return addDays(`${date.slice(0, 'yyyy-mm'.length)}-01`, -1);
}

export function laterOf(one: string, other: string): string {
  return one > other ? one : other;
}

export function earlierOf(one: string, other: string): string {
  return one < other ? one : other;
}

function toDate(midnight: number): string {
  return new Date(midnight).toISOString().slice(0, 'yyyy-mm-dd'.length);
}
