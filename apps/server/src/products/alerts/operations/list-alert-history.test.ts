import { randomUUID } from 'node:crypto';
import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { eventually } from '@openbranch/testkit/eventually';
import { createJsonCall, type JsonCall } from '@openbranch/testkit/json-call';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let app: TestApp;
let api: ApiCaller;
let call: JsonCall;
let mine: JsonCall;
let person: Customer;
let other: Customer;
const path = '/v1/alert-history';
const of = ({ loginId }: Customer) => `?loginId=${encodeURIComponent(loginId)}`;
const eventIds: string[] = [];

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits, runsJobs: true });
  api = createApiCaller(app);
  call = createJsonCall(api, await api.partnerToken());
  const [one, two] = api.customers({ state: 'active', userType: 'RETAIL', role: 'PRIMARY' });
  if (one === undefined || two === undefined) throw new Error('The sandbox has too few customers.');
  [person, other] = [one, two];
  for (const channelTypeName of ['EMAIL', 'SMS']) {
    const wish = { alertOpted: true, alertPreferenceDetails: { alertTypeName: 'LARGE_TRANSACTION', channelTypeName } };
    expect((await call('POST', `/v1/alert-preferences${of(person)}`, wish)).statusCode).toBe(201);
  }
  await publish('1', 'a'.repeat(43), '2026-03-01T12:00:00Z');
  await publish('2', 'b'.repeat(43), '2026-03-02T12:00:00Z');
  await publish('3', 'b'.repeat(43), undefined);
});
afterAll(() => app.close());

async function publish(name: string, accountId: string, eventOccured: string | undefined): Promise<void> {
  const eventId = `${name}-${randomUUID()}`;
  eventIds.push(eventId);
  const answer = await call('POST', `/v1/realtime-events${of(person)}`, {
    eventDomainType: 'transaction',
    eventDetails: { eventId, eventType: 'LARGE_TRANSACTION', institutionId: api.institutionId, eventOccured },
    transaction: { accountId, amount: { currencyCode: 'USD', amount: 5000 } },
  });
  expect(answer.statusCode).toBe(202);
  await settled(eventId);
}
const settled = (eventId: string) =>
  eventually(async () => (await call('GET', `/v1/alert-events/${eventId}/explanation`)).json().state === 'SETTLED');
const listed = async (query: string, caller = call): Promise<string[]> => {
  const answer = await caller('GET', `${path}${query}`);
  expect([answer.statusCode, answer.body]).toEqual([200, expect.any(String)]);
  return answer.json().alertHistorySummaryResources.map((one: { eventId: string }) => one.eventId.slice(0, 1));
};
const summaries = async () =>
  (await call('GET', `${path}${of(person)}&startDate=2026-01-01`)).json().alertHistorySummaryResources;
const all = '&startDate=2026-01-01';

describe('the history of a user', () => {
  test('is newest first, and begins 90 days ago unless dates are given', async () => {
    expect(await listed(`${of(person)}${all}`)).toEqual(['3', '2', '1']);
    expect(await listed(of(person))).toEqual(['3']);
    expect(await listed(of(other))).toEqual([]);
  });

  test('is filtered by account, type, event, id and status', async () => {
    const b = 'b'.repeat(43);
    expect(await listed(`${of(person)}${all}&accountIds=${b}`)).toEqual(['3', '2']);
    expect(await listed(`${of(person)}${all}&alertTypeNames=large_transaction,LOGIN`)).toEqual(['3', '2', '1']);
    expect(await listed(`${of(person)}${all}&alertTypeNames=LOGIN`)).toEqual([]);
    expect(await listed(`${of(person)}${all}&eventIds=${eventIds[0]}&eventIds=${eventIds[1]}`)).toEqual(['2', '1']);
    const [{ alertHistoryId }] = await summaries();
    expect(await listed(`${of(person)}${all}&id=${alertHistoryId}`)).toEqual(['3']);
    expect(await listed(`${of(person)}${all}&emailStatus=SUCCESS&smsStatus=SUCCESS`)).toEqual(['3', '2', '1']);
    expect(await listed(`${of(person)}${all}&emailStatus=FAILURE&emailStatus=IN_PROCESS`)).toEqual([]);
    expect(await listed(`${of(person)}${all}&pushStatus=SUCCESS`)).toEqual([]);
  });

  test('counts whole days of the institution, both ends inside', async () => {
    expect(await listed(`${of(person)}&startDate=2026-03-01&endDate=2026-03-01`)).toEqual(['1']);
    expect(await listed(`${of(person)}&startDate=2026-03-01&endDate=2026-03-02`)).toEqual(['2', '1']);
    expect(await listed(`${of(person)}&startDate=2026-03-01T12:00:00Z&endDate=2026-03-01T12:00:00Z`)).toEqual(['1']);
    expect(await listed(`${of(person)}&startDate=2026-03-01T12:00:01Z&endDate=2026-03-02T11:59:59Z`)).toEqual([]);
  });

  test('400 PRMVAL_10014: a date that cannot be read, or an end before the start', async () => {
    for (const dates of [
      'startDate=soon',
      'startDate=2026-02-30',
      'endDate=2026-13-01',
      'startDate=2026-03-02&endDate=2026-03-01',
    ])
      expect([dates, await refusalOf(call('GET', `${path}${of(person)}&${dates}`))]).toEqual([dates, [400, 'PRMVAL_10014']]);
  });

  test('400 PRMSYS_10003: nobody or two users named, or a value that is none', async () => {
    expect(await refusalOf(call('GET', path))).toEqual([400, 'PRMSYS_10003']);
    expect(await refusalOf(call('GET', `${path}${of(person)}&hostUserId=${person.memberNumber}`))).toEqual([400, 'PRMSYS_10003']);
    for (const wrong of ['emailStatus=LOST', 'id=x', 'readFlag=maybe'])
      expect([wrong, await refusalOf(call('GET', `${path}${of(person)}&${wrong}`))]).toEqual([wrong, [400, 'PRMSYS_10003']]);
  });

  test('404 PRMSYS_10011 for an unknown user, 404 PRMSYS_10012 for another than that of the token', async () => {
    expect(await refusalOf(call('GET', `${path}?loginId=nobody`))).toEqual([404, 'PRMSYS_10011']);
    mine = createJsonCall(api, await api.userToken(person));
    expect(await refusalOf(mine('GET', `${path}${of(other)}`))).toEqual([404, 'PRMSYS_10012']);
    expect(await refusalOf(mine('GET', `${path}?loginId=nobody`))).toEqual([404, 'PRMSYS_10012']);
  });
});

