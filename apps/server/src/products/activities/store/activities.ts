import type { Sql } from '../../../platform/db/database.ts';
import type { ActivityEvents } from '../domain/activity-event.ts';
import type { SearchCriteria } from '../domain/search-criteria.ts';
import { countFilters } from '../domain/search-filter.ts';
import { type AttributeExpressions, attributeExpressions } from './attribute-expressions.ts';
import { filterSql } from './filter-sql.ts';

/** The place of a row in the order of the search: newest first, rows of one moment by their number. */
export interface ActivityPosition {
  /** Since 1970. */
  readonly occurredAtMicros: bigint;
  readonly activityId: bigint;
}

export interface ActivitySearch {
  readonly institutionId: string;
  readonly timeZone: string;
  readonly criteria: SearchCriteria;
  /** Only rows of these users; undefined for rows of all and of none. */
  readonly institutionUserIds: readonly string[] | undefined;
  readonly pageSize: number;
  /** Only rows that come after this one. */
  readonly after: ActivityPosition | undefined;
}

/** Keys in lower case; what a row lacks is left out. */
export type ShownActivity = Readonly<Record<string, string>>;

export interface ActivityPage {
  readonly rows: readonly ShownActivity[];
  /** Where the next page begins, undefined when there is nothing more to look at. */
  readonly end: ActivityPosition | undefined;
}

export type SearchActivities = (sql: Sql, search: ActivitySearch) => Promise<ActivityPage>;

const longestScan = 50_000;
const filtersOfLongestScan = 5;

/**
 * Rows of the log that one search looks at, at most: a filter that hardly ever fits costs no more than this. With many
 * filters it is fewer, so that the work of a search has a bound.
 */
function scanBound(filterCount: number): number {
  return Math.floor(longestScan / Math.max(1, Math.ceil(filterCount / filtersOfLongestScan)));
}

type FoundRow = Readonly<Record<string, string | null>> & {
  readonly micros: bigint;
  readonly number: bigint;
  readonly place: bigint;
  readonly matches: boolean;
};

/** Attributes that a row shows whatever was requested. */
const always: readonly string[] = ['eventid', 'reqctx_id', 'timestamp'];

/** @param events How each kind of activity is shown. */
export function createSearchActivities(events: ActivityEvents): SearchActivities {
  const expressions = attributeExpressions(events);
  return async (sql, search) => {
    const { text, values, shown, bound } = searchStatement(search, events, expressions);
    // Each form of a filter is another statement, so none is kept prepared.
    const found = await sql.unsafe<FoundRow[]>(text, values, { prepare: false });
    return toPage(found, shown, search.pageSize, bound);
  };
}

/** The matching rows, and the last row that was looked at when the scan reached its bound. */
function toPage(found: readonly FoundRow[], shown: readonly string[], pageSize: number, bound: number): ActivityPage {
  const matching = found.filter(({ matches }) => matches);
  const page = matching.slice(0, pageSize);
  const last = matching.length > pageSize ? page.at(-1) : found.at(-1);
  const hasMore = matching.length > pageSize || last?.place === BigInt(bound);
  return {
    rows: page.map((row) => toShown(row, shown)),
    end: hasMore && last !== undefined ? { occurredAtMicros: last.micros, activityId: last.number } : undefined,
  };
}

function toShown(row: FoundRow, shown: readonly string[]): ShownActivity {
  const members: Record<string, string> = {};
  for (const attribute of shown) {
    const value = row[attribute];
    if (typeof value === 'string') members[attribute] = value;
  }
  return members;
}

interface SearchStatement {
  readonly text: string;
  readonly values: (string | Date | string[] | bigint | number)[];
  readonly shown: readonly string[];
  readonly bound: number;
}

/**
 * One statement: the scan goes along an index by time and stops when the page is full. Its rows are numbered, so that
 * the row at the bound of the scan comes back too, matching or not.
 */
