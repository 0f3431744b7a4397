import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { createJsonCall, type JsonCall } from '@openbranch/testkit/json-call';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPersonalData } from '../../../platform/personal-data/open-personal-data.ts';
import { createEventBox } from '../../alerts/index.ts';

let app: TestApp;
let api: ApiCaller;
let call: JsonCall;

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits, hasBooks: true });
  api = createApiCaller(app);
  call = createJsonCall(api, await api.partnerToken());
});
afterAll(() => app.close());

interface Summary {
  readonly alertHistoryId: number;
  readonly eventId: string;
  readonly alertTypeName: string;
  readonly channelInfo: Readonly<Record<string, string>>;
  readonly messageSummary: string;
  readonly jsonMessageSummary: string;
  readonly readFlag: boolean;
  readonly additionalInfo: { readonly accountId?: string; readonly attempts: number };
}

const at = (place: number): Customer => {
  const found = api.institution.customers[place];
  if (found === undefined) throw new Error('The seed has ten customers.');
  return found;
};
const of = (customer: Customer) => `?loginId=${encodeURIComponent(customer.loginId)}`;
const preferences = async (customer: Customer) => {
  const answer = await call('GET', `/v1/alert-preferences${of(customer)}`);
  expect([answer.statusCode, answer.body]).toEqual([200, expect.any(String)]);
  return answer.json().alertPreferences;
};
const history = async (customer: Customer): Promise<Summary[]> => {
  const answer = await call('GET', `/v1/alert-history${of(customer)}`);
  expect([answer.statusCode, answer.body]).toEqual([200, expect.any(String)]);
  return answer.json().alertHistorySummaryResources;
};
const everybody = async (): Promise<Summary[]> => (await Promise.all(api.institution.customers.map(history))).flat();
const explain = async (eventId: string) => (await call('GET', `/v1/alert-events/${eventId}/explanation`)).json();

describe('the preferences of a seeded customer', () => {
  test('are listed as sandbox.json shows them (L13)', async () => {
    for (const customer of api.institution.customers) {
      const wanted = 'alertPreferences' in customer ? customer.alertPreferences : [];
      if (wanted.length === 0) continue;
      const listed = await preferences(customer);
      expect(listed).toHaveLength(wanted.length);
      for (const { alertPrefId, alertTypeName, channel, alertOpted, ...rest } of wanted)
        expect(listed).toContainEqual(
          expect.objectContaining({
            alertOpted,
            alertPreferenceDetails: expect.objectContaining({ alertPrefId, alertTypeName, channelTypeName: channel }),
            ...('accountId' in rest
              ? { alertPreferenceAccountDetails: expect.objectContaining({ accountId: rest.accountId }) }
              : {}),
            ...('threshold' in rest ? { additionalInfo: expect.objectContaining({ threshold: rest.threshold }) } : {}),
          }),
        );
    }
  });

  test('are those of the institution where the customer has said nothing', async () => {
    const listed = await preferences(at(3));
    expect(listed.length).toBeGreaterThan(2);
    expect(listed.every((one: { defaultPreferences: boolean }) => one.defaultPreferences)).toBe(true);
  });

  test('go only where the customer has a destination, and name accounts that the customer reaches', async () => {
    const unreachable = await app.database.sql`
      select p.institution_user_id, p.channel from alert_preferences p
      where p.institution_id = ${api.institutionId} and p.channel <> 'WEB' and not exists (
        select 1 from alert_destinations d join contact_methods m using (institution_id, contact_method_id)
        where d.institution_id = p.institution_id and d.institution_user_id = p.institution_user_id and d.protocol = p.channel
          and d.notification_app_id = 'ALERTS' and m.is_activated)`;
    expect(unreachable).toEqual([]);
    for (const customer of api.institution.customers) {
      const reached = customer.accounts.map(({ accountId }) => accountId);
      const rows = await app.database.sql<{ account_id: string }[]>`
        select account_id from alert_preferences where institution_id = ${api.institutionId}
          and institution_user_id = ${customer.institutionUserId} and account_id is not null`;
      for (const { account_id } of rows) expect(reached).toContain(account_id);
    }
  });
});

