const isoTime = /^(\d{4})-(\d{2})-(\d{2})T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/u;

/**
 * When a user decided: ISO 8601 with an offset, or ten digits of epoch seconds (DI-9); `now` when nothing is said.
 * @returns undefined when it is no time, or one to come.
 */
export function parseDecisionTime(text: string | undefined, now: Date): Date | undefined {
  if (text === undefined) return now;
  const time = /^\d{10}$/u.test(text) ? new Date(Number(text) * 1000) : parseIsoTime(text);
  return time !== undefined && time.getTime() <= now.getTime() ? time : undefined;
}

function parseIsoTime(text: string): Date | undefined {
  const [, year, month, day] = isoTime.exec(text) ?? [];
  const time = Date.parse(text);
  if (year === undefined || Number.isNaN(time)) return undefined;
  // 30 February would be taken for a day of March.
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() + 1 === Number(month) && date.getUTCDate() === Number(day) ? new Date(time) : undefined;
}
