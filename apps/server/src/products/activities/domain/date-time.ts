const form = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d))?$/u;

/**
 * A date-time with an offset; seconds and fractions may be left out, and what is finer than a millisecond is cut off. A
 * date by itself is the start of the day in UTC, as an old sample has it.
 */
export function parseDateTime(text: string): Date | undefined {
  const parts = form.exec(text);
  if (parts === null) return undefined;
  const [, year = '', month = '', day = '', hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = parts;
  const offsetMinutes = offsetOf(zone);
  const isClockTime = Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
  if (offsetMinutes === undefined || !isClockTime) return undefined;
  const local = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  const isCalendarDay = new Date(local).toISOString().startsWith(`${year}-${month}-${day}`);
  if (!isCalendarDay) return undefined;
  return new Date(local + Number(fraction.padEnd(3, '0').slice(0, 3)) - offsetMinutes * 60_000);
}

function offsetOf(zone: string): number | undefined {
  if (zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