describe('the words of an alert', () => {
  const content = (query: string, caller = call) => caller('GET', `/v1/alert-history-content${query}`);

  test('are found by id, by history id or by event, in this order', async () => {
    const [newest, older] = await summaries();
    const words = (await content(`?id=${newest.alertHistoryId}&eventId=${older.eventId}`)).json();
    expect(words).toEqual({
      alertHistoryContentId: newest.alertHistoryId,
      alertHistoryId: newest.alertHistoryId,
      eventId: newest.eventId,
      emailSubjectContent: 'Large transaction',
      emailContent: expect.stringContaining('USD 5000.00'),
      smsContent: expect.stringContaining('USD 5000.00'),
    });
    expect((await content(`?alertHistoryId=${newest.alertHistoryId}`)).json()).toEqual(words);
    expect((await content(`?eventId=${newest.eventId}`)).json()).toEqual(words);
    expect((await content(`?id=999999&eventId=${newest.eventId}`)).json()).toEqual(words);
  });

  test('400 PRMSYS_10003: nothing to look for; 500 PRMSYS_10009: nothing found, or 404 where the institution wants that (AL-2)', async () => {
    expect(await refusalOf(content(''))).toEqual([400, 'PRMSYS_10003']);
    expect(await refusalOf(content('?id=999999'))).toEqual([500, 'PRMSYS_10009']);
    expect(await refusalOf(content('?eventId=none'))).toEqual([500, 'PRMSYS_10009']);
    await api.control('PUT', '/switches/alerts.content_missing', { value: '404' });
    expect(await refusalOf(content('?id=999999'))).toEqual([404, 'PRMSYS_10009']);
    await api.control('PUT', '/switches/alerts.content_missing', { value: '500' });
  });

  test('of somebody else and unknown ones answer a user the same', async () => {
    const [newest] = await summaries();
    const theirs = createJsonCall(api, await api.userToken(other));
    expect(await refusalOf(content(`?id=${newest.alertHistoryId}`, theirs))).toEqual([500, 'PRMSYS_10009']);
    expect(await refusalOf(content('?id=999999', theirs))).toEqual([500, 'PRMSYS_10009']);
  });
});

describe('the flag of an alert that was read', () => {
  const mark = (alertHistoryId: number, readFlag: unknown, caller = call) =>
    caller('PUT', `${path}/${alertHistoryId}/read-flag`, { readFlag });

  test('is set and taken back by its user, and filters the history', async () => {
    mine = createJsonCall(api, await api.userToken(person));
    const [newest] = await summaries();
    expect(newest.readFlag).toBe(false);
    expect((await mark(newest.alertHistoryId, true, mine)).statusCode).toBe(204);
    expect(await listed(`${of(person)}${all}&readFlag=true`)).toEqual(['3']);
    expect(await listed(`${of(person)}${all}&readFlag=FALSE`)).toEqual(['2', '1']);
    expect((await mark(newest.alertHistoryId, false, mine)).statusCode).toBe(204);
    expect(await listed(`${of(person)}${all}&readFlag=true`)).toEqual([]);
  });

  test('404 PRMSYS_10009 of an unknown alert and of somebody else; 400 PRMSYS_10002 for what is no flag', async () => {
    const [newest] = await summaries();
    const theirs = createJsonCall(api, await api.userToken(other));
    expect(await refusalOf(mark(newest.alertHistoryId, true, theirs))).toEqual([404, 'PRMSYS_10009']);
    expect(await refusalOf(mark(999_999, true))).toEqual([404, 'PRMSYS_10009']);
    expect(await refusalOf(mark(newest.alertHistoryId, 'yes'))).toEqual([400, 'PRMSYS_10002']);
  });
});

test('of an explanation a user sees its own part only', async () => {
  const [eventId = ''] = eventIds;
  const [own, theirs] = [await api.userToken(person), await api.userToken(other)].map((token) => createJsonCall(api, token));
  expect((await own?.('GET', `/v1/alert-events/${eventId}/explanation`))?.json()).toMatchObject({ state: 'SETTLED' });
  const refused = theirs?.('GET', `/v1/alert-events/${eventId}/explanation`);
  if (refused === undefined) throw new Error('There is no caller.');
  expect(await refusalOf(refused)).toEqual([404, 'PRMSYS_10009']);
});
