import { type Client, createClient } from '@openbranch/sdk';
import { type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { eventually } from '@openbranch/testkit/eventually';
import { createMoneyCalls } from '@openbranch/testkit/money-calls';
import { createTestAccounts, type OpenedAccount, type TestAccounts } from '@openbranch/testkit/test-accounts';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

/** From a movement of money to the phone, through the SDK and over TCP; then with one link of the chain broken at each stage. */
let app: TestApp;
let baseUrl: string;
let partner: Client;
let accounts: TestAccounts;
let pat: Customer;
let sam: Customer;
let checking: OpenedAccount;
let savings: OpenedAccount;
let lowBalanceId = 0;
const institutionId = '00042';
const channelTypeName = 'SMS' as const;
const lowBalance = 'LOW_BALANCE';

beforeAll(async () => {
  app = await createTestApp({
    publicUrl: () => baseUrl,
    prepare: withoutLimits,
    runsJobs: true,
    delivery: { maxBulkAttempts: 2, bulkRetrySeconds: () => 0 },
  });
  baseUrl = await app.http.listen({ port: 0, host: '127.0.0.1' });
  const api = createApiCaller(app);
  const [first, second] = api.customers({ state: 'active', userType: 'RETAIL', role: 'PRIMARY' });
  if (first === undefined || second === undefined) throw new Error('The sandbox has too few customers.');
  [pat, sam] = [first, second];
  const { clientId, clientSecret } = api.application('partner');
  partner = createClient({ baseUrl, institutionId, clientId, clientSecret, sandboxKey: app.sandbox.sandboxKey });
  accounts = createTestAccounts(app, institutionId);
  const { institutionAlertTypes } = await partner.listInstitutionAlertTypes({});
  lowBalanceId = institutionAlertTypes.find(({ alertTypeName }) => alertTypeName === lowBalance)?.institutionAlertTypeId ?? 0;
});
afterAll(() => app.close());

/** Pat has 120 on a new checking account and 1,000 on a savings account, and wants to hear of less than 100. */
beforeEach(async () => {
  checking = await openWith(pat, 120_00n);
  savings = await openWith(pat, 1_000_00n, 'SAVINGS');
  preferenceId = await wish(pat, lowBalance, { threshold: 100, comparator: 'LT' });
});
afterEach(async () => {
  await sql()`delete from alert_preferences`;
});

let preferenceId = '';
type Condition = { threshold: number; comparator?: 'LT' | 'GT' };
const sql = () => app.database.sql;

async function openWith({ memberNumber }: Customer, amountMinor: bigint, accountType = 'CHECKING'): Promise<OpenedAccount> {
  const account = await accounts.open(memberNumber, { account_type: accountType });
  await accounts.book(account, { amountMinor, on: '2026-01-05' });
  return account;
}

async function wish({ loginId }: Pick<Customer, 'loginId'>, alertTypeName: string, additionalInfo: Condition): Promise<string> {
  const alertPreferenceDetails = { alertTypeName, channelTypeName };
  const body = { alertOpted: true, alertPreferenceDetails, additionalInfo };
  const created = await partner.createAlertPreference({ loginId, body });
  return String(created.alertPreferenceDetails.alertPrefId);
}

/** Pat moves money. @returns The id of the transaction on the From account. */
async function move(from: OpenedAccount, to: OpenedAccount, amount: number): Promise<string> {
  await partner.createTransfer({
    loginId: pat.loginId,
    body: {
      fromAccountHolderId: pat.customerId,
      fromAccountId: from.accountId,
      toAccountId: to.accountId,
      amount: { amount, currencyCode: 'USD' },
    },
  });
  return latest(pat, from);
}

async function latest({ loginId }: Customer, { accountId }: OpenedAccount): Promise<string> {
  const { transactions } = await partner.listTransactions({ loginId, accountId });
  return transactions[0]?.id ?? '';
}

const explained = (eventId: string) =>
  eventually(async () => {
    const found = await partner.explainAlertEvent({ eventId });
    return found.state === 'SETTLED' || found.state === 'DROPPED' ? found : undefined;
  });
/** Of a posting that was processed. @returns The ids of the events that are kept. */
const traceOf = async (reference: string): Promise<string[]> => {
  await eventually(async () => {
    const waiting = await sql()`select 1 from alert_event_queue where event_id = ${reference}`;
    return waiting.length === 0;
  });
  const rows = await sql()<{ event_id: string }[]>`
    select event_id from alert_events where event_id like ${`%.${reference}`}
    union select event_id from alert_outcomes where event_id like ${`%.${reference}`} order by event_id`;
  return rows.map(({ event_id }) => event_id);
};
const unknown = (eventId: string) => expect(partner.explainAlertEvent({ eventId })).rejects.toMatchObject({ status: 404 });
/** What became of the balance that a transaction has left. */
const lowAfter = async (transactionId: string, alertTypeName = lowBalance) => explained(`${alertTypeName}.${transactionId}`);
const historyOf = async ({ loginId }: Pick<Customer, 'loginId'>, { accountId }: OpenedAccount) => {
  const found = await partner.listAlertHistory({ loginId, accountIds: accountId });
  return found.alertHistorySummaryResources;
};
const sent = {
  state: 'SETTLED',
  outcomes: [{ channels: [{}, { channel: 'SMS', deliveries: [{ status: 'SUCCESS' }] }, {}, {}] }],
};

describe('a balance that falls below what the customer wants to have', () => {
  test('is told: in the inbox, in the history, and every link of the chain is explained', async () => {
    const transactionId = await move(checking, savings, 30);
    const message = await partner.waitForMessage({ institutionId, contains: 'is USD 90.00', timeoutMs: '5000' });
    const last = checking.accountNumber.slice(-4);
    expect(message).toMatchObject({
      channel: 'SMS',
      text: `The balance of account ****${last} is USD 90.00.`,
      template: lowBalance,
    });
    expect(await lowAfter(transactionId)).toMatchObject({
      eventType: lowBalance,
      eventDomain: 'ACCOUNT',
      producer: 'OWN',
      state: 'SETTLED',
      outcomes: [
        {
          institutionUserId: pat.institutionUserId,
          institutionCustomerId: pat.customerId,
          channels: [
            { channel: 'EMAIL', reason: 'CHANNEL_NOT_OPTED' },
            {
              channel: 'SMS',
              preference: { owner: 'user', alertPrefId: Number(preferenceId) },
              template: { version: 1 },
              deliveries: [{ messageId: message.messageId, status: 'SUCCESS', tries: 1 }],
            },
            { channel: 'PUSH', reason: 'CHANNEL_NOT_OPTED' },
            { channel: 'WEB', reason: 'CHANNEL_NOT_OPTED' },
          ],
        },
      ],
    });
    expect(await historyOf(pat, checking)).toMatchObject([
      { eventId: `${lowBalance}.${transactionId}`, alertTypeName: lowBalance, channelInfo: { SMS: 'SUCCESS' } },
    ]);
    // Pat has asked for nothing else: of the other events of the transfer there is no trace.
    expect(await traceOf(transactionId)).toEqual([`${lowBalance}.${transactionId}`]);
    await unknown(`LARGE_TRANSACTION.${transactionId}`);
    expect(await lowAfter(await latest(pat, savings))).toMatchObject({ outcomes: [{ reason: 'CONDITION_NOT_MET' }] });
  });

  test('is told once until it was up again: 120, 90, 80, 130, 70 with a threshold of 100 are two alerts', async () => {
    const below = await move(checking, savings, 30);
    const stillBelow = await move(checking, savings, 10);
    await move(savings, checking, 50);
    const up = await latest(pat, checking);
    const belowAgain = await move(checking, savings, 60);
    expect(await lowAfter(below)).toMatchObject(sent);
    expect(await lowAfter(stillBelow)).toMatchObject({ state: 'DROPPED', outcomes: [{ reason: 'CONDITION_NOT_MET' }] });
    expect(await lowAfter(up)).toMatchObject({ state: 'DROPPED', outcomes: [{ reason: 'CONDITION_NOT_MET' }] });
    expect(await lowAfter(belowAgain)).toMatchObject(sent);
    expect(await historyOf(pat, checking)).toHaveLength(2);
  });

  test('is not told when the transfer is refused: nothing is published', async () => {
    await expect(move(checking, savings, 120.01)).rejects.toMatchObject({ code: 'TFR_10022' });
    // Behind it in the lane of the account, if there were something.
    const next = await move(checking, savings, 30);
    expect(await lowAfter(next)).toMatchObject(sent);
    const rows = await sql()<
      { event_id: string }[]
    >`select event_id from alert_outcomes where account_id = ${checking.accountId}`;
    expect(rows).toEqual([{ event_id: `${lowBalance}.${next}` }]);
  });
});

/** How a link is broken, and mended. */
interface Breakage {
  readonly breakIt: () => Promise<unknown>;
  readonly mendIt: () => Promise<unknown>;
}

const setOptIn = (change: object) =>
  partner.updateInstitutionAlertType({ body: { institutionAlertTypeId: lowBalanceId, ...change } });
const setPreference = (change: object) =>
  partner.updateAlertPreference({ alertPreferenceId: preferenceId, loginId: pat.loginId, body: change });
const setActivated = (isActivated: boolean) => sql()`
  update contact_methods set is_activated = ${isActivated} where institution_user_id = ${pat.institutionUserId}`;
/** A change of the opt-in, even to what it was, makes every process read the catalogue again, with what is the platform's. */
const readAgain = () => setOptIn({ statusOptd: 'ACTIVE' });
/** Types of the platform are the operator's to change. */
const setType = async (change: object) => {
  await sql()`update system_alert_types set ${sql()({ ...change })} where alert_type_name = ${lowBalance}`;
  await readAgain();
};
const setTemplate = async (state: string) => {
  await sql()`
    update system_alert_templates set state = ${state} where alert_type_id = (
      select alert_type_id from system_alert_types where alert_type_name = ${lowBalance})`;
  await readAgain();
};

const breakages: Readonly<Record<string, Breakage>> = {
  TYPE_INACTIVE: { breakIt: () => setType({ is_active: false }), mendIt: () => setType({ is_active: true }) },
  NOT_WHITELISTED: { breakIt: () => setOptIn({ statusOptd: 'INACTIVE' }), mendIt: () => setOptIn({ statusOptd: 'ACTIVE' }) },
  CHANNEL_NOT_OPTED: {
    breakIt: () => setOptIn({ channelsOptd: 'EMAIL,PUSH,WEB' }),
    mendIt: () => setOptIn({ channelsOptd: 'EMAIL,SMS,PUSH,WEB' }),
  },
  ACCOUNT_TYPE: {
    breakIt: () => setType({ applicable_account_types: ['SAVINGS'] }),
    mendIt: () => setType({ applicable_account_types: null }),
  },
  USER_OPTED_OUT: {
    breakIt: () => setPreference({ alertOpted: false }),
    mendIt: () => setPreference({ alertOpted: true }),
  },
  CONDITION_NOT_MET: {
    breakIt: () => setPreference({ additionalInfo: { threshold: 50, comparator: 'LT' } }),
    mendIt: () => setPreference({ additionalInfo: { threshold: 100, comparator: 'LT' } }),
  },
  NO_DESTINATION: { breakIt: () => setActivated(false), mendIt: () => setActivated(true) },
  NO_TEMPLATE: { breakIt: () => setTemplate('ARCHIVED'), mendIt: () => setTemplate('PUBLISHED') },
};

describe('one broken link', () => {
  test.each(Object.entries(breakages))('is named, and the alert comes when it is mended: %s', async (reason, one) => {
    await one.breakIt();
    try {
      const dropped = await lowAfter(await move(checking, savings, 30));
      expect(dropped).toMatchObject({ state: 'DROPPED', outcomes: [{ institutionUserId: pat.institutionUserId, reason }] });
      expect(await historyOf(pat, checking)).toEqual([]);
    } finally {
      await one.mendIt();
    }
    expect(await lowAfter(await move(checking, savings, 10))).toMatchObject(sent);
    expect(await historyOf(pat, checking)).toHaveLength(1);
  });

  test('is named, and the history says FAILURE: PROVIDER_REFUSED', async () => {
    await partner.armFault({ institutionId, body: { channel: channelTypeName, kind: 'REFUSES' } });
    const refused = await lowAfter(await move(checking, savings, 30));
    await partner.disarmFaults({ institutionId });
    expect(refused).toMatchObject({ state: 'SETTLED', outcomes: [{ reason: 'PROVIDER_REFUSED' }] });
    expect(await historyOf(pat, checking)).toMatchObject([{ channelInfo: { SMS: 'FAILURE' } }]);
  });
});

describe('who is told', () => {
  test('a recipient, of what has come in', async () => {
    const theirs = await openWith(sam, 480_00n);
    await wish(sam, 'HIGH_BALANCE', { threshold: 500, comparator: 'GT' });
    const { memberNumber } = sam;
    const { accountNumber } = theirs;
    const api = createApiCaller(app);
    const recipient = { memberNumber, accountNumber, accountType: 'CHECKING', nickName: 'Sam' };
    const saved = await createMoneyCalls(api, await api.partnerToken()).recipients(pat, 'POST', '', recipient);
    await partner.createTransfer({
      loginId: pat.loginId,
      body: {
        fromAccountHolderId: pat.customerId,
        fromAccountId: checking.accountId,
        toAccountHolderId: saved.json().recipients[0].id,
        amount: { amount: 25, currencyCode: 'USD' },
      },
    });
    expect(await lowAfter(await latest(sam, theirs), 'HIGH_BALANCE')).toMatchObject({
      ...sent,
      outcomes: [{ institutionUserId: sam.institutionUserId, institutionCustomerId: sam.customerId }],
    });
    expect(await historyOf(sam, theirs)).toMatchObject([{ alertTypeName: 'HIGH_BALANCE' }]);
    expect(await lowAfter(await latest(pat, checking))).toMatchObject({
      ...sent,
      outcomes: [{ institutionUserId: pat.institutionUserId }],
    });
  });

  test('a joint owner too, each by an own preference', async () => {
    await accounts.share(checking, sam.memberNumber, 'JOINT');
    await wish(sam, lowBalance, { threshold: 91, comparator: 'LT' });
    const found = await lowAfter(await move(checking, savings, 30));
    expect(found.outcomes.map(({ institutionUserId, reason }) => [institutionUserId, reason]).sort()).toEqual(
      [
        [pat.institutionUserId, undefined],
        [sam.institutionUserId, undefined],
      ].sort(),
    );
    expect(await historyOf(sam, checking)).toHaveLength(1);
  });

  test('of the users of a customer only those who may see the account', async () => {
    const subUser = createApiCaller(app).customer({ role: 'ENTITLED' });
    const [parent] = await sql()<{ member_number: string; institution_user_id: string }[]>`
      select m.member_number, u.parent_institution_user_id as institution_user_id
      from institution_users u join institution_user_customers l using (institution_id, institution_user_id)
        join customers m using (institution_id, customer_id)
      where u.institution_id = ${institutionId} and u.institution_user_id = ${subUser.institutionUserId}`;
    if (parent === undefined) throw new Error('The sub-user reaches nobody.');
    const shared = await accounts.open(parent.member_number);
    await wish(subUser, lowBalance, { threshold: 100, comparator: 'LT' });
    const book = (type: 'credit' | 'debit', amount: number) =>
      partner.bookPosting({ accountId: shared.accountId, body: { type, amount } });
    const toldOf = async ({ transactionId }: { readonly transactionId: string }) =>
      (await lowAfter(transactionId)).outcomes.map(({ institutionUserId }) => institutionUserId);
    expect(await traceOf((await book('credit', 10)).transactionId)).toEqual([]);
    await accounts.entitle(shared, subUser.institutionUserId);
    expect(await toldOf(await book('credit', 10))).toContain(subUser.institutionUserId);
    expect(await historyOf(subUser, shared)).toHaveLength(1);
  });

  test('a user of two locations by the preference of the location that holds the account', async () => {
    const business = createApiCaller(app).customer({ userType: 'BUSINESS' });
    const there = { customer_id: 'b'.repeat(32), member_number: '5550002' };
    const key = { institution_id: institutionId, customer_id: there.customer_id };
    await sql()`insert into customers ${sql()({ ...key, customer_type: 'BUSINESS', member_number: there.member_number })}`;
    await sql()`insert into institution_user_customers ${sql()({ ...key, institution_user_id: business.institutionUserId })}`;
    // At the default location.
    await wish(business, lowBalance, { threshold: 100, comparator: 'LT' });
    const [here] = await sql()<(typeof there)[]>`
      select m.customer_id, m.member_number from alert_preferences join customers m using (institution_id, customer_id)
      where institution_user_id = ${business.institutionUserId}`;
    const reasons = [];
    for (const location of here === undefined ? [] : [here, there]) {
      const { accountId } = await accounts.open(location.member_number);
      const { transactionId } = await partner.bookPosting({ accountId, body: { type: 'credit', amount: 10 } });
      const [outcome] = (await lowAfter(transactionId)).outcomes;
      const { institutionUserId } = business;
      expect(outcome).toMatchObject({ institutionUserId, institutionCustomerId: location.customer_id });
      reasons.push(outcome?.reason);
    }
    expect(reasons).toEqual([undefined, 'CHANNEL_NOT_OPTED']);
  });

  test('nobody who has not asked: a movement of a customer without a preference leaves no trace, and a simulation tells why', async () => {
    const theirs = await openWith(sam, 120_00n);
    const { transactionId } = await partner.bookPosting({ accountId: theirs.accountId, body: { type: 'debit', amount: 30 } });
    expect(await traceOf(transactionId)).toEqual([]);
    await unknown(`${lowBalance}.${transactionId}`);
    const eventDetails = { eventId: 'asked', eventType: lowBalance, institutionId };
    const account = { id: theirs.accountId, availableBalance: { currencyCode: 'USD', amount: 90 } };
    const body = { eventDomainType: 'account', eventDetails, account } as const;
    expect(await partner.simulateAlertEvent({ loginId: sam.loginId, body })).toMatchObject({
      outcomes: [{ institutionUserId: sam.institutionUserId, reason: 'CHANNEL_NOT_OPTED' }],
    });
  });

  test('whoever the institution has presumed a wish for', async () => {
    const theirs = await openWith(sam, 120_00n);
    const body = { alertTypeName: lowBalance, channelTypeName, alertOpted: true };
    const { institutionAlertPrefId } = await partner.createInstitutionAlertPreference({ body });
    try {
      const { transactionId } = await partner.bookPosting({ accountId: theirs.accountId, body: { type: 'debit', amount: 30 } });
      const found = await lowAfter(transactionId);
      expect(found.outcomes).toMatchObject([{ institutionUserId: sam.institutionUserId }]);
      expect(found.outcomes[0]?.channels[1]).toMatchObject({ channel: 'SMS', preference: { owner: 'institution' } });
      expect(await traceOf(transactionId)).toEqual([`${lowBalance}.${transactionId}`]);
    } finally {
      await partner.deleteInstitutionAlertPreference({ institutionAlertPreferenceId: String(institutionAlertPrefId) });
    }
  });

  test('whoever asked, also when a partner has used the id of the event before', async () => {
    const eventOf = (transactionId: string) => `${lowBalance}.${transactionId}`;
    const held = await partner.bookPosting({ accountId: checking.accountId, body: { type: 'hold', amount: 5 } });
    const eventDetails = { eventId: eventOf(held.transactionId), eventType: lowBalance, institutionId };
    const account = { id: 'x'.repeat(43), availableBalance: { currencyCode: 'USD', amount: 500 } };
    await partner.publishAlertEvent({ loginId: sam.loginId, body: { eventDomainType: 'account', eventDetails, account } });
    expect(await lowAfter(held.transactionId)).toMatchObject({ producer: 'PUBLISH', duplicates: 0 });
    const { accountId } = checking;
    await partner.postHold({ accountId, transactionId: held.transactionId, body: { amount: 25 } });
    await eventually(async () => (await historyOf(pat, checking)).length === 1);
    expect(await lowAfter(held.transactionId)).toMatchObject({ producer: 'PUBLISH', duplicates: 1 });
  });

  test('nobody of an account that no user sees: it leaves no trace', async () => {
    const unseen = await accounts.open('999999');
    const { transactionId } = await partner.bookPosting({ accountId: unseen.accountId, body: { type: 'credit', amount: 10 } });
    expect(await traceOf(transactionId)).toEqual([]);
  });
});

describe('what changes the available balance', () => {
  const book = (body: Parameters<Client['bookPosting']>[0]['body']) =>
    partner.bookPosting({ accountId: checking.accountId, body });

  test('a hold is told as a balance and not as a transaction; a void and a posting of it are told again', async () => {
    const { transactionId } = await book({ type: 'hold', amount: 30 });
    expect(await lowAfter(`${transactionId}.hold`)).toMatchObject(sent);
    expect(await traceOf(`${transactionId}.hold`)).toEqual([`${lowBalance}.${transactionId}.hold`]);
    await partner.voidHold({ accountId: checking.accountId, transactionId });
    expect(await lowAfter(`${transactionId}.void`)).toMatchObject({ outcomes: [{ reason: 'CONDITION_NOT_MET' }] });
    await wish(pat, 'LARGE_TRANSACTION', { threshold: 20 });
    const second = await book({ type: 'hold', amount: 5 });
    expect(await traceOf(`${second.transactionId}.hold`)).toEqual([`${lowBalance}.${second.transactionId}.hold`]);
    await partner.postHold({ accountId: checking.accountId, transactionId: second.transactionId, body: { amount: 25 } });
    expect(await lowAfter(second.transactionId)).toMatchObject(sent);
    expect(await lowAfter(second.transactionId, 'LARGE_TRANSACTION')).toMatchObject({ eventDomain: 'TRANSACTION' });
  });

  test('a credit that is announced changes nothing, and is told when it is booked', async () => {
    await wish(pat, 'HIGH_BALANCE', { threshold: 200, comparator: 'GT' });
    const { transactionId } = await book({ type: 'credit', amount: 500, isPending: true });
    await expect(partner.explainAlertEvent({ eventId: `HIGH_BALANCE.${transactionId}.hold` })).rejects.toThrow();
    await partner.postHold({ accountId: checking.accountId, transactionId, body: {} });
    expect(await lowAfter(transactionId, 'HIGH_BALANCE')).toMatchObject(sent);
  });

  test('a large debit is told as a transaction', async () => {
    await wish(pat, 'LARGE_TRANSACTION', { threshold: 50 });
    const { transactionId } = await book({ type: 'debit', amount: 50 });
    expect(await lowAfter(transactionId, 'LARGE_TRANSACTION')).toMatchObject(sent);
  });

  test('a hold that ends by itself, and a scheduled transfer on its day', async () => {
    const { now } = await partner.getClock({ institutionId });
    const inDays = (days: number) => new Date(Date.parse(now) + days * 86_400_000).toISOString();
    await book({ type: 'hold', amount: 30, expiresAt: inDays(1) });
    await wish(pat, 'HIGH_BALANCE', { threshold: 110, comparator: 'GT' });
    await partner.createTransfer({
      loginId: pat.loginId,
      body: {
        fromAccountHolderId: pat.customerId,
        fromAccountId: savings.accountId,
        toAccountId: checking.accountId,
        amount: { amount: 905, currencyCode: 'USD' },
        schedule: { lifeType: 'NOENDDATE', frequency: 'ONETIME', startDate: inDays(3).slice(0, 10) },
      },
    });
    await partner.advanceClock({ institutionId, body: { seconds: 2 * 86_400 } });
    await eventually(async () => (await historyOf(pat, checking)).some(({ alertTypeName }) => alertTypeName === 'HIGH_BALANCE'));
    await partner.advanceClock({ institutionId, body: { seconds: 2 * 86_400 } });
    await eventually(async () => (await historyOf(pat, savings)).some(({ alertTypeName }) => alertTypeName === lowBalance));
  });
});
