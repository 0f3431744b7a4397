import { toInstitutionDateTime } from '../../../kernel/institution-time.ts';
import { accept, type Result, refuse } from '../../../kernel/result.ts';

export interface HistoryWindow {
  readonly from: Date;
  /** Not included. */
  readonly until: Date;
}

const dayMs = 86_400_000;
const usualDays = 90;
const dayShape = /^(\d{4})-(\d{2})-(\d{2})$/u;
const timeShape = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?$/u;

/** Days are those of the institution, both ends inside (contract sheet "Alerts", section 4.6). */
export function readHistoryWindow(
  startDate: string | undefined,
  endDate: string | undefined,
  now: Date,
  timeZone: string,
): Result<HistoryWindow, 'dateInvalid'> {
  const end = endDate === undefined || endDate === '' ? undefined : readEdge(endDate, timeZone, 'end');
  if (end === null) return refuse('dateInvalid');
  // What happens in this moment is inside.
  const until = end ?? new Date(now.getTime() + dayMs);
  const start = startDate === undefined || startDate === '' ? undefined : readEdge(startDate, timeZone, 'start');
  if (start === null) return refuse('dateInvalid');
  const from = start ?? new Date((end ?? now).getTime() - usualDays * dayMs);
  return from >= until ? refuse('dateInvalid') : accept({ from, until });
}

/** @returns null for what is no date. */
function readEdge(text: string, timeZone: string, edge: 'start' | 'end'): Date | null {
  const [, year = '', month = '', day = ''] = dayShape.exec(text) ?? [];
  if (year !== '') {
    const noon = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day) + (edge === 'end' ? 1 : 0)));
    const plain = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
    if (plain.toISOString().slice(0, 10) !== text) return null;
    return midnight(noon.toISOString().slice(0, 10), timeZone);
  }
  if (!timeShape.test(text)) return null;
  const time = /(?:Z|[+-]\d{2}:?\d{2})$/u.test(text) ? Date.parse(text) : localTime(text, timeZone).getTime();
  if (Number.isNaN(time)) return null;
  // The end is inside too.
  return new Date(edge === 'end' ? time + 1 : time);
}

function midnight(day: string, timeZone: string): Date {
  return localTime(`${day}T00:00:00`, timeZone);
}

/** A wall-clock time of the zone; the offset there is asked twice, because the first guess may lie across a change. */
function localTime(text: string, timeZone: string): Date {
  const asUtc = Date.parse(`${text}Z`);
  if (Number.isNaN(asUtc)) return new Date(Number.NaN);
  const first = asUtc - offsetMs(new Date(asUtc), timeZone);
  return new Date(asUtc - offsetMs(new Date(first), timeZone));
}

function offsetMs(time: Date, timeZone: string): number {
  const local = toInstitutionDateTime(time, timeZone);
  return Date.parse(`${local.slice(0, 19)}Z`) - Math.floor(time.getTime() / 1000) * 1000;
}