export function searchStatement(
  search: ActivitySearch,
  events: ActivityEvents,
  expressions: AttributeExpressions,
): SearchStatement {
  const values: SearchStatement['values'] = [search.institutionId, search.timeZone];
  const bind = (value: string | Date | string[] | bigint): string => `$${values.push(value)}`;
  const bound = scanBound(countFilters(search.criteria.filter));
  const scan = scanSql(search, bound, bind);
  const condition = conditionSql(search.criteria, events, expressions, bind);
  const { requestedAttributes } = search.criteria;
  const isShown = (name: string) =>
    requestedAttributes.length === 0 || requestedAttributes.includes(name) || always.includes(name);
  const shown = [...expressions.keys()].filter(isShown);
  const columns = shown.map((name) => `${expressions.get(name)} as "${name}"`);
  const text = `
    select (extract(epoch from a.occurred_at) * 1000000)::bigint as micros, a.activity_id as number, a.place, ${condition} as matches,
      ${columns.join(',\n      ')}
    from (${scan}) a
    left join institution_users u on u.institution_id = $1::text and u.institution_user_id = a.institution_user_id
    left join lateral (
      select own.customer_id, own.member_number, own.customer_type
      from institution_user_customers reached
      join customers own on own.institution_id = $1::text and own.customer_id = reached.customer_id
      where reached.institution_id = $1::text and reached.institution_user_id = a.institution_user_id and reached.is_primary
      limit 1
    ) c on true
    where ${condition} or a.place = ${bound}
    order by a.occurred_at desc, a.activity_id desc
    limit ${search.pageSize + 1}`;
  return { text, values, shown, bound };
}

type BindAny = (value: string | Date | string[] | bigint) => string;

function scanSql({ criteria, institutionUserIds, after }: ActivitySearch, bound: number, bind: BindAny): string {
  const beyondEnd = new Date(criteria.endTime.getTime() + 1);
  const conditions = [
    'institution_id = $1::text',
    `occurred_at >= ${bind(criteria.startTime)}::timestamptz`,
    // The end is inclusive to the millisecond, and the log is finer.
    `occurred_at < ${bind(beyondEnd)}::timestamptz`,
  ];
  if (after !== undefined) {
    const moment = `(timestamptz 'epoch' + ${bind(after.occurredAtMicros)}::bigint * interval '1 microsecond')`;
    conditions.push(`(occurred_at, activity_id) < (${moment}, ${bind(after.activityId)}::bigint)`);
  }
  const [only] = institutionUserIds ?? [];
  if (institutionUserIds !== undefined && only !== undefined) {
    conditions.push(
      institutionUserIds.length === 1
        ? `institution_user_id = ${bind(only)}::text`
        : `institution_user_id = any(${bind([...institutionUserIds])}::text[])`,
    );
  }
  return `
      select occurred_at, activity_id, kind, institution_user_id, client_id, operation, trace_id, address, details,
        row_number() over (order by occurred_at desc, activity_id desc) as place
      from activities
      where ${conditions.join(' and ')}
      order by occurred_at desc, activity_id desc
      limit ${bound}`;
}

/** What of the rows that are looked at is wanted. */
function conditionSql(
  { eventIds, eventType, userType, userProduct, companyId, filter }: SearchCriteria,
  events: ActivityEvents,
  expressions: AttributeExpressions,
  bind: BindAny,
): string {
  const kinds = Object.entries(events)
    .filter(([, event]) => event.eventType === eventType && (eventIds.length === 0 || eventIds.includes(event.eventId)))
    .map(([kind]) => kind);
  const conditions = [`a.kind = any(${bind(kinds)}::text[])`];
  const exactly = (attribute: string, value: string | undefined) => {
    if (value === undefined) return;
    conditions.push(`coalesce(${expressions.get(attribute) ?? 'null'} = ${bind(value)}::text, false)`);
  };
  exactly('reqctx_usertype', userType);
  exactly('reqctx_userproduct', userProduct);
  exactly('reqctx_companyid', companyId?.toLowerCase());
  if (filter !== undefined) conditions.push(filterSql(filter, expressions, bind));
  return `(${conditions.join(' and ')})`;
}
