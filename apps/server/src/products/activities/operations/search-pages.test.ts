import {
  type ActivitySearch,
  createActivitySearch,
  dayMs,
  fromNow,
  hourMs,
  lastDay,
  recordActivities,
  recordSignIns,
  traceIdsOf,
} from '@openbranch/testkit/activity-search';
import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { advanceClock, setClock } from '@openbranch/testkit/sandbox-calls';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

let app: TestApp;
let api: ApiCaller;
let pat: Customer;
let search: ActivitySearch['search'];
let pages: ActivitySearch['pages'];
let refusal: ActivitySearch['refusal'];
const institutionId = '00042';

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits });
  api = createApiCaller(app);
  pat = api.customer({ state: 'active' });
  ({ search, pages, refusal } = createActivitySearch(api));
});
beforeEach(() => sql()`delete from activities where institution_id = ${institutionId}`);
afterAll(() => app.close());

const sql = () => app.database.sql;

describe('pages', () => {
  test('two pages join without gap or overlap while rows are being added (acceptance check 10)', async () => {
    await recordSignIns(sql(), institutionId, 25);
    const window = lastDay();
    let added = 100;
    const found = await pages({ ...window, pageSize: 10 }, () => {
      added += 5;
      return recordSignIns(sql(), institutionId, 5, added);
    });
    expect(found.map(({ count }) => count)).toEqual([10, 10, 5]);
    expect(found.flatMap(traceIdsOf)).toEqual(Array.from({ length: 25 }, (_, index) => `row ${25 - index}`));
  });

  test('join when all rows are of one moment', async () => {
    const occurredAt = fromNow(-1000);
    await recordActivities(
      sql(),
      institutionId,
      ...Array.from({ length: 7 }, (_, index) => ({ kind: 'user_signed_in' as const, traceId: `${index}`, occurredAt })),
    );
    const found = await pages({ ...lastDay(), pageSize: 3 });
    expect(found.flatMap(traceIdsOf)).toEqual(['6', '5', '4', '3', '2', '1', '0']);
  });

  test('a full last page has no token', async () => {
    await recordSignIns(sql(), institutionId, 4);
    expect((await pages({ ...lastDay(), pageSize: 2 })).map(({ count }) => count)).toEqual([2, 2]);
  });

  test('keep the size of the first page when pageSize is left out', async () => {
    await recordSignIns(sql(), institutionId, 5);
    const window = lastDay();
    const { nextPageToken } = await search({ ...window, pageSize: 2 });
    expect(await search({ ...window, nextPageToken })).toMatchObject({ count: 2 });
    expect(await search({ ...window, pageSize: 3, nextPageToken })).toMatchObject({ count: 3 });
  });

  test.each([[undefined], [0], [-5], [1001], [9_000_000_000_000]])('pageSize %s is 1000', async (pageSize) => {
    await app.database.sql`
      insert into activities (institution_id, occurred_at, kind)
      select ${institutionId}, ${fromNow(-hourMs)}::timestamptz, 'user_signed_in' from generate_series(1, 1001)`;
    expect(await search({ pageSize })).toMatchObject({ count: 1000, nextPageToken: expect.any(String) });
  });

  test('a filter that hardly ever fits looks at 50,000 rows at a time, and goes on where it stopped', async () => {
    await app.database.sql`
      insert into activities (institution_id, occurred_at, kind, trace_id)
      select ${institutionId}, ${fromNow(-hourMs)}::timestamptz + n * interval '1 millisecond', 'user_signed_in', 'row ' || n
      from generate_series(1, 110000) n`;
    const body = {
      ...lastDay(),
      additionalFilters: { filters: [{ attributeId: 'reqctx_id', criteria: 'equals', value: 'row 5' }] },
    };
    const found = await pages(body);
    expect(found.map(({ status, count }) => [status, count])).toEqual([
      [200, 0],
      [200, 0],
      [200, 1],
    ]);
    expect(found.flatMap(traceIdsOf)).toEqual(['row 5']);
  });

  test('look at fewer rows where there are many filters', async () => {
    await sql()`
      insert into activities (institution_id, occurred_at, kind, trace_id)
      select ${institutionId}, ${fromNow(-hourMs)}::timestamptz + n * interval '1 millisecond', 'user_signed_in', 'row ' || n
      from generate_series(1, 6000) n`;
    const filters = Array(50).fill({ attributeId: 'reqctx_id', criteria: 'equals', value: 'row 5' });
    const found = await pages({ ...lastDay(), additionalFilters: { filters } });
    expect(found.map(({ count }) => count)).toEqual([0, 1]);
  });

  test('do not run into the look-back, and their tokens end with it', async () => {
    await recordSignIns(sql(), institutionId, 3);
    const window = { startTime: fromNow(-90 * dayMs + 60_000).toISOString(), endTime: fromNow(-1000).toISOString() };
    const { nextPageToken } = await search({ ...window, pageSize: 1 });
    await advanceClock(app, institutionId, 600);
    expect(await refusal(window)).toEqual([400, 'BAS_10002']);
    expect(await search({ ...window, nextPageToken })).toMatchObject({ count: 1 });
    await setClock(app, institutionId, fromNow(91 * dayMs).toISOString());
    expect(await refusal({ ...window, nextPageToken })).toEqual([400, 'BAS_10206']);
    await setClock(app, institutionId, new Date().toISOString());
  });
});
describe('400 BAS_10206: a token', () => {
  const first = async (body: object = {}) => {
    await recordSignIns(sql(), institutionId, 3);
    return (await search({ ...body, pageSize: 1 })).nextPageToken ?? '';
  };
  test('with other criteria (acceptance check 10)', async () => {
    const window = lastDay();
    const nextPageToken = await first({ ...window, eventIds: ['login'] });
    const same = { ...window, eventIds: ['login'], nextPageToken };
    expect((await search(same)).status).toBe(200);
    for (const change of [
      { eventIds: ['login', 'logout'] },
      { eventIds: [] },
      { eventType: 'system' },
      { userType: 'retail' },
      { userProduct: 'x' },
      { companyId: 'x' },
      { userId: pat.loginId, userIdType: 'loginId' },
      { endTime: fromNow(2 * hourMs).toISOString() },
      { requestedAttributes: ['result'] },
      { additionalFilters: { filters: [{ attributeId: 'result', value: 'Success' }] } },
    ]) {
      expect([change, await refusal({ ...same, ...change })]).toEqual([change, [400, 'BAS_10206']]);
    }
  });
  test('that was altered', async () => {
    const window = lastDay();
    const good = await first(window);
    const flipped = (at: number) => `${good.slice(0, at)}${good[at] === 'A' ? 'B' : 'A'}${good.slice(at + 1)}`;
    const bad = [
      '',
      'x',
      `${good}=`,
      `${good}!`,
      ` ${good}`,
      good.slice(1),
      good.slice(0, -4),
      `${good}AAAA`,
      'A'.repeat(900_000),
    ];
    for (const nextPageToken of [...bad, ...[0, 12, 30, 40, good.length - 2].map(flipped)])
      expect([nextPageToken.slice(0, 90), await refusal({ ...window, nextPageToken })]).toEqual([
        nextPageToken.slice(0, 90),
        [400, 'BAS_10206'],
      ]);
  });
  test('of another institution', async () => {
    const theirs = createApiCaller(app, 1);
    const window = lastDay();
    const nextPageToken = await first(window);
    const answer = theirs.withToken(await theirs.partnerToken('banking-activities:read'), 'POST', '/v1/banking-activities', {
      headers: { 'content-type': 'application/json' },
      payload: JSON.stringify({ ...window, nextPageToken }),
    });
    expect(await refusalOf(answer)).toEqual([400, 'BAS_10206']);
  });
});
