import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
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
import { setClock } from '@openbranch/testkit/sandbox-calls';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

let app: TestApp;
let api: ApiCaller;
let pat: Customer;
let search: ActivitySearch['search'];
let send: ActivitySearch['send'];
const institutionId = '00042';

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits });
  api = createApiCaller(app);
  pat = api.customer({ state: 'active' });
  ({ search, send } = createActivitySearch(api));
});
beforeEach(() => sql()`delete from activities where institution_id = ${institutionId}`);
afterAll(() => app.close());

const sql = () => app.database.sql;

describe('every spelling of the published pages searches', () => {
  test.each([
    '/v1/banking-activities',
    '/data-apis/v1/banking-activities',
    '/digitalbanking/v1/banking-activities',
    '/digitalbanking/data-apis/v1/banking-activities',
    '/digitalbanking/stage/v1/banking-activities',
  ])('%s', async (url) => {
    await recordSignIns(sql(), institutionId, 1);
    expect((await send(lastDay(), {}, url)).statusCode).toBe(200);
  });
});

describe('the answer', () => {
  test('is gzip-coded whatever was allowed, JSON, and never kept by caches (acceptance check 10)', async () => {
    await recordSignIns(sql(), institutionId, 1);
    for (const accepted of [undefined, '', 'application/gzip', 'gzip', 'deflate', '*', 'br, gzip;q=0.5, deflate']) {
      const { statusCode, headers, rawPayload } = await send(lastDay(), { 'accept-encoding': accepted });
      expect([statusCode, headers['content-encoding']]).toEqual([200, 'gzip']);
      expect(headers['content-type']).toBe('application/json; charset=utf-8');
      expect(headers['cache-control']).toBe('no-store');
      expect(JSON.parse(gunzipSync(rawPayload).toString('utf8'))).toMatchObject({ count: 1 });
    }
  });

  test('is 204 without a body when nothing matches (acceptance check 10)', async () => {
    const answer = await send(lastDay());
    expect([answer.statusCode, answer.body, answer.headers['content-encoding'], answer.headers['content-type']]).toEqual([
      204,
      '',
      undefined,
      undefined,
    ]);
  });

  test('shows a row with keys in lower case and values as text, and lacks what the log does not know', async () => {
    await recordActivities(sql(), institutionId, {
      kind: 'user_sign_in_failed',
      occurredAt: fromNow(-1000),
      institutionUserId: pat.institutionUserId,
      clientId: 'client',
      operation: 'requestToken',
      traceId: 'trace-1',
      address: '192.0.2.7',
      details: { reason: 'wrong_password', failedLoginCount: 3 },
    });
    const { rows } = await search();
    expect(rows).toEqual([
      {
        eventid: 'login',
        reqctx_id: 'trace-1',
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/u),
        eventdate: expect.stringMatching(/^\d{4}-\d\d-\d\d$/u),
        eventtype: 'Audit',
        glappid: 'client',
        guid: expect.stringMatching(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u),
        result: 'Failure',
        errorcode: 'wrong_password',
        channel: 'API',
        source: 'requestToken',
        action: 'user_sign_in_failed',
        member: pat.memberNumber,
        reqctx_canonicalid: institutionId,
        reqctx_customertype: 'RETAIL',
        reqctx_usertype: 'retail',
        reqctx_ipaddress: '192.0.2.7',
        reqctx_loginid: pat.loginId,
        reqctx_userid: pat.institutionUserId,
      },
    ]);
  });

  test('shows of a transfer how much, from where, to whom and its number, by which it is found', async () => {
    const details = {
      ...{ kind: 'recipient', entryId: '77', amountMinor: '1', reference: 'A1B2C3D4E5F6', fromAccount: '*4471' },
      recipientId: '7F3A9C1E5B2D4860E0630A0B0C0D0E0F',
    };
    await recordActivities(
      sql(),
      institutionId,
      { kind: 'transfer_made', occurredAt: fromNow(-2000), institutionUserId: pat.institutionUserId, details },
      { kind: 'transfer_made', occurredAt: fromNow(-1000), details: { amountMinor: '-123456', reference: 'OTHER' } },
      { kind: 'transfer_made', occurredAt: fromNow(-500), details: { amountMinor: 'no number' } },
    );
    const found = (attributeId: string, criteria: string, value: string) =>
      search({ additionalFilters: { condition: 'and', filters: [{ attributeId, criteria, value }] } });
    const { rows } = await found('confno', 'equals', 'A1B2C3D4E5F6');
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      ...{ eventid: 'transfer', amount: '0.01', confno: 'A1B2C3D4E5F6', fromaccount: '*4471', trnuid: '77' },
      ...{ payeeid: details.recipientId, transactiontype: 'recipient' },
      fromaccounthashed: createHash('sha256').update('*4471').digest('hex'),
    });
    expect((await found('amount', 'lessThan', '0')).rows.map(({ amount }) => amount)).toEqual(['-1234.56']);
    expect((await found('amount', 'isNotPresent', '')).rows).toHaveLength(1);
  });

  test('shows the time in the zone of the institution, to the millisecond, in summer and in winter', async () => {
    const hours = { startTime: '2026-03-07T00:00:00Z', endTime: '2026-03-09T00:00:00Z' };
    await setClock(app, institutionId, '2026-03-10T00:00:00Z');
    try {
      await recordActivities(
        sql(),
        institutionId,
        { kind: 'user_signed_in', occurredAt: new Date('2026-03-08T09:59:59.417Z') },
        { kind: 'user_signed_in', occurredAt: new Date('2026-03-08T10:00:00.005Z') },
      );
      const { rows } = await search(hours);
      expect(rows.map(({ timestamp, eventdate }) => [timestamp, eventdate])).toEqual([
        ['2026-03-08T03:00:00.005-07:00', '2026-03-08'],
        ['2026-03-08T01:59:59.417-08:00', '2026-03-08'],
      ]);
    } finally {
      await setClock(app, institutionId, new Date().toISOString());
    }
  });

  test('is newest first, and rows of one moment by their place in the log', async () => {
    const at = fromNow(-5000);
    await recordSignIns(sql(), institutionId, 3);
    await recordActivities(
      sql(),
      institutionId,
      { kind: 'user_signed_in', traceId: 'same 1', occurredAt: at },
      { kind: 'user_signed_in', traceId: 'same 2', occurredAt: at },
    );
    expect(traceIdsOf(await search())).toEqual(['same 2', 'same 1', 'row 3', 'row 2', 'row 1']);
  });

  test('never shows details that no kind lists', async () => {
    await recordActivities(sql(), institutionId, { kind: 'user_signed_in', details: { secretly: 'hidden', reason: 'hidden' } });
    expect(JSON.stringify((await search()).rows)).not.toContain('hidden');
  });

  test('holds only rows of the institution of the token', async () => {
    await recordActivities(sql(), createApiCaller(app, 1).institutionId, { kind: 'user_signed_in' });
    expect((await search()).status).toBe(204);
  });
});

