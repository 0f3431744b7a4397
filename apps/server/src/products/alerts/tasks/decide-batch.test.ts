import { randomUUID } from 'node:crypto';
import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { eventually } from '@openbranch/testkit/eventually';
import { createJsonCall, type JsonCall } from '@openbranch/testkit/json-call';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openExplainedDatabase } from '../../../../test/explained-database.ts';
import type { AddressedEvent } from '../domain/alert-event.ts';
import { loadAlertCatalogue } from '../store/alert-catalogue.ts';
import { createCompile } from './alert-catalogues.ts';
import { decideBatch } from './decide-batch.ts';

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

describe('an event of money', () => {
  const eventOf = (eventType: string, institutionUserId: string): AddressedEvent => ({
    eventId: `${eventType}.t1`,
    eventType,
    domain: 'ACCOUNT',
    occurredAt: new Date('2026-06-19T09:21:33Z'),
    addressee: { kind: 'users', institutionUserIds: [institutionUserId], customerId: undefined },
    isOfMoney: true,
    parts: { account: { id: 'a1', availableBalance: { currencyCode: 'USD', amount: 72.1 } } },
  });
  /** @returns What was decided, and the tables that were asked for users. */
  const decide = async (...events: readonly AddressedEvent[]) => {
    const asked: string[] = [];
    const counted = await openExplainedDatabase(app.target, ({ text }) => void asked.push(text));
    const { institutionId } = api;
    const catalogue = await loadAlertCatalogue(app.database.sql, institutionId);
    const institution = { institutionId, defaultLocale: 'en_US', catalogue };
    const { decided } = await decideBatch(counted.sql, institution, events, createCompile());
    await counted.close();
    const tables = ['alert_preferences', 'alert_destinations', 'alert_silences'];
    const found = tables.filter((table) => asked.some((text) => new RegExp(`\\b${table}\\b`, 'u').test(text)));
    return { decided: decided.map(({ event, outcome }) => [event.eventType, outcome.reason]), asked: found };
  };

  test('that nobody wants to hear of is not decided, and no more is asked than who wants to hear', async () => {
    const events = ['LOW_BALANCE', 'HIGH_BALANCE', 'NO_SUCH_TYPE'].map((type) => eventOf(type, person.institutionUserId));
    expect(await decide(...events)).toEqual({ decided: [], asked: ['alert_preferences'] });
    expect(await decide()).toEqual({ decided: [], asked: [] });
  });

  test('is decided for whoever has a preference, also one that says no, and for nobody else', async () => {
    const alertPreferenceDetails = { alertTypeName: 'LOW_BALANCE', channelTypeName: 'EMAIL' };
    const wish = { alertOpted: false, alertPreferenceDetails, additionalInfo: { threshold: 100, comparator: 'LT' } };
    expect((await call('POST', `/v1/alert-preferences${of()}`, wish)).statusCode).toBe(201);
    const own = ['LOW_BALANCE', 'HIGH_BALANCE'].map((type) => eventOf(type, person.institutionUserId));
    expect(await decide(...own, eventOf('LOW_BALANCE', 'somebody else'))).toEqual({
      decided: [['LOW_BALANCE', 'USER_OPTED_OUT']],
      asked: ['alert_preferences', 'alert_destinations', 'alert_silences'],
    });
  });
});
