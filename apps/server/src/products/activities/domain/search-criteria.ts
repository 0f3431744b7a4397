import { accept, type Result, refuse } from '../../../kernel/result.ts';
import { parseDateTime } from './date-time.ts';
import { type FilterRefusal, parseFilter, type SearchFilter, toAttribute } from './search-filter.ts';

/** What a search looks for (contract sheet "Transactions and Banking Activities", section 10). */
export interface SearchCriteria {
  /** Both are inclusive, to the millisecond. */
  readonly startTime: Date;
  readonly endTime: Date;
  /** No event id is every event. */
  readonly eventIds: readonly string[];
  readonly eventType: 'user' | 'system';
  readonly userType: 'retail' | 'business' | undefined;
  readonly userProduct: string | undefined;
  readonly user: { readonly idType: 'loginId' | 'memberId'; readonly id: string } | undefined;
  readonly companyId: string | undefined;
  /** Lower case; none is every attribute. */
  readonly requestedAttributes: readonly string[];
  readonly filter: SearchFilter | undefined;
}

export interface SearchRequest {
  readonly criteria: SearchCriteria;
  /** 1 to 1000; undefined when nothing was said. */
  readonly pageSize: number | undefined;
  readonly pageToken: string | undefined;
}

export type CriteriaRefusal =
  | FilterRefusal
  | 'windowReversed'
  | 'eventTypeInvalid'
  | 'userTypeInvalid'
  | 'userIdTypeInvalid'
  | 'userIdTypeMissing';

export const largestPage = 1000;
const mostListed = 100;
const longestText = 256;
const dayMs = 86_400_000;

const printableAscii = /^[\x20-\x7e]*$/u;

const texts = ['eventType', 'userType', 'userProduct', 'userId', 'userIdType', 'companyId', 'nextPageToken'] as const;
const lists = ['eventIds', 'requestedAttributes'] as const;
type Texts = Readonly<Record<(typeof texts)[number], string | undefined>>;
type Lists = Readonly<Record<(typeof lists)[number], readonly string[]>>;

/** @param body A JSON object, as it came. */
export function parseSearch(
  body: object,
  { refusesNegative }: { readonly refusesNegative: boolean },
): Result<SearchRequest, CriteriaRefusal> {
  const members = readMembers(body);
  if (!members.ok) return members;
  const { nextPageToken: pageToken, eventType = 'user', userType, userProduct, companyId, ...own } = members.value.texts;
  const startTime = timeAt(body, 'startTime');
  const endTime = timeAt(body, 'endTime');
  const pageSize = pageSizeOf(memberOf(body, 'pageSize'));
  if (startTime === undefined || endTime === undefined || pageSize === 'unreadable') return refuse('fieldInvalid');
  if (startTime >= endTime) return refuse('windowReversed');
  if (eventType !== 'user' && eventType !== 'system') return refuse('eventTypeInvalid');
  if (userType !== undefined && userType !== 'retail' && userType !== 'business') return refuse('userTypeInvalid');
  const user = parseUser(own);
  if (!user.ok) return user;
  const filter = parseFilter(members.value.filters, refusesNegative);
  if (!filter.ok) return filter;
  const { eventIds, requestedAttributes } = members.value.lists;
  return accept({
    criteria: {
      startTime,
      endTime,
      eventIds,
      eventType,
      userType,
      userProduct,
      user: user.value,
      companyId,
      requestedAttributes: requestedAttributes.map(toAttribute),
      filter: filter.value,
    },
    pageSize,
    pageToken,
  });
}

interface Members {
  readonly texts: Texts;
  readonly lists: Lists;
  readonly filters: object;
}

