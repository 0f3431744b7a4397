import { randomUUID } from 'node:crypto';
import { type Client, createClient, isOpenbranchError } from '@openbranch/sdk';
import { lastDay } from '@openbranch/testkit/activity-search';
import { type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { createListeningApp, type ListeningApp } from '@openbranch/testkit/listening-app';
import { revokeToken } from '@openbranch/testkit/token-calls';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** What customers and applications really do shows in the activity search, read by the SDK and by plain fetch over TCP. */
let listening: ListeningApp;
let partner: Client;
let pat: Customer;
const institutionId = '00042';

beforeAll(async () => {
  listening = await createListeningApp({ prepare: withoutLimits });
  const api = createApiCaller(listening.app);
  pat = api.customer({ state: 'active' });
  const { clientId, clientSecret } = api.application('partner');
  partner = createClient({ baseUrl: listening.baseUrl, institutionId, clientId, clientSecret });
});
afterAll(() => listening.app.close());

test('each thing that is done is found under its event id, with who, by which application and under which trace id', async () => {
  const { app } = listening;
  const api = createApiCaller(app);
  const { customerId, loginId } = pat;
  for (let attempt = 0; attempt < 5; attempt += 1) await api.signIn(loginId, 'wrong password');
  const traceId = randomUUID();
  await partner.unlockUser({ customerId }, { traceId });
  const token = await api.userToken(pat);
  await partner.updateContactInfo({ customerId, body: { email: { emailAddress: 'pat.new@example.com' } } });
  const { contactMethods } = await partner.listContactMethods({ customerId });
  const [first] = contactMethods;
  await partner.sendPasscode({ customerId, body: { contactMethodId: first?.id ?? '', protocol: 'SMS' } });
  await revokeToken(app.http, api.application('mobile'), token);

  const found = await partner.searchBankingActivities({ body: { ...lastDay(), userId: loginId, userIdType: 'loginId' } });
  const rows = [...(found?.bankingActivities ?? [])].reverse();
  expect(rows.map((row) => [row['eventid'], row['result'], row['errorcode']])).toEqual([
    ...Array(5).fill(['login', 'Failure', 'wrong_password']),
    ['lockUser', 'Success', undefined],
    ['unlockUser', 'Success', undefined],
    ['login', 'Success', undefined],
    ['apiUse', 'Success', undefined],
    ['contactInfoChange', 'Success', undefined],
    ['resetPassword', 'Success', undefined],
    ['logout', 'Success', undefined],
  ]);
  expect(rows[6]).toMatchObject({ reqctx_id: traceId, glappid: api.application('partner').clientId, reqctx_loginid: loginId });
  expect(rows[7]).toMatchObject({ glappid: api.application('mobile').clientId, member: pat.memberNumber });
  expect(rows[8]?.['reqctx_sessionid']).toBeDefined();
  for (const secret of ['wrong password', 'pat.new@example.com', ...contactMethods.map(({ contactInfo }) => contactInfo ?? '?')])
    expect(JSON.stringify(rows)).not.toContain(secret);
});

test('what is done to the institution is found as system events', async () => {
  const api = createApiCaller(listening.app);
  await api.control('PUT', '/switches/debug.rules', { value: true });
  const found = await partner.searchBankingActivities({ body: { ...lastDay(), eventType: 'system' } });
  expect(found?.bankingActivities[0]).toMatchObject({ eventid: 'institutionChange', type: 'switch', eventtype: 'Audit' });
});

test('the SDK answers undefined where nothing is found, and errors by name', async () => {
  expect(await partner.searchBankingActivities({ body: { ...lastDay(), eventIds: ['no such event'] } })).toBeUndefined();
  const { startTime, endTime } = lastDay();
  const refused = await partner
    .searchBankingActivities({ body: { startTime: endTime, endTime: startTime } })
    .catch((error: unknown) => error);
  expect(isOpenbranchError(refused, 'searchBankingActivities', 'windowReversed')).toBe(true);
});

test('fetch with the headers that it sends by itself reads the answer', async () => {
  const token = await createApiCaller(listening.app).partnerToken();
  const response = await fetch(`${listening.baseUrl}/v1/banking-activities`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, transactionId: randomUUID(), 'content-type': 'application/json' },
    body: JSON.stringify(lastDay()),
  });
  expect([response.status, response.headers.get('content-encoding')]).toEqual([200, 'gzip']);
  expect(await response.json()).toMatchObject({ count: expect.any(Number) });
});
