import { createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { createMoneyCalls } from '@openbranch/testkit/money-calls';
import { createTestAccounts } from '@openbranch/testkit/test-accounts';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openExplainedDatabase } from '../../../../test/explained-database.ts';
import { laneOf } from '../domain/event-lane.ts';

let app: TestApp;
const told: string[] = [];

beforeAll(async () => {
  app = await createTestApp({
    prepare: withoutLimits,
    connect: (target) => openExplainedDatabase(target, ({ text }) => void told.push(text)),
  });
});
afterAll(() => app.close());

test('a transfer tells the alerts by one statement, with a row for each account and none else, in the lane of the account', async () => {
  const api = createApiCaller(app);
  const accounts = createTestAccounts(app, api.institutionId);
  const money = createMoneyCalls(api, await api.partnerToken());
  const person = api.customer({ state: 'active', userType: 'RETAIL', role: 'PRIMARY' });
  const from = await accounts.open(person.memberNumber);
  const to = await accounts.open(person.memberNumber, { account_type: 'SAVINGS' });
  await accounts.book(from, { amountMinor: 100_00n, on: '2026-01-05' });
  told.length = 0;
  for (const amount of [10, 20]) {
    const body = {
      ...{ fromAccountHolderId: person.customerId, fromAccountId: from.accountId, toAccountId: to.accountId },
      amount: { amount, currencyCode: 'USD' },
    };
    expect((await money.transfer(person, body)).statusCode).toBe(200);
  }
  const ofAlerts = told.filter((text) => /\balert_/u.test(text));
  expect(ofAlerts).toHaveLength(2);
  for (const text of ofAlerts) expect(text).toContain('insert into alert_event_queue');
  const { sql } = app.database;
  const rows = await sql<{ lane: number; event_seq: bigint }[]>`select lane, event_seq from alert_event_queue order by event_seq`;
  const laneOfAccount = ({ accountKey }: { readonly accountKey: bigint }) =>
    laneOf({ addressee: { kind: 'account', accountKey }, eventId: '' });
  expect(rows.map(({ lane }) => lane)).toEqual([from, to, from, to].map(laneOfAccount));
  expect(await sql`select event_id from alert_events`).toEqual([]);
});
