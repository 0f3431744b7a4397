import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { createJsonCall, type JsonCall } from '@openbranch/testkit/json-call';
import { createMessagingCall } from '@openbranch/testkit/messaging-call';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, expect, test } from 'vitest';

let app: TestApp;
let api: ApiCaller;
let call: JsonCall;
let person: Customer;

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits });
  api = createApiCaller(app);
  call = createJsonCall(api, await api.partnerToken());
  person = api.customer({ state: 'active', userType: 'RETAIL', role: 'PRIMARY' });
  const messaging = createMessagingCall(api, await api.legacyToken());
  const subscription = `<Subscription><eventTypeId>PARTNER_NOTICE</eventTypeId><subscriptionEventConditionsMap><map>
    <entry><key>balance.lt</key><value>100</value></entry></map></subscriptionEventConditionsMap><subscriptionActions>
    <subscriptionAction><name>SMS</name></subscriptionAction></subscriptionActions></Subscription>`;
  const path = `/subscriptions/v1/fis/${api.institutionId}/fiCustomers/${person.customerId}/subscriptions`;
  expect((await messaging('POST', path, subscription)).statusCode).toBe(200);
});
afterAll(() => app.close());

const path = '/v1/alert-events/simulations';
const eventWith = (rest: object) => ({
  eventDetails: { eventId: 'none', eventType: 'PARTNER_NOTICE', institutionId: api.institutionId },
  ...rest,
});
const simulated = async (rest: object, headers: Record<string, string> = {}) => {
  const answer = await call('POST', path, eventWith(rest), { institutionCustomerId: person.customerId, ...headers });
  expect([answer.statusCode, answer.body]).toEqual([200, expect.any(String)]);
  return answer.json().outcomes;
};

test('of an event without a domain asks the subscriptions, as for an event of V1', async () => {
  const [sent] = await simulated({ notification: { Message: 'Low', balance: 72.1 } });
  expect(sent).toMatchObject({ channels: [{ channel: 'SMS', contents: { SMS_BODY: 'Low' } }] });
  expect(sent).not.toHaveProperty('reason');
  expect(await simulated({ notification: { Message: 'Low', balance: '172.10' } })).toMatchObject([
    { reason: 'CONDITION_NOT_MET', channels: [{ channel: 'SMS', reason: 'CONDITION_NOT_MET' }] },
  ]);
  expect(await simulated({ eventDomainType: 'notification', notification: { Message: 'Low', balance: 72.1 } })).toMatchObject([
    { reason: 'CHANNEL_NOT_OPTED' },
  ]);
  expect(await refusalOf(call('POST', path, eventWith({}), { institutionCustomerId: person.customerId }))).toEqual([
    400,
    'PRMSYS_10002',
  ]);
});

test('names the customer who is meant, in the body or in the header', async () => {
  const rest = { eventDomainType: 'notification', notification: { Message: 'Hello' } };
  const outcome = { institutionUserId: person.institutionUserId, institutionCustomerId: person.customerId };
  expect(await simulated(rest)).toMatchObject([outcome]);
  const details = { ...eventWith(rest).eventDetails, institutionCustomerId: person.customerId };
  const answer = await call('POST', path, { ...eventWith(rest), eventDetails: details });
  expect(answer.json().outcomes).toMatchObject([outcome]);
});
