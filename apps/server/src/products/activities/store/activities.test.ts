import { recordActivities } from '@openbranch/testkit/activity-search';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ActivityKind } from '../../../platform/audit/record-activity.ts';
import type { SearchCriteria } from '../domain/search-criteria.ts';
import { type Comparison, type Criteria, criteria, type FilterGroup, type SearchFilter } from '../domain/search-filter.ts';
import { activityEvents } from '../operations/activity-events.ts';
import { type ActivitySearch, createSearchActivities, type ShownActivity, searchStatement } from './activities.ts';
import { attributeExpressions } from './attribute-expressions.ts';

let app: TestApp;
let rows: readonly ShownActivity[];
const institutionId = '00042';
const searchActivities = createSearchActivities(activityEvents);

const criteriaOf = (changes: Partial<SearchCriteria> = {}): SearchCriteria => ({
  startTime: new Date('2026-03-01T00:00:00Z'),
  endTime: new Date('2026-03-31T00:00:00Z'),
  eventIds: [],
  eventType: 'user',
  userType: undefined,
  userProduct: undefined,
  user: undefined,
  companyId: undefined,
  requestedAttributes: [],
  filter: undefined,
  ...changes,
});
const searchOf = (changes: Partial<ActivitySearch> = {}): ActivitySearch => ({
  institutionId,
  timeZone: 'America/Los_Angeles',
  criteria: criteriaOf(),
  institutionUserIds: undefined,
  pageSize: 1000,
  after: undefined,
  ...changes,
});
const find = async (changes: Partial<SearchCriteria>) =>
  (await searchActivities(app.database.sql, searchOf({ criteria: criteriaOf(changes) }))).rows;

const kinds: readonly ActivityKind[] = [
  'user_signed_in',
  'user_sign_in_failed',
  'user_registered',
  'user_registration_refused',
  'passcode_wrong',
  'passcode_sent',
  'token_revoked',
];
const texts = ['', '7', '10', '-3', '0.5', '007', 'locked', 'Locked', 'wrong_password', 'a%b', "it's", '~'];

/** Sixty rows whose values come in every mixture, numbers and texts among them. */
beforeAll(async () => {
  app = await createTestApp();
  const [one, two] = app.sandbox.institutions[0]?.customers ?? [];
  const users = [undefined, one?.institutionUserId, two?.institutionUserId, 'F'.repeat(32)];
  const pick = <T>(list: readonly T[], index: number): T | undefined => list[index % list.length];
  const generated = Array.from({ length: 60 }, (_, index) => ({
    kind: pick(kinds, index) ?? 'user_signed_in',
    occurredAt: new Date(Date.UTC(2026, 2, 1 + (index % 20), index % 24, 7, 11, index * 13)),
    institutionUserId: pick(users, index),
    clientId: pick([undefined, 'client', '12'], index >> 1),
    traceId: pick(texts, index >> 2) || undefined,
    details: { reason: pick(texts, index) ?? '', code: pick(texts, index >> 1) ?? '', channel: pick(texts, index >> 3) ?? '' },
  }));
  await app.database.sql`delete from activities where institution_id = ${institutionId}`;
  await recordActivities(app.database.sql, institutionId, ...generated);
  rows = await find({});
});
afterAll(() => app.close());

/** The filter language once more, over what the rows show: simple, and independent of SQL. */
const model = {
  group: (row: ShownActivity, { condition, filters }: FilterGroup, further: readonly boolean[] = []): boolean => {
    const results = [...filters.map((one) => model.comparison(row[one.attribute], one)), ...further];
    return condition === 'and' ? results.every(Boolean) : results.some(Boolean);
  },
  filter: (row: ShownActivity, filter: SearchFilter): boolean =>
    model.group(
      row,
      filter,
      filter.groups.map((group) => model.group(row, group)),
    ),
  comparison: (shown: string | undefined, { attribute, criteria: wanted, value }: Comparison): boolean => {
    if (shown === undefined) return wanted === 'isNotPresent' || wanted === 'notEqual';
    switch (wanted) {
      case 'isPresent':
        return true;
      case 'isNotPresent':
        return false;
      case 'equals':
        return shown === value;
      case 'notEqual':
        return shown !== value;
      case 'like':
        return shown.toLowerCase().includes(value.toLowerCase());
      default:
        return model.ordering(wanted, model.compare(attribute, shown, value));
    }
  },
  /** Negative, zero or positive. */
  compare: (attribute: string, shown: string, value: string): number => {
    if (attribute === 'timestamp') return Date.parse(shown) - Date.parse(value);
    const isNumber = (text: string) => /^-?\d+(?:\.\d+)?$/u.test(text);
    if (isNumber(shown) && isNumber(value)) return Number(shown) - Number(value);
    return shown < value ? -1 : shown > value ? 1 : 0;
  },
  ordering: (wanted: Criteria, sign: number): boolean =>
    ({ greaterThan: sign > 0, lessThan: sign < 0, greaterThanEqual: sign >= 0, lessThanEqual: sign <= 0 })[String(wanted)] ??
    false,
};