describe('the history of a seeded institution', () => {
  test('shows alerts of every kind that somebody wants, some of them read, one that nobody took (L22)', async () => {
    const all = await everybody();
    const kinds = new Set(all.map(({ alertTypeName }) => alertTypeName));
    for (const kind of ['LARGE_TRANSACTION', 'LOW_BALANCE', 'LOGIN', 'PASSWORD_CHANGED', 'USER_LOCKED', 'USER_UNLOCKED'])
      expect(kinds).toContain(kind);
    expect(new Set(all.map(({ readFlag }) => readFlag))).toEqual(new Set([true, false]));
    expect(all.some(({ channelInfo }) => channelInfo['EMAIL'] === 'SUCCESS')).toBe(true);
    expect(all.some(({ channelInfo }) => channelInfo['SMS'] === 'SUCCESS')).toBe(true);
    const [missed] = all.filter(({ alertTypeName }) => alertTypeName === 'PASSWORD_CHANGED');
    expect(missed).toMatchObject({ channelInfo: { EMAIL: 'FAILURE' }, additionalInfo: { attempts: 3 } });
    expect(all.some(({ channelInfo }) => Object.values(channelInfo).includes('IN_PROCESS'))).toBe(false);
  });

  test('agrees with the transactions: every large one is on the account, of that amount, on that day', async () => {
    const large = (await history(at(0))).filter(({ alertTypeName }) => alertTypeName === 'LARGE_TRANSACTION');
    expect(large.length).toBeGreaterThan(5);
    for (const { eventId, jsonMessageSummary, additionalInfo } of large) {
      const [, amount] = /USD ([0-9]+\.[0-9]{2})/u.exec(jsonMessageSummary) ?? [];
      const [, accountKey, date] = /^LARGE_TRANSACTION\.seed-([0-9]+)-([0-9-]{10})-/u.exec(eventId) ?? [];
      const key = app.seed.ids.decode('account', api.institutionId, additionalInfo.accountId ?? '');
      expect(String(key?.accountKey)).toBe(accountKey);
      expect(
        await app.database.sql`
          select 1 from postings where institution_id = ${api.institutionId} and account_key = ${accountKey ?? ''}
            and transaction_date = ${date ?? ''} and abs(amount_minor) = ${Math.round(Number(amount) * 100)}`,
      ).not.toEqual([]);
    }
  });

  test('leaves a condition silent where, and only where, the balance is still on its side', async () => {
    const { sql } = app.database;
    const rows = await sql<{ account_id: string; threshold_minor: bigint; is_silent: boolean }[]>`
      select p.account_id, p.threshold_minor, s.channel is not null as is_silent
      from alert_preferences p left join alert_silences s on s.institution_id = p.institution_id
        and s.institution_user_id = p.institution_user_id and s.account_id = p.account_id and s.alert_type_id = p.alert_type_id
        and s.channel = p.channel
      where p.institution_id = ${api.institutionId} and p.alert_type_id = 1`;
    expect(rows.length).toBeGreaterThan(7);
    for (const { account_id, threshold_minor, is_silent } of rows) {
      const [account] = await sql<{ ledger_minor: bigint }[]>`
        select ledger_minor from account_balances
        where institution_id = ${api.institutionId} and account_key = ${keyOf(account_id)}`;
      expect(is_silent).toBe((account?.ledger_minor ?? 0n) < threshold_minor);
    }
  });

  test('opens the words that the templates of the catalogue make (L23)', async () => {
    const [salary] = (await history(at(0))).filter(({ alertTypeName }) => alertTypeName === 'LARGE_TRANSACTION');
    if (salary === undefined) throw new Error('The first customer has large transactions.');
    const content = await call('GET', `/v1/alert-history-content?alertHistoryId=${salary.alertHistoryId}`);
    expect(content.json()).toMatchObject({
      eventId: salary.eventId,
      smsContent: expect.stringMatching(/^A transaction of USD [0-9]+\.[0-9]{2} on account \*{4}[0-9]{4}\.$/u),
    });
  });

  test('is explained: what was sent, what nobody took, and why something was not sent', async () => {
    const all = await everybody();
    const sent = all.find(({ channelInfo }) => channelInfo['SMS'] === 'SUCCESS');
    expect(await explain(sent?.eventId ?? '')).toMatchObject({
      producer: 'OWN',
      state: 'SETTLED',
      outcomes: expect.arrayContaining([expect.objectContaining({ alertHistoryId: sent?.alertHistoryId })]),
    });
    const missed = all.find(({ alertTypeName }) => alertTypeName === 'PASSWORD_CHANGED');
    expect((await explain(missed?.eventId ?? '')).outcomes).toMatchObject([{ reason: 'PROVIDER_REFUSED' }]);
    const [dropped] = await app.database.sql<{ event_id: string; reason: string }[]>`
      select event_id, reason from alert_outcomes
      where institution_id = ${api.institutionId} and reason is not null order by event_id limit 1`;
    const explained = await explain(dropped?.event_id ?? '');
    expect(explained.outcomes.map(({ reason }: { reason: string }) => reason)).toContain(dropped?.reason);
  });

  test('waits for nothing and sends nothing', async () => {
    const waiting = await app.database.sql`
      select 1 from alert_event_queue union all select 1 from messages`;
    expect(waiting).toEqual([]);
  });
});

