/**
 * Times on the wire carry the numeric offset of the institution's zone (contract sheet "Conventions", section 8).
 * Intl formatters are costly to make, so one is kept for each zone.
 */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'longOffset',
  });
  formatters.set(timeZone, made);
  return made;
}

function partsOf(time: Date, timeZone: string): Record<string, string> {
  return Object.fromEntries(
    formatterOf(timeZone)
      .formatToParts(time)
      .map((part) => [part.type, part.value]),
  );
}

/** The date of the second that was asked for last, for each zone: most calls ask for today. */
const lastDates = new Map<string, { readonly second: number; readonly date: string }>();

/** `2026-06-19` in the zone. */
export function toInstitutionDate(time: Date, timeZone: string): string {
  const second = Math.floor(time.getTime() / 1000);
  const last = lastDates.get(timeZone);
  if (last?.second === second) return last.date;
  const { year, month, day } = partsOf(time, timeZone);
  const date = `${year}-${month}-${day}`;
  lastDates.set(timeZone, { second, date });
  return date;
}

/** `2026-06-19T02:21:33-07:00` in the zone; fractions of a second are cut off. */
export function toInstitutionDateTime(time: Date, timeZone: string): string {
  const { year, month, day, hour, minute, second, timeZoneName } = partsOf(time, timeZone);
  const offset = timeZoneName === 'GMT' || timeZoneName === undefined ? '+00:00' : timeZoneName.slice('GMT'.length);
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`;
}

/** `2026-06-19T02:21:33.120-07:00`: user disclosures and activities carry milliseconds. */
export function toInstitutionDateTimeMs(time: Date, timeZone: string): string {
  const dateTime = toInstitutionDateTime(time, timeZone);
  const seconds = 'yyyy-mm-ddThh:mm:ss'.length;
  return `${dateTime.slice(0, seconds)}.${time.toISOString().slice(-4, -1)}${dateTime.slice(seconds)}`;
}

/** `2011-12-31-08:00`: how V1 products write a date in the zone. */
export function toLegacyDate(time: Date, timeZone: string): string {
  const dateTime = toInstitutionDateTime(time, timeZone);
  return dateTime.slice(0, 'yyyy-mm-dd'.length) + dateTime.slice('yyyy-mm-ddThh:mm:ss'.length);
}

/** The hours that the zone is ahead of Greenwich at that time, e.g. -5 or 5.5. */
export function offsetHours(time: Date, timeZone: string): number {
  const dateTime = toInstitutionDateTime(time, timeZone);
  const offset = dateTime.slice('yyyy-mm-ddThh:mm:ss'.length);
  const [hours = '0', minutes = '0'] = offset.slice(1).split(':');
  const ahead = Number(hours) + Number(minutes) / 60;
  return offset.startsWith('-') ? -ahead : ahead;
}

const standardTimes = new Map<string, string>();

/**
 * `-5:EST`: the standard time of the zone, all the year. A text that names a row must not change with the season.
 */
export function standardTimeLabel(timeZone: string): string {
  const known = standardTimes.get(timeZone);
  if (known !== undefined) return known;
  const halves = [new Date(Date.UTC(2026, 0, 15, 12)), new Date(Date.UTC(2026, 6, 15, 12))] as const;
  const [january, july] = [offsetHours(halves[0], timeZone), offsetHours(halves[1], timeZone)];
  const time = january <= july ? halves[0] : halves[1];
  const name = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'short' })
    .formatToParts(time)
    .find(({ type }) => type === 'timeZoneName');
  const label = `${Math.min(january, july)}:${name?.value ?? timeZone}`;
  standardTimes.set(timeZone, label);
  return label;
}