const attributes = [
  'errorcode',
  'channel',
  'reqctx_id',
  'glappid',
  'result',
  'eventid',
  'reqctx_loginid',
  'member',
  'reqctx_usertype',
  'amount',
  'no_such_key',
];
const anyValue = () => fc.constantFrom(...texts, ...rows.slice(0, 20).flatMap((row) => Object.values(row)), 'Failure', 'LOGIN');
const anyComparison = (): fc.Arbitrary<Comparison> =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        attribute: fc.constantFrom(...attributes),
        criteria: fc.constantFrom(...criteria),
        value: anyValue(),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        attribute: fc.constant('timestamp'),
        criteria: fc.constantFrom<Criteria>('greaterThan', 'lessThan', 'greaterThanEqual', 'lessThanEqual'),
        value: fc.constantFrom('2026-03-09T08:15:00.000-05:00', ...rows.map((row) => row['timestamp'] ?? '')),
      }),
    },
  );
const anyCondition = () => fc.constantFrom<'and' | 'or'>('and', 'or');
const anyGroup = (least: number) =>
  fc.record({ condition: anyCondition(), filters: fc.array(anyComparison(), { minLength: least, maxLength: 4 }) });
const anyFilter = (): fc.Arbitrary<SearchFilter> =>
  fc
    .record({ own: anyGroup(0), groups: fc.array(anyGroup(1), { maxLength: 3 }) })
    .filter(({ own, groups }) => own.filters.length + groups.length > 0)
    .map(({ own, groups }) => ({ ...own, groups }));

test('a filter finds just the rows that a simple reading of the language finds', async () => {
  expect(rows).toHaveLength(60);
  await fc.assert(
    fc.asyncProperty(anyFilter(), async (filter) => {
      expect(await find({ filter })).toEqual(rows.filter((row) => model.filter(row, filter)));
    }),
    { numRuns: 300 },
  );
});

test('pages of any size, with any filter, join to the whole', async () => {
  await fc.assert(
    fc.asyncProperty(anyFilter(), fc.integer({ min: 1, max: 30 }), async (filter, pageSize) => {
      const search = searchOf({ criteria: criteriaOf({ filter }), pageSize });
      const joined: ShownActivity[] = [];
      let page = await searchActivities(app.database.sql, search);
      joined.push(...page.rows);
      while (page.end !== undefined) {
        page = await searchActivities(app.database.sql, { ...search, after: page.end });
        joined.push(...page.rows);
      }
      expect(joined).toEqual(rows.filter((row) => model.filter(row, filter)));
    }),
    { numRuns: 40 },
  );
});

describe('on a log of some thousand rows', () => {
  beforeAll(async () => {
    const { sql } = app.database;
    const others = Array.from({ length: 11 }, (_, index) => String(70_000 + index));
    await sql`
      insert into activities (institution_id, occurred_at, kind, institution_user_id)
      select institution, timestamptz '2026-03-02T00:00:00Z' + n * interval '1 minute', 'user_signed_in',
        case when n % 100 = 0 then ${'E'.repeat(32)} end
      from generate_series(1, 5000) n, unnest(${[institutionId, ...others]}::text[]) institution`;
    await sql`analyze`;
  });

  const planOf = async (changes: Partial<ActivitySearch>): Promise<string> => {
    const { text, values } = searchStatement(searchOf(changes), activityEvents, attributeExpressions(activityEvents));
    const plan = await app.database.sql.unsafe<{ 'QUERY PLAN': string }[]>(`explain ${text}`, values);
    return plan.map((line) => line['QUERY PLAN']).join('\n');
  };
  const oneDay = { startTime: new Date('2026-03-03T00:00:00Z'), endTime: new Date('2026-03-04T00:00:00Z') };
  const after = { occurredAtMicros: 1_772_700_000_000_000n, activityId: 5n };
  const filter: SearchFilter = {
    condition: 'and',
    filters: [{ attribute: 'reqctx_loginid', criteria: 'like', value: 'x' }],
    groups: [],
  };

  test.each([
    ['the newest rows', {}, 'activities__time'],
    ['a further page', { after }, 'activities__time'],
    ['a filter on the user', { criteria: criteriaOf({ filter }) }, 'activities__time'],
    ['rows of one event', { criteria: criteriaOf({ ...oneDay, eventIds: ['logout'] }) }, 'activities__time'],
    ['rows of one user', { institutionUserIds: ['E'.repeat(32)] }, 'activities__user_time'],
    ['a further page of one user', { institutionUserIds: ['E'.repeat(32)], after }, 'activities__user_time'],
  ])('%s: the scan goes along an index and reads no table from end to end', async (_what, changes, index) => {
    const plan = await planOf({ pageSize: 100, ...changes });
    expect(plan).toContain(index);
    expect(plan).not.toMatch(/Seq Scan on activities/u);
  });

  test('a page that is full early reads no further', async () => {
    const { text, values } = searchStatement(searchOf({ pageSize: 10 }), activityEvents, attributeExpressions(activityEvents));
    const plan = await app.database.sql.unsafe<{ 'QUERY PLAN': string }[]>(
      `explain (analyze, timing off, costs off) ${text}`,
      values,
    );
    const scan = plan.map((line) => line['QUERY PLAN']).find((line) => line.includes('activities__time')) ?? '';
    expect(Number(/rows=(\d+)/u.exec(scan)?.[1])).toBeLessThan(100);
  });
});
