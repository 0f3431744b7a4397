import { randomUUID } from 'node:crypto';
import { get } from 'node:http';
import { type Client, createClient } from '@openbranch/sdk';
import { type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { eventually } from '@openbranch/testkit/eventually';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** From an event to the phone, through the SDK and over TCP; then with one link of the chain broken at each stage. */
let app: TestApp;
let baseUrl: string;
let partner: Client;
let pat: Customer;
const institutionId = '00042';
const alertTypeName = 'WEATHER_WARNING';
const channelTypeName = 'SMS' as const;
const variable = (name: string): string => `\${${name}}`;
let alertTypeId: number;
let institutionAlertTypeId: number;
let alertTemplateResourceId: number;

beforeAll(async () => {
  app = await createTestApp({
    publicUrl: () => baseUrl,
    prepare: withoutLimits,
    runsJobs: true,
    delivery: { maxBulkAttempts: 2, bulkRetrySeconds: () => 0 },
  });
  baseUrl = await app.http.listen({ port: 0, host: '127.0.0.1' });
  const api = createApiCaller(app);
  pat = api.customer({ state: 'active', userType: 'RETAIL', role: 'PRIMARY' });
  const { clientId, clientSecret } = api.application('partner');
  partner = createClient({ baseUrl, institutionId, clientId, clientSecret, sandboxKey: app.sandbox.sandboxKey });
  const type = { alertTypeName, alertCategory: 'CUSTOM', eventTypeDomain: 'NOTIFICATION', channels: 'SMS,PUSH' };
  ({ alertTypeId } = await partner.createAlertType({ body: type }));
  const optIn = { alertTypeName, channelsOptd: 'SMS,PUSH' };
  ({ institutionAlertTypeId } = await partner.createInstitutionAlertType({ body: optIn }));
  const created = await partner.createAlertTemplate({
    body: {
      alertTypeName,
      state: 'PUBLISHED',
      templateContents: [
        { channelType: 'SMS', templateContentType: 'SMS_BODY', templateContent: `${variable('WHAT')} in ${variable('WHERE')}` },
        { channelType: 'PUSH', templateContentType: 'PUSH_BODY', templateContent: `${variable('WHAT')}!` },
      ],
    },
  });
  alertTemplateResourceId = created.alertTemplateResourceId;
  await partner.createInstitutionAlertPreference({ body: { alertTypeName, channelTypeName, alertOpted: true } });
});
afterAll(() => app.close());

async function publish(rest: object = {}, eventType = alertTypeName): Promise<string> {
  const eventId = randomUUID();
  const event = {
    eventDomainType: 'notification',
    eventDetails: { eventId, eventType, institutionId },
    notification: { What: 'Storm', Id: eventId },
    ...rest,
  };
  await partner.publishAlertEvent({ loginId: pat.loginId, body: event });
  return eventId;
}

const explained = (eventId: string) =>
  eventually(async () => {
    const found = await partner.explainAlertEvent({ eventId });
    return found.state === 'SETTLED' || found.state === 'DROPPED' ? found : undefined;
  });
const simulated = async (rest: object = {}, eventType = alertTypeName) => {
  const eventDetails = { eventId: 'none', eventType, institutionId };
  const event = { eventDomainType: 'notification', eventDetails, notification: { What: 'Storm' }, ...rest };
  return (await partner.simulateAlertEvent({ loginId: pat.loginId, body: event })).outcomes;
};

test('an event is in the inbox, in the history and explained, link by link', async () => {
  const would = await simulated();
  const eventId = await publish();
  const message = await partner.waitForMessage({ institutionId, contains: 'Storm in', timeoutMs: '5000' });
  expect(message).toMatchObject({ channel: 'SMS', text: 'Storm in ', template: alertTypeName });
  const found = await explained(eventId);
  expect(found.outcomes).toMatchObject([
    {
      institutionUserId: pat.institutionUserId,
      channels: [
        {
          channel: 'SMS',
          preference: { owner: 'institution' },
          template: { alertTemplateResourceId, version: 1 },
          unresolved: ['WHERE'],
          deliveries: [{ messageId: message.messageId, status: 'SUCCESS', tries: 1 }],
        },
        { channel: 'PUSH', reason: 'CHANNEL_NOT_OPTED' },
      ],
    },
  ]);
  const { alertHistorySummaryResources: history } = await partner.listAlertHistory({ loginId: pat.loginId, eventIds: eventId });
  expect(history).toMatchObject([{ eventId, alertTypeName, channelInfo: { SMS: 'SUCCESS' }, messageSummary: 'Storm in ' }]);
  expect(await partner.getAlertHistoryContent({ eventId })).toMatchObject({ smsContent: 'Storm in ' });
  // The simulation before it had said the same, and had sent nothing.
  const channels = found.outcomes[0]?.channels.map(({ deliveries: _sent, ...link }) => link);
  expect(would[0]?.channels.map(({ contactMethodIds: _to, contents: _words, ...link }) => link)).toEqual(channels);
  expect(would[0]?.channels[0]?.contents).toEqual({ SMS_BODY: 'Storm in ' });
  expect((await partner.listInbox({ institutionId })).messages.filter(({ text }) => text.startsWith('Storm'))).toHaveLength(1);
});

/** How a link is broken, and mended. */
interface Breakage {
  readonly reason: string;
  readonly breakIt: () => Promise<unknown>;
  readonly mendIt: () => Promise<unknown>;
  readonly event?: object;
  readonly eventType?: string;
}

const nothing = async (): Promise<void> => undefined;
const sql = () => app.database.sql;
const setActivated = (isActivated: boolean) => sql()`
  update contact_methods set is_activated = ${isActivated} where institution_user_id = ${pat.institutionUserId}`;
const templateIn = (state: 'ARCHIVED' | 'DRAFT' | 'PUBLISHED') =>
  partner.updateAlertTemplate({ body: { alertTemplateResourceId, alertTypeName, state } });
let ownPreferenceId = 0;
const wish = async (preference: object) => {
  const body = { alertOpted: true, alertPreferenceDetails: { alertTypeName, channelTypeName }, ...preference };
  const created = await partner.createAlertPreference({ loginId: pat.loginId, body });
  ownPreferenceId = created.alertPreferenceDetails.alertPrefId;
};
const unwish = () => partner.deleteAlertPreference({ alertPreferenceId: String(ownPreferenceId), loginId: pat.loginId });

const breakages: readonly Breakage[] = [
  { reason: 'UNKNOWN_TYPE', eventType: 'NO_SUCH_TYPE', breakIt: nothing, mendIt: nothing },
  {
    reason: 'TYPE_INACTIVE',
    breakIt: () => partner.updateAlertType({ body: { alertTypeId, status: 'INACTIVE' } }),
    mendIt: () => partner.updateAlertType({ body: { alertTypeId, status: 'ACTIVE' } }),
  },
  {
    reason: 'NOT_WHITELISTED',
    breakIt: () => partner.updateInstitutionAlertType({ body: { institutionAlertTypeId, statusOptd: 'INACTIVE' } }),
    mendIt: () => partner.updateInstitutionAlertType({ body: { institutionAlertTypeId, statusOptd: 'ACTIVE' } }),
  },
  { reason: 'WRONG_DOMAIN', event: { eventDomainType: 'user', user: {} }, breakIt: nothing, mendIt: nothing },
  {
    reason: 'CHANNEL_NOT_OPTED',
    breakIt: () => partner.updateInstitutionAlertType({ body: { institutionAlertTypeId, channelsOptd: 'PUSH' } }),
    mendIt: () => partner.updateInstitutionAlertType({ body: { institutionAlertTypeId, channelsOptd: 'SMS,PUSH' } }),
  },
  {
    reason: 'ACCOUNT_TYPE',
    event: { account: { type: { value: 'SAVINGS' } } },
    breakIt: () => partner.updateAlertType({ body: { alertTypeId, applicableAccountTypes: 'CHECKING' } }),
    mendIt: () => partner.updateAlertType({ body: { alertTypeId, applicableAccountTypes: 'ALL' } }),
  },
  { reason: 'USER_OPTED_OUT', breakIt: () => wish({ alertOpted: false }), mendIt: unwish },
  { reason: 'NO_DESTINATION', breakIt: () => setActivated(false), mendIt: () => setActivated(true) },
  {
    reason: 'NO_TEMPLATE',
    breakIt: () => templateIn('ARCHIVED'),
    mendIt: async () => {
      await templateIn('DRAFT');
      await templateIn('PUBLISHED');
    },
  },
];

describe('one broken link', () => {
  test.each(breakages.map((one) => [one.reason, one] as const))(
    'is named by the explanation and by the simulation: %s',
    async (reason, one) => {
      await one.breakIt();
      try {
        expect(await simulated(one.event, one.eventType)).toMatchObject([{ reason }]);
        const eventId = await publish(one.event, one.eventType);
        expect(await explained(eventId)).toMatchObject({ state: 'DROPPED', outcomes: [{ reason }] });
        expect(
          (await partner.listAlertHistory({ loginId: pat.loginId, eventIds: eventId })).alertHistorySummaryResources,
        ).toEqual([]);
      } finally {
        await one.mendIt();
      }
      expect(await explained(await publish())).toMatchObject({
        state: 'SETTLED',
        outcomes: [{ channels: [{ channel: 'SMS' }, {}] }],
      });
    },
  );

  test('is named: CONDITION_NOT_MET', async () => {
    const details = { alertTypeName: 'LARGE_TRANSACTION', channelTypeName };
    const additionalInfo = { threshold: 100, comparator: 'GE' };
    await partner.createAlertPreference({
      loginId: pat.loginId,
      body: { alertOpted: true, alertPreferenceDetails: details, additionalInfo },
    });
    const moved = (amount: number) => ({
      eventDomainType: 'transaction',
      transaction: { amount: { currencyCode: 'USD', amount } },
    });
    expect(await simulated(moved(99.99), 'LARGE_TRANSACTION')).toMatchObject([{ reason: 'CONDITION_NOT_MET' }]);
    const small = await publish(moved(99.99), 'LARGE_TRANSACTION');
    expect(await explained(small)).toMatchObject({ outcomes: [{ reason: 'CONDITION_NOT_MET' }] });
    expect(await explained(await publish(moved(100), 'LARGE_TRANSACTION'))).toMatchObject({ state: 'SETTLED' });
  });
});

describe('a provider that does wrong', () => {
  const arm = (kind: 'SLOW' | 'REFUSES' | 'FAILS' | 'ANSWERS_TWICE', rest: object = {}) =>
    partner.armFault({ institutionId, body: { channel: channelTypeName, kind, ...rest } });
  const smsOf = async (eventId: string) => {
    const [outcome] = (await explained(eventId)).outcomes;
    return { reason: outcome?.reason, deliveries: outcome?.channels[0]?.deliveries };
  };

  test('is armed, listed and disarmed', async () => {
    const armed = await arm('SLOW', { delayMs: 5 });
    expect(armed).toEqual({ institutionId, channel: 'SMS', kind: 'SLOW', percent: 100, delayMs: 5 });
    expect(await partner.listFaults({ institutionId })).toEqual({ faults: [armed], callFaults: [] });
    expect(await smsOf(await publish())).toMatchObject({ reason: undefined, deliveries: [{ status: 'SUCCESS' }] });
    await partner.disarmFaults({ institutionId, channel: 'SMS' });
    expect(await partner.listFaults({ institutionId })).toEqual({ faults: [], callFaults: [] });
  });

  test('refuses for good: FAILURE after one try, PROVIDER_REFUSED, and the history says so', async () => {
    await arm('REFUSES');
    const eventId = await publish();
    expect(await smsOf(eventId)).toMatchObject({
      reason: 'PROVIDER_REFUSED',
      deliveries: [{ status: 'FAILURE', tries: 1, failure: 'provider_refused' }],
    });
    const failed = await partner.listAlertHistory({ loginId: pat.loginId, eventIds: eventId, smsStatus: 'FAILURE' });
    expect(failed.alertHistorySummaryResources).toMatchObject([{ eventId, channelInfo: { SMS: 'FAILURE' } }]);
    await partner.disarmFaults({ institutionId });
  });

  test('is down: FAILURE after all tries; events are taken meanwhile', async () => {
    await arm('FAILS');
    expect(await smsOf(await publish())).toMatchObject({
      reason: 'PROVIDER_REFUSED',
      deliveries: [{ status: 'FAILURE', tries: 2, failure: 'provider_failed' }],
    });
    await partner.disarmFaults({ institutionId });
  });

  test('answers twice: one message, one SUCCESS', async () => {
    await arm('ANSWERS_TWICE');
    const eventId = await publish({ notification: { What: 'Twice' } });
    expect(await smsOf(eventId)).toMatchObject({ deliveries: [{ status: 'SUCCESS', tries: 1 }] });
    const { messages } = await partner.listInbox({ institutionId });
    expect(messages.filter(({ text }) => text.startsWith('Twice'))).toHaveLength(1);
    await partner.disarmFaults({ institutionId });
  });
});

test('a push alert is shown in the inbox, whose page is told of it at once', async () => {
  await sql()`
    with token as (
      insert into contact_methods (institution_id, institution_user_id, protocol, contact_info, enrolled_at)
      values (${institutionId}, ${pat.institutionUserId}, 'TOKEN', 'device-token', now()) returning contact_method_id)
    insert into alert_destinations (institution_id, contact_method_id, product_id, notification_app_id, institution_user_id,
      protocol, is_primary)
    select ${institutionId}, contact_method_id, 'DIGITAL', 'ALERTS', ${pat.institutionUserId}, 'TOKEN', true from token`;
  await partner.createAlertPreference({
    loginId: pat.loginId,
    body: { alertOpted: true, alertPreferenceDetails: { alertTypeName, channelTypeName: 'PUSH' } },
  });
  const headers = { 'x-sandbox-key': app.sandbox.sandboxKey };
  let told = '';
  const stream = get(`${baseUrl}/inbox/events`, { headers, agent: false }, (answer) => {
    answer.on('data', (part) => (told += String(part)));
  }).on('error', () => undefined);
  await eventually(() => told.includes('retry'));
  await publish({ notification: { What: 'Hail' } });
  const message = await partner.waitForMessage({ institutionId, contains: 'Hail!', timeoutMs: '5000' });
  expect(message).toMatchObject({ channel: 'PUSH', to: 'device-token', text: 'Hail!' });
  await eventually(() => told.includes(message.messageId));
  stream.destroy();
});

test('what our own products do is told: sign-in, lock, unlock', async () => {
  const api = createApiCaller(app);
  const wanted = ['LOGIN', 'USER_LOCKED', 'USER_UNLOCKED'];
  const outcomes = () => sql()<{ alert_type_name: string; reason: string | null }[]>`
    select o.alert_type_name, o.reason from alert_outcomes o join alert_events e using (institution_id, event_id)
    where o.institution_user_id = ${pat.institutionUserId} and e.producer = 'OWN' order by o.alert_outcome_id`;
  await api.signIn(pat.loginId, pat.password);
  for (let attempt = 0; attempt < 6; attempt += 1) await api.signIn(pat.loginId, 'wrong password');
  await partner.unlockUser({ customerId: pat.customerId });
  const rows = await eventually(async () => {
    const found = await outcomes();
    return found.length >= wanted.length ? found : undefined;
  });
  expect(rows).toEqual([
    { alert_type_name: 'LOGIN', reason: 'CHANNEL_NOT_OPTED' },
    { alert_type_name: 'USER_LOCKED', reason: null },
    { alert_type_name: 'USER_UNLOCKED', reason: null },
  ]);
});

test('a changed password is told by mail, though nobody asked for it', async () => {
  const { customerId, institutionUserId } = pat;
  const methods = await partner.listContactMethods({ customerId });
  const contactMethodId = methods?.contactMethods[0]?.id ?? '';
  await partner.sendPasscode({ customerId, body: { contactMethodId } });
  const { passcode = '' } = await partner.waitForMessage({ institutionId, contains: 'passcode', timeoutMs: '5000' });
  const { resetSession } = await partner.verifyPasswordReset({ customerId, body: { passcode } });
  await partner.completePasswordReset({ customerId, body: { resetSession, newPassword: 'Green@kite8' } });
  expect(await ownOutcomes('PASSWORD_CHANGED', institutionUserId)).toEqual([{ reason: null }]);
  const message = await partner.waitForMessage({ institutionId, contains: 'password was changed', timeoutMs: '5000' });
  expect(message).toMatchObject({ channel: 'EMAIL', to: pat.emailAddress });
});

test('a changed address is told where the institution has a type for it', async () => {
  const { customerId, institutionUserId } = pat;
  const change = (emailAddress: string) => partner.updateContactInfo({ customerId, body: { email: { emailAddress } } });
  await change('pat.first@example.com');
  expect(await ownOutcomes('CONTACT_CHANGED', institutionUserId)).toEqual([{ reason: 'UNKNOWN_TYPE' }]);
  const type = { alertTypeName: 'CONTACT_CHANGED', alertCategory: 'SECURITY', eventTypeDomain: 'USER', channels: 'SMS' };
  await partner.createAlertType({ body: type });
  await partner.createInstitutionAlertType({ body: { alertTypeName: 'CONTACT_CHANGED', channelsOptd: 'SMS' } });
  const words = [
    { channelType: 'SMS', templateContentType: 'SMS_BODY', templateContent: 'We have a new address of yours.' },
  ] as const;
  await partner.createAlertTemplate({
    body: { alertTypeName: 'CONTACT_CHANGED', state: 'PUBLISHED', templateContents: [...words] },
  });
  await partner.createInstitutionAlertPreference({
    body: { alertTypeName: 'CONTACT_CHANGED', channelTypeName, alertOpted: true },
  });
  await change('pat.second@example.com');
  expect(await partner.waitForMessage({ institutionId, contains: 'a new address of yours', timeoutMs: '5000' })).toMatchObject({
    template: 'CONTACT_CHANGED',
  });
});

/** What became of the events of one kind that our own products have published of a user, when there is something. */
function ownOutcomes(alertTypeName: string, institutionUserId: string) {
  return eventually(async () => {
    const rows = await sql()`
      select o.reason from alert_outcomes o join alert_events e using (institution_id, event_id)
      where o.institution_user_id = ${institutionUserId} and e.producer = 'OWN' and o.alert_type_name = ${alertTypeName}`;
    return rows.length > 0 ? [...rows] : undefined;
  });
}