describe('requestedAttributes', () => {
  test('in mixed case answer keys in lower case; eventid, reqctx_id and timestamp stay (acceptance check 10)', async () => {
    await recordSignIns(sql(), institutionId, 1);
    const { rows } = await search({ requestedAttributes: ['Result', 'ReqCtx_CanonicalId', 'ReqCtx_onBehalfOfUser', 'unknown'] });
    expect(rows.map((row) => Object.keys(row).sort())).toEqual([
      ['eventid', 'reqctx_canonicalid', 'reqctx_id', 'result', 'timestamp'],
    ]);
  });
});

describe('criteria', () => {
  test('startTime and endTime are inclusive', async () => {
    const at = fromNow(-hourMs);
    await recordActivities(sql(), institutionId, { kind: 'user_signed_in', occurredAt: at });
    const ms = (shift: number) => new Date(at.getTime() + shift).toISOString();
    for (const [startTime, endTime, count] of [
      [ms(0), ms(1), 1],
      [ms(-1), ms(0), 1],
      [ms(1), ms(2), 0],
      [ms(-2), ms(-1), 0],
    ] as const)
      expect(await search({ startTime, endTime })).toMatchObject({ count });
  });

  test('every way to write a time is read', async () => {
    await recordActivities(sql(), institutionId, { kind: 'user_signed_in', occurredAt: fromNow(-hourMs) });
    const today = new Date().toISOString().slice(0, 10);
    const before = fromNow(-2 * dayMs)
      .toISOString()
      .slice(0, 10);
    for (const startTime of [before, `${before}T00:00Z`, `${before}T00:00:00-0800`, `${before}T00:00:00.123456+05:30`])
      expect(await search({ startTime, endTime: `${today}T23:59:59.999-08:00` })).toMatchObject({ count: 1 });
  });

  test('eventIds are exact, and unknown ones match nothing', async () => {
    await recordActivities(
      sql(),
      institutionId,
      { kind: 'user_signed_in' },
      { kind: 'user_unlocked' },
      { kind: 'passcode_sent' },
    );
    expect(await search({ eventIds: ['login', 'unlockUser', 'nonsense'] })).toMatchObject({ count: 2 });
    expect((await search({ eventIds: ['LOGIN'] })).status).toBe(204);
    expect(await search({ eventIds: [] })).toMatchObject({ count: 3 });
  });

  test('eventType tells what users did from what the institution did, and is user when absent', async () => {
    await recordActivities(
      sql(),
      institutionId,
      { kind: 'user_signed_in' },
      { kind: 'application_created', details: { name: 'an application' } },
    );
    expect((await search()).rows.map((row) => row['eventid'])).toEqual(['login']);
    expect((await search({ eventType: 'system' })).rows).toMatchObject([{ eventid: 'applicationChange', eventtype: 'Audit' }]);
  });

  test('userType, userId, companyId and userProduct find the rows of a user', async () => {
    const owner = api.customer({ userType: 'BUSINESS' });
    await recordActivities(
      sql(),
      institutionId,
      { kind: 'user_signed_in', traceId: 'pat', institutionUserId: pat.institutionUserId },
      { kind: 'user_signed_in', traceId: 'owner', institutionUserId: owner.institutionUserId },
      { kind: 'user_registered', traceId: 'new', details: { userProduct: 'THIRD_PARTY_REGISTRATION', channel: 'TPV_API' } },
    );
    expect(traceIdsOf(await search({ userType: 'retail' }))).toEqual(['pat']);
    const business = await search({ userType: 'business' });
    expect(traceIdsOf(business)).toEqual(['owner']);
    const companyId = business.rows[0]?.['reqctx_companyid'];
    expect(companyId).toMatch(/^[0-9a-f]{32}$/u);
    expect(business.rows[0]?.['member']).toBeUndefined();
    expect(traceIdsOf(await search({ companyId: companyId?.toUpperCase() }))).toEqual(['owner']);
    expect(traceIdsOf(await search({ userId: pat.loginId.toUpperCase(), userIdType: 'loginId' }))).toEqual(['pat']);
    expect(traceIdsOf(await search({ userId: pat.memberNumber, userIdType: 'memberId' }))).toEqual(['pat']);
    expect((await search({ userId: 'nobody', userIdType: 'loginId' })).status).toBe(204);
    expect((await search({ userId: 'nobody', userIdType: 'memberId' })).status).toBe(204);
    expect(traceIdsOf(await search({ userProduct: 'THIRD_PARTY_REGISTRATION' }))).toEqual(['new']);
  });
});

