import { createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { createMoneyCalls } from '@openbranch/testkit/money-calls';
import { createTestAccounts } from '@openbranch/testkit/test-accounts';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openExplainedDatabase } from '../../../../test/explained-database.ts';
import { openPersonalData } from '../../../platform/personal-data/open-personal-data.ts';
import { createRunWrite } from '../../../platform/transactions/unit-of-work.ts';
import { laneOf } from '../domain/event-lane.ts';
import { createEventBox } from '../tasks/event-box.ts';
import { createPublishEvent } from './publish-event.ts';

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

test('the first movement of money of an institution that has no keys yet is told, too', async () => {
  const { sql } = app.database;
  const institutionId = '00777';
  await sql`insert into institutions (institution_id, name) values (${institutionId}, 'Not open yet')`;
  const box = createEventBox(openPersonalData(sql, app.keyRing));
  const publishEvent = createPublishEvent(box, () => undefined);
  const runWrite = createRunWrite(sql, { apply: () => Promise.resolve() });
  const occurredAt = new Date('2026-06-19T09:21:33Z');
  const accounts = ['t1', 't2'].map((reference, index) => ({
    ...{ accountKey: BigInt(index), accountId: 'a', accountNumber: '1', accountType: 'CHECKING', currencyCode: 'USD' },
    ...{ availableBalanceMinor: 7210n, reference, transaction: undefined },
  }));
  await runWrite({ institutionId, now: occurredAt, operation: 'createTransfer' }, (write) =>
    publishEvent(write, { kind: 'posted', institutionId, occurredAt, accounts }),
  );
  const rows = await sql<{ event_id: string; payload_sealed: Buffer }[]>`
    select event_id, payload_sealed from alert_event_queue where institution_id = ${institutionId} order by event_seq`;
  const opened = rows.map((row) => box.openEvents(institutionId, row.event_id, row.payload_sealed));
  expect((await Promise.all(opened)).map((events) => events?.map(({ eventId }) => eventId))).toEqual([
    ['LOW_BALANCE.t1', 'HIGH_BALANCE.t1'],
    ['LOW_BALANCE.t2', 'HIGH_BALANCE.t2'],
  ]);
});
