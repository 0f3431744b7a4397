import { randomBytes, randomUUID } from 'node:crypto';
import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { eventually } from '@openbranch/testkit/eventually';
import { createJsonCall, type JsonCall } from '@openbranch/testkit/json-call';
import { silentLog } from '@openbranch/testkit/silent-log';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { createTestDatabase, type TestDatabase } from '@openbranch/testkit/test-database';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openExplainedDatabase } from '../../../../test/explained-database.ts';
import type { MovedAccount } from '../../../kernel/own-event.ts';
import { createKeyRing } from '../../../platform/keys/key-ring.ts';
import { destroyDataKeysOf, rotateDataKeyOf } from '../../../platform/personal-data/data-key-commands.ts';
import { openPersonalData } from '../../../platform/personal-data/open-personal-data.ts';
import { reencryptPersonalData } from '../../../platform/personal-data/reencrypt.ts';
import type { AddressedEvent } from '../domain/alert-event.ts';
import { toPostingAlerts } from '../domain/own-event-alerts.ts';
import type { Posting } from '../domain/posting.ts';
import { createEventBox } from './event-box.ts';

describe('what an event carries', () => {
  let db: TestDatabase;
  const keyRing = createKeyRing(randomBytes(32));
  const institutionId = '00001';
  const event: AddressedEvent = {
    eventId: 'one',
    eventType: 'LOGIN',
    domain: 'USER',
    occurredAt: new Date('2026-05-02T08:15:00Z'),
    addressee: { kind: 'users', institutionUserIds: ['A'], customerId: undefined },
    parts: { user: { name: 'Zoë' } },
  };
  const newBox = () => createEventBox(openPersonalData(db.database.sql, keyRing));
  const keyCount = async () => (await db.database.sql`select 1 from data_keys where institution_id = ${institutionId}`).length;

  beforeAll(async () => {
    db = await createTestDatabase();
    await db.database.sql`insert into institutions (institution_id, name) values (${institutionId}, 'One'), ('00002', 'Two')`;
  });
  afterAll(() => db.drop());

  test('is sealed for an institution that has no key yet: in a transaction it is made in it, and lost with it', async () => {
    const box = newBox();
    const failing = db.database.sql.begin(async (tx) => {
      for (let time = 0; time < 3; time += 1) await box.sealEventIn(tx, institutionId, event);
      throw new Error('given up');
    });
    await expect(failing).rejects.toThrow('given up');
    expect(await keyCount()).toBe(0);
    const sealed = await box.sealEvent(institutionId, event);
    expect(await keyCount()).toBe(2);
    expect(await newBox().openEvents(institutionId, 'one', sealed)).toEqual([event]);
  });

  test('is sealed and opened with keys in memory: the database is asked for them once, however many events there are', async () => {
    await newBox().sealEvent(institutionId, event);
    const asked: string[] = [];
    const counted = await openExplainedDatabase(db.target, ({ text }) => void asked.push(text));
    const box = createEventBox(openPersonalData(counted.sql, keyRing));
    for (let time = 0; time < 20; time += 1) {
      const sealed = await box.sealEvent(institutionId, event);
      expect(await box.openEvents(institutionId, 'one', sealed)).toEqual([event]);
      await counted.sql.begin((tx) => box.sealEventIn(tx, institutionId, event));
    }
    expect(asked.filter((text) => text.includes('from data_keys'))).toHaveLength(1);
    await counted.close();
  });

  test('opens as that event of that institution and nothing else', async () => {
    const box = newBox();
    const sealed = await box.sealEvent(institutionId, event);
    await box.sealEvent('00002', event);
    await expect(box.openEvents(institutionId, 'two', sealed)).rejects.toThrow('is not what was sealed there');
    await expect(box.openEvents('00002', 'one', sealed)).rejects.toThrow('is not what was sealed there');
    await expect(box.openEvents(institutionId, 'one', Buffer.from('nonsense'))).rejects.toThrow('is not what was sealed there');
  });

  test('is of a posting what it is worth: keys and amounts beyond what a number of JSON holds, and all its events', async () => {
    const box = newBox();
    const most = 9_007_199_254_740_993n;
    const transaction = {
      transactionId: 't1',
      amountMinor: most,
      isCredit: true,
      isCashWithdrawal: true,
      description: undefined,
    };
    const account: MovedAccount = {
      ...{ accountKey: most, accountId: 'a1', accountNumber: '0012345678', accountType: 'CHECKING', currencyCode: 'USD' },
      ...{ availableBalanceMinor: -7210n, reference: 't1', transaction },
    };
    const postings: Posting[] = [
      { postingId: 't1', occurredAt: event.occurredAt, account },
      {
        ...{ postingId: 'by chance', occurredAt: event.occurredAt },
        account: { ...account, availableBalanceMinor: 0n, reference: undefined, transaction: undefined },
      },
      { postingId: 't2', occurredAt: event.occurredAt, account: { ...account, availableBalanceMinor: undefined } },
    ];
    for (const posting of postings) {
      const sealed = await db.database.sql.begin((tx) => box.sealPostingIn(tx, institutionId, posting));
      expect(await box.openEvents(institutionId, posting.postingId, sealed)).toEqual(toPostingAlerts(institutionId, posting));
      await expect(box.openEvents(institutionId, 'another', sealed)).rejects.toThrow('is not what was sealed there');
    }
  });

  test('and so do the words of an outcome: neither as those of another, nor summary as content', async () => {
    const box = newBox();
    const words = { summary: { summary: 'Hello', byChannel: { SMS: 'Hello' } }, contents: { SMS_BODY: 'Hello' } };
    const sealed = await db.database.sql.begin(async (tx) => (await box.wordsSealerIn(tx, institutionId))(7n, words));
    expect(await box.openSummary(institutionId, 7n, sealed.summary)).toEqual(words.summary);
    expect(await box.openContents(institutionId, 7n, sealed.content)).toEqual(words.contents);
    expect(await box.openSummary(institutionId, 7n, null)).toBeUndefined();
    await expect(box.openContents(institutionId, 8n, sealed.content)).rejects.toThrow('is not what was sealed there');
    await expect(box.openContents(institutionId, 7n, sealed.summary)).rejects.toThrow('is not what was sealed there');
  });
});

