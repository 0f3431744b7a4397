import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { eventually } from '@openbranch/testkit/eventually';
import { createJsonCall, type JsonCall } from '@openbranch/testkit/json-call';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signWebhook } from '../platform/delivery/webhook-signature.ts';

const secret = 'a-secret-of-the-webhook-that-is-long-enough';
let app: TestApp;
let production: TestApp;
let service: Server;
let api: ApiCaller;
let call: JsonCall;
let person: Customer;

beforeAll(async () => {
  service = createServer((request, response) => {
    request.resume();
    response.end('{"reference":"p-1"}');
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = service.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`;
  app = await createTestApp({ prepare: withoutLimits });
  production = await createTestApp({
    sharedWith: app,
    mode: 'production',
    runsJobs: true,
    providers: { mail: undefined, webhook: { url, secret } },
  });
  api = createApiCaller(production);
  call = createJsonCall(api, await api.partnerToken());
  person = api.customer({ state: 'active', userType: 'RETAIL', role: 'PRIMARY' });
  const wish = { alertOpted: true, alertPreferenceDetails: { alertTypeName: 'PARTNER_NOTICE', channelTypeName: 'SMS' } };
  expect((await call('POST', `/v1/alert-preferences${query()}`, wish)).statusCode).toBe(201);
});
afterAll(async () => {
  await production.close();
  await app.close();
  service.closeAllConnections();
  service.close();
});

const query = () => `?loginId=${encodeURIComponent(person.loginId)}`;
const outcomeOf = async (eventId: string) => {
  const found = (await call('GET', `/v1/alert-events/${eventId}/explanation`)).json();
  return found.state === 'SETTLED' ? found.outcomes[0] : undefined;
};
/** An alert that the provider has taken. */
async function takenAlert(): Promise<{ eventId: string; messageId: string }> {
  const eventId = randomUUID();
  const event = {
    eventDomainType: 'notification',
    eventDetails: { eventId, eventType: 'PARTNER_NOTICE', institutionId: api.institutionId },
    notification: { Message: 'Hello' },
  };
  expect((await call('POST', `/v1/realtime-events${query()}`, event)).statusCode).toBe(202);
  const outcome = await eventually(() => outcomeOf(eventId));
  const [sms] = outcome.channels.filter(({ channel }: { channel: string }) => channel === 'SMS');
  expect(sms.deliveries).toMatchObject([{ status: 'SUCCESS', tries: 1 }]);
  return { eventId, messageId: sms.deliveries[0].messageId };
}
const say = async (body: object | string, changes: { key?: string; ageSeconds?: number; signed?: string } = {}) => {
  const payload = typeof body === 'string' ? body : JSON.stringify(body);
  const timestamp = Math.floor(Date.now() / 1000) - (changes.ageSeconds ?? 0);
  const answer = await production.http.inject({
    method: 'POST',
    url: '/delivery/v1/callbacks',
    headers: {
      'content-type': 'application/json',
      'openbranch-timestamp': String(timestamp),
      'openbranch-signature': signWebhook(changes.key ?? secret, timestamp, changes.signed ?? payload),
    },
    payload,
  });
  return answer.statusCode;
};
const statusOf = async (eventId: string) => {
  const { deliveries } = (await outcomeOf(eventId)).channels.find(({ channel }: { channel: string }) => channel === 'SMS');
  return deliveries[0];
};

test('the history follows what the provider says of a message afterwards', async () => {
  const { eventId, messageId } = await takenAlert();
  expect(await say({ institutionId: api.institutionId, messageId, status: 'failed', reason: 'unknown_number' })).toBe(204);
  expect(await statusOf(eventId)).toMatchObject({ status: 'FAILURE', failure: 'unknown_number' });
  const history = await call('GET', `/v1/alert-history${query()}&smsStatus=FAILURE`);
  expect(history.json().alertHistorySummaryResources).toMatchObject([{ eventId, channelInfo: { SMS: 'FAILURE' } }]);
});

test('the first word counts: a repetition answers the same and changes nothing, and so does another word', async () => {
  const { eventId, messageId } = await takenAlert();
  const delivered = { institutionId: api.institutionId, messageId, status: 'delivered' };
  expect([await say(delivered), await say(delivered)]).toEqual([204, 204]);
  expect(await say({ ...delivered, status: 'failed' })).toBe(204);
  expect(await statusOf(eventId)).toMatchObject({ status: 'SUCCESS' });
});

test('nobody without the secret, and nobody with an old request, changes anything', async () => {
  const { eventId, messageId } = await takenAlert();
  const failed = { institutionId: api.institutionId, messageId, status: 'failed' };
  expect(await say(failed, { key: 'another-secret-that-is-long-enough-too' })).toBe(401);
  expect(await say(failed, { ageSeconds: 301 })).toBe(401);
  expect(await say(failed, { ageSeconds: -301 })).toBe(401);
  expect(await say(failed, { signed: '{}' })).toBe(401);
  const unsigned = await production.http.inject({ method: 'POST', url: '/delivery/v1/callbacks', payload: failed });
  expect(unsigned.statusCode).toBe(401);
  expect(await statusOf(eventId)).toMatchObject({ status: 'SUCCESS' });
});

test('what is malformed, unknown, too large or of another institution is refused', async () => {
  const { messageId } = await takenAlert();
  expect(await say('{')).toBe(400);
  expect(await say({ institutionId: api.institutionId, messageId, status: 'lost' })).toBe(400);
  expect(await say({ institutionId: api.institutionId, messageId: 'x', status: 'failed' })).toBe(400);
  expect(await say({ institutionId: api.institutionId, messageId: randomUUID(), status: 'failed' })).toBe(404);
  expect(await say({ institutionId: '00043', messageId, status: 'failed' })).toBe(404);
  expect(await say({ text: 'x'.repeat(20_000) })).toBe(401);
});

test('a sandbox, which has no provider, has no such address', async () => {
  const answer = await app.http.inject({ method: 'POST', url: '/delivery/v1/callbacks', payload: {} });
  expect(answer.statusCode).toBe(404);
});