describe('additionalFilters', () => {
  beforeEach(() =>
    recordActivities(
      sql(),
      institutionId,
      { kind: 'user_signed_in', traceId: 'one', address: '192.0.2.1', occurredAt: fromNow(-3000) },
      { kind: 'user_sign_in_failed', traceId: 'two', details: { reason: 'wrong_password' }, occurredAt: fromNow(-2000) },
      { kind: 'user_sign_in_failed', traceId: '3', details: { reason: 'locked' }, occurredAt: fromNow(-1000) },
    ),
  );

  test.each([
    [{ attributeId: 'Result', value: 'Failure' }, ['3', 'two']],
    [{ attributeId: 'result', criteria: 'equals', value: 'failure' }, []],
    [{ attributeId: 'result', criteria: 'notEqual', value: 'Failure' }, ['one']],
    [{ attributeId: 'ERRORCODE', criteria: 'like', value: 'PASS' }, ['two']],
    [{ attributeId: 'errorcode', criteria: 'like', value: '%' }, []],
    [{ attributeId: 'errorcode', criteria: 'notEqual', value: 'locked' }, ['two', 'one']],
    [{ attributeId: 'errorcode', criteria: 'isPresent' }, ['3', 'two']],
    [{ attributeId: 'errorcode', criteria: 'isNotPresent' }, ['one']],
    [{ attributeId: 'reqctx_id', criteria: 'greaterThan', value: 2 }, ['3', 'two', 'one']],
    [{ attributeId: 'reqctx_id', criteria: 'lessThan', value: '10' }, ['3']],
    [{ attributeId: 'unknown', criteria: 'isNotPresent' }, ['3', 'two', 'one']],
    [{ attributeId: 'unknown', criteria: 'lessThanEqual', value: 'x' }, []],
    [{ attributeId: 'timestamp', criteria: 'greaterThan', value: '2020-01-01' }, ['3', 'two', 'one']],
    [{ attributeId: 'timestamp', criteria: 'lessThan', value: '2020-01-01' }, []],
    [{ attributeId: 'result', value: "x' or 1=1 --" }, []],
    [{ attributeId: `result" = '' or '1' = '1`, criteria: 'isPresent' }, []],
  ])('%j finds %j', async (filter, found) => {
    expect(traceIdsOf(await search({ additionalFilters: { filters: [filter] } }))).toEqual(found);
  });

  test('are joined by their condition, with the result of each sub-filter', async () => {
    const reason = (value: string) => ({ attributeId: 'errorcode', value });
    const anyOf = { condition: 'or', filters: [reason('locked'), reason('wrong_password')] };
    const find = async (additionalFilters: object) => traceIdsOf(await search({ additionalFilters }));
    expect(await find({ condition: 'or', filters: [reason('locked'), { attributeId: 'reqctx_id', value: 'one' }] })).toEqual([
      '3',
      'one',
    ]);
    expect(await find({ condition: 'and', filters: [{ attributeId: 'reqctx_id', value: '3' }], subFilters: [anyOf] })).toEqual([
      '3',
    ]);
    expect(await find({ subFilters: [anyOf] })).toEqual(['3', 'two']);
    expect(await find({ subFilter: anyOf })).toEqual(['3', 'two']);
    expect(await find({ filters: [], subFilters: [{ condition: 'or', filters: [] }] })).toEqual(['3', 'two', 'one']);
    expect(await find({})).toEqual(['3', 'two', 'one']);
  });
});
