import { randomUUID } from 'node:crypto';
import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { eventually } from '@openbranch/testkit/eventually';
import { createJsonCall, type JsonCall } from '@openbranch/testkit/json-call';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, expect, test } from 'vitest';

let app: TestApp;
let api: ApiCaller;
let call: JsonCall;
let person: Customer;

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits, runsJobs: true });
  api = createApiCaller(app);
  call = createJsonCall(api, await api.partnerToken());
  person = api.customer({ state: 'active', userType: 'RETAIL', role: 'PRIMARY' });
});
afterAll(() => app.close());

const of = () => `?loginId=${encodeURIComponent(person.loginId)}`;
const newEvent = () => ({
  eventDomainType: 'user',
  eventDetails: { eventId: randomUUID(), eventType: 'PASSWORD_CHANGED', institutionId: api.institutionId },
  user: {},
});
const setLocale = async (policy: object) => expect((await api.control('PUT', '/policies/alerts', policy)).statusCode).toBe(200);
const words = (subject: string) => [
  { channelType: 'EMAIL', templateContentType: 'EMAIL_SUBJECT', templateContent: subject },
  { channelType: 'EMAIL', templateContentType: 'EMAIL_BODY', templateContent: `<p>${subject}</p>` },
];
const simulated = async () => {
  const { outcomes } = (await call('POST', `/v1/alert-events/simulations${of()}`, newEvent())).json();
  return outcomes[0].channels[0].contents?.EMAIL_SUBJECT;
};
const told = async () => {
  const event = newEvent();
  expect((await call('POST', `/v1/realtime-events${of()}`, event)).statusCode).toBe(202);
  const { eventId } = event.eventDetails;
  const query = `/v1/alert-history${of()}&eventIds=${eventId}&emailStatus=SUCCESS`;
  const row = await eventually(async () => (await call('GET', query)).json().alertHistorySummaryResources[0]);
  return [row.messageSummary, row.additionalInfo.locale];
};

test("words are in the institution's language where there are such, else in English; pipeline, history and simulation agree", async () => {
  for (const [locale, subject] of [
    ['es', 'Su clave ha cambiado'],
    ['en_US', 'Password changed'],
  ] as const) {
    const template = { alertTypeName: 'PASSWORD_CHANGED', locale, state: 'PUBLISHED', templateContents: words(subject) };
    expect((await call('POST', '/v1/alert-templates', template)).statusCode).toBe(201);
  }
  expect([await simulated(), await told()]).toEqual(['Password changed', ['Password changed', 'en_US']]);
  await setLocale({ defaultLocale: 'es' });
  expect([await simulated(), await told()]).toEqual(['Su clave ha cambiado', ['Su clave ha cambiado', 'es']]);
  await setLocale({ defaultLocale: 'fr_CA' });
  expect([await simulated(), await told()]).toEqual(['Password changed', ['Password changed', 'en_US']]);
  await setLocale({});
});