/** Types first, then characters, then sizes. */
function readMembers(body: object): Result<Members, 'typeInvalid' | 'notPrintableAscii' | 'filterInvalid'> {
  const textOf = (name: string): string | undefined | false => {
    const value = memberOf(body, name);
    // Samples send digits as JSON numbers too.
    if (typeof value === 'number' && (name === 'userId' || name === 'companyId')) return String(value);
    return value === undefined || typeof value === 'string' ? value : false;
  };
  const listOf = (name: string): readonly string[] | false => {
    const value = memberOf(body, name) ?? [];
    return Array.isArray(value) && areTexts(value) && value;
  };
  const [eventType, userType, userProduct, userId, userIdType, companyId, nextPageToken] = texts.map(textOf);
  const [eventIds = [], requestedAttributes = []] = lists.map(listOf);
  const filters = memberOf(body, 'additionalFilters') ?? {};
  const read = { eventType, userType, userProduct, userId, userIdType, companyId, nextPageToken };
  if (!areKnown(read) || eventIds === false || requestedAttributes === false) return refuse('typeInvalid');
  if (typeof filters !== 'object' || Array.isArray(filters) || filters === null) return refuse('typeInvalid');
  const listed = [...eventIds, ...requestedAttributes];
  const all = [...Object.values(read), ...listed];
  if (!all.every((text = '') => printableAscii.test(text))) return refuse('notPrintableAscii');
  const { nextPageToken: _, ...limited } = read;
  const isBounded = eventIds.length <= mostListed && requestedAttributes.length <= mostListed;
  if (!isBounded || ![...Object.values(limited), ...listed].every((text = '') => text.length <= longestText))
    return refuse('filterInvalid');
  return accept({ texts: read, lists: { eventIds, requestedAttributes }, filters });
}

function areKnown(read: Readonly<Record<keyof Texts, string | false | undefined>>): read is Texts {
  return !Object.values(read).includes(false);
}

/** A hole is what is left of a `null`. */
function areTexts(list: readonly unknown[]): list is readonly string[] {
  return Array.from(list).every((one) => typeof one === 'string');
}

function timeAt(body: object, name: string): Date | undefined {
  const value = memberOf(body, name);
  return typeof value === 'string' ? parseDateTime(value) : undefined;
}

function pageSizeOf(value: unknown): number | undefined | 'unreadable' {
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) return 'unreadable';
  return value <= 0 ? largestPage : Math.min(value, largestPage);
}

function parseUser({
  userId,
  userIdType,
}: Pick<Texts, 'userId' | 'userIdType'>): Result<SearchCriteria['user'], 'userIdTypeInvalid' | 'userIdTypeMissing'> {
  if (userIdType !== undefined && userIdType !== 'loginId' && userIdType !== 'memberId') return refuse('userIdTypeInvalid');
  if (userId === undefined) return accept(undefined);
  return userIdType === undefined ? refuse('userIdTypeMissing') : accept({ idType: userIdType, id: userId });
}

/**
 * How far back and how long a search may be.
 * @param asOf Now, or for a further page the time of the first: paging does not run into the look-back.
 */
export function decideWindow(
  { startTime, endTime }: Pick<SearchCriteria, 'startTime' | 'endTime'>,
  asOf: Date,
  lookBackDays: number,
): Result<undefined, 'windowTooOld' | 'windowTooLong'> {
  const lookBackMs = lookBackDays * dayMs;
  if (startTime.getTime() < asOf.getTime() - lookBackMs) return refuse('windowTooOld');
  return endTime.getTime() - startTime.getTime() > lookBackMs ? refuse('windowTooLong') : accept(undefined);
}

/** True where the first page is older than what can be searched at all. */
export function hasOutlivedLookBack(asOf: Date, now: Date, lookBackDays: number): boolean {
  return asOf.getTime() < now.getTime() - lookBackDays * dayMs;
}

/** The same text for the same search: what a page token is bound to. */
export function canonicalText(criteria: SearchCriteria): string {
  const { startTime, endTime, eventIds, requestedAttributes, ...others } = criteria;
  const sorted = [eventIds, requestedAttributes].map((list) => [...new Set(list)].sort());
  return JSON.stringify([startTime.getTime(), endTime.getTime(), ...sorted, Object.entries(others)]);
}

function memberOf(body: object, name: string): unknown {
  return Object.hasOwn(body, name) ? Reflect.get(body, name) : undefined;
}