function keyOf(accountId: string): string {
  return String(app.seed.ids.decode('account', api.institutionId, accountId)?.accountKey);
}

/** Everything of alerts but the numbers that the database gives. */
async function snapshot() {
  const { sql } = app.database;
  const { institutionId } = api;
  const box = createEventBox(openPersonalData(sql, app.keyRing));
  const outcomes = await sql<{ alert_outcome_id: bigint; content_sealed: Buffer | null }[]>`
    select alert_outcome_id, event_id, alert_type_name, institution_user_id, account_id, occurred_at, processed_at, reason, trace, locale,
      read_at, content_sealed,
      (select jsonb_agg(jsonb_build_array(d.channel, d.contact_method_id, d.status, d.tries, d.failure, d.ended_at) order by d.channel)
        from alert_deliveries d where d.institution_id = o.institution_id and d.alert_outcome_id = o.alert_outcome_id) as deliveries
    from alert_outcomes o where institution_id = ${institutionId} order by event_id collate "C", institution_user_id`;
  return {
    outcomes: await Promise.all(
      outcomes.map(async ({ alert_outcome_id, content_sealed, ...one }) => ({
        ...one,
        contents: await box.openContents(institutionId, alert_outcome_id, content_sealed),
      })),
    ),
    preferences: await sql`
      select * from alert_preferences where institution_id = ${institutionId} order by alert_preference_id`,
    silences: await sql`
      select * from alert_silences where institution_id = ${institutionId} order by institution_user_id, account_id, channel`,
  };
}

describe('planting again', () => {
  test('gives the same preferences and the same history for the same moment', async () => {
    const now = new Date();
    const passwords = await app.seed.hashPasswords(api.institutionId);
    const plant = () => app.database.sql.begin((tx) => app.seed.replant(tx, api.institutionId, passwords, now));
    await plant();
    const once = await snapshot();
    expect(once.outcomes.length).toBeGreaterThan(100);
    await plant();
    expect(await snapshot()).toEqual(once);
  });

  test('by a reset brings back what was changed, and leaves nothing that was new', async () => {
    const customer = at(1);
    const [first] = await preferences(customer);
    const { alertPrefId } = first.alertPreferenceDetails;
    expect((await call('DELETE', `/v1/alert-preferences/${alertPrefId}${of(customer)}`)).statusCode).toBe(204);
    const wish = { alertOpted: true, alertPreferenceDetails: { alertTypeName: 'HIGH_BALANCE', channelTypeName: 'WEB' } };
    expect((await call('POST', `/v1/alert-preferences${of(customer)}`, wish)).statusCode).toBe(201);
    const before = await history(customer);
    await app.database.sql`delete from alert_outcomes where institution_id = ${api.institutionId}`;

    expect((await api.control('POST', ':reset')).statusCode).toBe(204);

    const listed = await preferences(customer);
    expect(listed).toContainEqual(first);
    expect(listed.some((one: typeof first) => one.alertPreferenceDetails.alertTypeName === 'HIGH_BALANCE')).toBe(false);
    const shown = (all: Summary[]) => all.map(({ eventId, messageSummary }) => [eventId, messageSummary]);
    expect(shown(await history(customer))).toEqual(shown(before));
  });
});