describe('the data key of the institution', () => {
  let app: TestApp;
  let api: ApiCaller;
  let call: JsonCall;
  let person: Customer;

  beforeAll(async () => {
    app = await createTestApp({ prepare: withoutLimits });
    api = createApiCaller(app);
    call = createJsonCall(api, await api.partnerToken());
    person = api.customer({ state: 'active', userType: 'RETAIL', role: 'PRIMARY' });
  });
  afterAll(() => app.close());

  const of = () => `?loginId=${encodeURIComponent(person.loginId)}`;
  const publish = async (): Promise<string> => {
    const eventId = randomUUID();
    const eventDetails = { eventId, eventType: 'PASSWORD_CHANGED', institutionId: api.institutionId };
    const answer = await call('POST', `/v1/realtime-events${of()}`, { eventDomainType: 'user', eventDetails, user: {} });
    expect(answer.statusCode).toBe(202);
    return eventId;
  };
  const explanation = async (eventId: string) => (await call('GET', `/v1/alert-events/${eventId}/explanation`)).json();
  /** A second process takes what waits. */
  const process = async (...eventIds: readonly string[]): Promise<void> => {
    const second = await createTestApp({ sharedWith: app, runsJobs: true });
    try {
      for (const eventId of eventIds)
        await eventually(async () => ['SETTLED', 'DEAD'].includes((await explanation(eventId)).state));
    } finally {
      await second.close();
    }
  };
  const inHistory = async (eventId: string) =>
    (await call('GET', `/v1/alert-history${of()}&eventIds=${eventId}`)).json().alertHistorySummaryResources;
  const contentOf = (eventId: string) => call('GET', `/v1/alert-history-content?eventId=${eventId}`);
  const keysOf = async (eventId: string): Promise<number[]> => {
    const { sql } = app.database;
    const rows = await sql<{ sealed: Buffer }[]>`
      select payload_sealed as sealed from alert_event_queue where event_id = ${eventId}
      union all select summary_sealed from alert_outcomes where event_id = ${eventId}
      union all select content_sealed from alert_outcomes where event_id = ${eventId}`;
    return rows.map(({ sealed }) => sealed.readUInt32BE(1));
  };

  test('seals events and history: a rotation moves them under the new key, and they are told and read as before', async () => {
    const told = await publish();
    await process(told);
    const before = (await contentOf(told)).json();
    expect(before).toMatchObject({ eventId: told, emailSubjectContent: 'Your password was changed' });
    const waiting = await publish();
    const [old] = await keysOf(told);
    expect([await keysOf(told), await keysOf(waiting)]).toEqual([[old, old], [old]]);
    const keyNumber = await rotateDataKeyOf({ sql: app.database.sql, keyRing: app.keyRing }, api.institutionId);
    await reencryptPersonalData(app.database.sql, app.keyRing, [api.institutionId], silentLog);
    expect([await keysOf(told), await keysOf(waiting)]).toEqual([[keyNumber, keyNumber], [keyNumber]]);
    expect((await contentOf(told)).json()).toEqual(before);
    await process(waiting);
    expect(await inHistory(waiting)).toMatchObject([{ messageSummary: 'Your password was changed' }]);
  });

  test('destroyed, it takes the words: the history lists alerts without them, what waits is dead, and what comes next is told', async () => {
    const told = await publish();
    await process(told);
    const explained = await explanation(told);
    const waiting = await publish();
    await destroyDataKeysOf({ sql: app.database.sql, keyRing: app.keyRing }, api.institutionId);
    await eventually(async () => (await inHistory(told))[0]?.messageSummary === undefined);
    const [row] = await inHistory(told);
    expect(row).toMatchObject({ eventId: told, alertTypeName: 'PASSWORD_CHANGED', channelInfo: { EMAIL: 'SUCCESS' } });
    expect(Object.keys(row)).not.toContain('jsonMessageSummary');
    const content = await contentOf(told);
    expect([content.statusCode, content.json()]).toEqual([
      200,
      { alertHistoryContentId: row.alertHistoryId, alertHistoryId: row.alertHistoryId, eventId: told },
    ]);
    expect(await explanation(told)).toEqual(explained);
    expect(await explanation(waiting)).toMatchObject({ state: 'ACCEPTED' });
    // Of the same person, so in the same lane, behind the one that cannot be read.
    const next = await publish();
    await process(waiting, next);
    expect(await explanation(waiting)).toMatchObject({ state: 'DEAD', failure: 'key_destroyed', outcomes: [] });
    expect(await inHistory(next)).toMatchObject([{ messageSummary: 'Your password was changed' }]);
  });
});
