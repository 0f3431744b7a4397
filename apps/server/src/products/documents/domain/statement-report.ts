import { parseCalendarDate } from '../../../kernel/calendar-date.ts';
import { startOfInstitutionDay } from '../../../kernel/institution-time.ts';
import { accept, type Result, refuse } from '../../../kernel/result.ts';

/** What a report on e-statements is asked about (contract sheet "Disclosures and e-statements", section 5). */
export interface ReportRequest {
  /** 32 lower hex; every retail customer when absent. */
  readonly customerId: string | undefined;
  /** In capitals. */
  readonly accountType: string | undefined;
  readonly range: ReportRange | undefined;
  readonly limit: number;
  readonly offset: number;
}

export interface ReportRange {
  readonly from: Date;
  /** Not included. */
  readonly before: Date;
}

export type ReportRefusal =
  | 'inputMissing'
  | 'requestInvalid'
  | 'dateFormat'
  | 'fromAfterTo'
  | 'fromEqualsTo'
  | 'spanOver90Days'
  | 'customerNotFound';

export interface ReportRules {
  readonly accountTypes: readonly string[];
  /** True: a report without a customer is about all of them. */
  readonly reportsAll: boolean;
  readonly timeZone: string;
}

const dayMs = 86_400_000;
const longestSpanMs = 90 * dayMs;
const [mostRecords, usualRecords] = [1000, 100];
/** No institution has more records than this. */
const farthest = 1_000_000_000;

/** @param body As it was sent; nothing of it has been looked at. */
export function decideReport(body: object, rules: ReportRules): Result<ReportRequest, ReportRefusal> {
  const member = (name: string): unknown => Reflect.get(body, name) ?? undefined;
  const customerId = member('customerId');
  if (customerId === undefined && !rules.reportsAll) return refuse('inputMissing');
  if (customerId !== undefined && typeof customerId !== 'string') return refuse('requestInvalid');
  const range = decideRange(member('fromDate'), member('toDate'), rules.timeZone);
  if (!range.ok) return range;
  const accountType = decideAccountType(member('accountType'), rules.accountTypes);
  if (!accountType.ok) return accountType;
  const limit = wholeNumber(member('limit'), usualRecords);
  const offset = wholeNumber(member('offset'), 0);
  if (limit === undefined || limit < 1 || limit > mostRecords || offset === undefined) return refuse('requestInvalid');
  const id = customerId?.replaceAll('-', '').toLowerCase();
  if (id !== undefined && !/^[0-9a-f]{32}$/u.test(id)) return refuse(id.trim() === '' ? 'inputMissing' : 'customerNotFound');
  return accept({ customerId: id, accountType: accountType.value, range: range.value, limit, offset });
}

function decideAccountType(sent: unknown, known: readonly string[]): Result<string | undefined, 'requestInvalid'> {
  if (sent === undefined) return accept(undefined);
  const type = typeof sent === 'string' ? sent.toUpperCase() : '';
  return known.includes(type) ? accept(type) : refuse('requestInvalid');
}

type RangeRefusal = 'requestInvalid' | 'dateFormat' | 'fromAfterTo' | 'fromEqualsTo' | 'spanOver90Days';

function decideRange(from: unknown, to: unknown, timeZone: string): Result<ReportRange | undefined, RangeRefusal> {
  if (from === undefined && to === undefined) return accept(undefined);
  if (from === undefined || to === undefined) return refuse('requestInvalid');
  const [first, last] = [parseReportDate(from, timeZone), parseReportDate(to, timeZone)];
  if (first === undefined || last === undefined) return refuse('dateFormat');
  if (first.countedAt > last.countedAt) return refuse('fromAfterTo');
  if (first.countedAt === last.countedAt) return refuse('fromEqualsTo');
  if (last.countedAt - first.countedAt > longestSpanMs) return refuse('spanOver90Days');
  return accept({ from: first.startsAt, before: last.endsAt });
}

interface ReportDate {
  /** By which two dates are compared: whole days have no time zone in it. */
  readonly countedAt: number;
  readonly startsAt: Date;
  readonly endsAt: Date;
}

const dayForm = /^(\d{2})-(\d{2})-(\d{4})$/u;
const timeForm = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2}):(\d{2})(?:Z|[+-](\d{2}):(\d{2}))$/u;

/** A day of the institution, or a point in time. */
function parseReportDate(sent: unknown, timeZone: string): ReportDate | undefined {
  if (typeof sent !== 'string') return undefined;
  const [, day, month, year] = dayForm.exec(sent) ?? [];
  const date = parseCalendarDate(`${year}-${month}-${day}`);
  if (date !== undefined) {
    const countedAt = Date.parse(`${date}T00:00:00Z`);
    const next = new Date(countedAt + dayMs).toISOString().slice(0, 10);
    return { countedAt, startsAt: startOfInstitutionDay(date, timeZone), endsAt: startOfInstitutionDay(next, timeZone) };
  }
  const [, ofTime] = timeForm.exec(sent) ?? [];
  const time = ofTime === undefined || parseCalendarDate(ofTime) === undefined ? Number.NaN : Date.parse(sent);
  if (Number.isNaN(time)) return undefined;
  return { countedAt: time, startsAt: new Date(time), endsAt: new Date(time + 1000) };
}

/** Digits in a text are a number too. */
function wholeNumber(sent: unknown, otherwise: number): number | undefined {
  if (sent === undefined) return otherwise;
  const value = typeof sent === 'string' && /^\d{1,10}$/u.test(sent) ? Number(sent) : sent;
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= farthest ? value : undefined;
}

/** The last 90 days, which a report about everybody covers by itself. */
export function lastDays(now: Date): ReportRange {
  return { from: new Date(now.getTime() - longestSpanMs), before: new Date(now.getTime() + 1) };
}
