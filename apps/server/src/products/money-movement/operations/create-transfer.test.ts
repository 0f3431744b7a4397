import { randomUUID } from 'node:crypto';
import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { withPolicies } from '@openbranch/testkit/change-policies';
import { createMoneyCalls, type MoneyCalls } from '@openbranch/testkit/money-calls';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { withSwitch } from '@openbranch/testkit/sandbox-calls';
import {
  type AccountColumns,
  createTestAccounts,
  type OpenedAccount,
  type TestAccounts,
} from '@openbranch/testkit/test-accounts';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { listActivities } from '@openbranch/testkit/user-state';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

let app: TestApp;
let api: ApiCaller;
let token: string;
let calls: MoneyCalls;
let accounts: TestAccounts;
let owner: Customer;
let other: Customer;

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits });
  api = createApiCaller(app);
  token = await api.partnerToken();
  calls = createMoneyCalls(api, token);
  accounts = createTestAccounts(app, api.institutionId);
  const [one, two] = api.customers({ userType: 'RETAIL', role: 'PRIMARY', state: 'active' });
  if (one === undefined || two === undefined) throw new Error('The sandbox has too few customers.');
  [owner, other] = [one, two];
});
afterAll(() => app.close());

/** An account of the owner with money on it. */
async function open(minor: bigint, columns: AccountColumns = {}, holder = owner): Promise<OpenedAccount> {
  const account = await accounts.open(holder.memberNumber, columns);
  if (minor !== 0n) await accounts.book(account, { amountMinor: minor, on: '2026-01-05' });
  return account;
}

async function balanceOf({ accountKey }: OpenedAccount): Promise<bigint> {
  const [row] = await app.database.sql<{ ledger_minor: bigint }[]>`
    select ledger_minor from account_balances where institution_id = ${api.institutionId} and account_key = ${accountKey}`;
  if (row === undefined) throw new Error('There is no such balance.');
  return row.ledger_minor;
}

/** What was booked on an account, the latest first. */
async function rowsOf({ accountKey }: OpenedAccount) {
  return app.database.sql<
    {
      type: string;
      minor: bigint;
      memo: string | null;
      principal: bigint | null;
      interest: bigint | null;
      escrow: bigint | null;
    }[]
  >`
    select transaction_type as type, amount_minor as minor, memo, principal_minor as principal, interest_minor as interest,
      escrow_minor as escrow
    from postings where institution_id = ${api.institutionId} and account_key = ${accountKey} order by transaction_number desc`;
}

async function termsOf({ accountKey }: OpenedAccount) {
  const [row] = await app.database
    .sql`select * from accounts where institution_id = ${api.institutionId} and account_key = ${accountKey}`;
  return row ?? {};
}

/** The whole ledger: every entry sums to zero, and every balance is the sum of its postings. */
async function expectBalancedBooks(): Promise<void> {
  const { sql } = app.database;
  expect(await sql`select 1 from postings group by institution_id, entry_id having sum(amount_minor) <> 0`).toEqual([]);
  expect(
    await sql`
      select b.account_key from account_balances b left join postings p using (institution_id, account_key)
      group by b.institution_id, b.account_key, b.ledger_minor having b.ledger_minor <> coalesce(sum(p.amount_minor), 0)`,
  ).toEqual([]);
}

const body = (from: OpenedAccount, to: OpenedAccount, amount: unknown = 25.5, over: object = {}) => ({
  fromAccountHolderId: owner.customerId,
  fromAccountId: from.accountId,
  toAccountId: to.accountId,
  amount: { amount, currencyCode: 'USD' },
  ...over,
});
const send = (sent: unknown, extra?: Parameters<MoneyCalls['transfer']>[2]) => calls.transfer(owner, sent, extra);
const refusal = (sent: unknown, extra?: Parameters<MoneyCalls['transfer']>[2]) => refusalOf(send(sent, extra));
const saveRecipient = async (account: OpenedAccount, over: object = {}): Promise<string> => {
  const recipient = {
    memberNumber: other.memberNumber,
    accountNumber: account.accountNumber,
    accountType: 'CHECKING',
    nickName: account.accountNumber,
  };
  const answer = await calls.recipients(owner, 'POST', '', { ...recipient, ...over });
  return answer.json().recipients[0].id;
};
const toRecipient = (from: OpenedAccount, recipientId: string, amount = 10) => ({
  fromAccountHolderId: owner.customerId,
  fromAccountId: from.accountId,
  toAccountHolderId: recipientId,
  amount: { amount },
});

describe('between own accounts', () => {
  test('both balances move, one row is added on each side, and the books balance', async () => {
    const [from, to] = [await open(100_00n), await open(5_00n, { account_type: 'SAVINGS' })];
    const answer = await send(body(from, to, 25.5, { memo: "Rent, June - flat #2 (Lee's) & more/." }));
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
    expect(answer.json()).toEqual({
      ...body(from, to, 25.5),
      memo: "Rent, June - flat #2 (Lee's) & more/.",
      status: 'SUCCESS',
      confirmation: expect.stringContaining(
        `USD 25.50 from account x${from.accountNumber.slice(-4)} to account x${to.accountNumber.slice(-4)}`,
      ),
    });
    expect([await balanceOf(from), await balanceOf(to)]).toEqual([74_50n, 30_50n]);
    expect((await rowsOf(from)).map(({ type, minor }) => [type, minor])).toEqual([
      ['TRANSFER_DEBIT', -25_50n],
      ['DEPOSIT', 100_00n],
    ]);
    expect((await rowsOf(to))[0]).toMatchObject({
      type: 'TRANSFER_CREDIT',
      minor: 25_50n,
      memo: expect.stringContaining('Rent'),
    });
    const log = await listActivities(app.database.sql, {
      institutionId: api.institutionId,
      institutionUserId: owner.institutionUserId,
    });
    expect(log.at(-1)).toMatchObject({ kind: 'transfer_made', details: { kind: 'standard', amountMinor: '2550' } });
    expect(log.at(-1)?.details).toMatchObject({ fromAccount: `*${from.accountNumber.slice(-4)}` });
    expect(JSON.stringify(log.at(-1)?.details)).not.toContain(from.accountNumber);
    await expectBalancedBooks();
  });

  test('it shows in the next call for transactions, on both sides', async () => {
    const [from, to] = [await open(100_00n), await open(0n)];
    expect((await send(body(from, to, 7))).statusCode).toBe(200);
    for (const [account, amount] of [
      [from, -7],
      [to, 7],
    ] as const) {
      const list = await api.withToken(token, 'GET', `/v1/transactions?loginId=${owner.loginId}&accountId=${account.accountId}`);
      expect(Math.abs(list.json().transactions[0].amount.amount)).toBe(Math.abs(amount));
    }
  });

  test('every path of the operation takes it, and texts for numbers', async () => {
    const [from, to] = [await open(100_00n), await open(0n)];
    for (const path of ['/db-transfers/v1/transfers', '/digitalbanking/v1/transfers']) {
      const answer = await calls.call(owner, 'POST', path, body(from, to, '1.25'));
      expect(answer.json()).toMatchObject({ amount: { amount: 1.25, currencyCode: 'USD' }, status: 'SUCCESS' });
    }
    expect(await balanceOf(to)).toBe(2_50n);
  });

  test('the currency may be absent, and the To holder may be named when it is the same', async () => {
    const [from, to] = [await open(100_00n), await open(0n)];
    const sent = body(from, to, 1, { toAccountHolderId: owner.customerId, amount: { amount: 1 } });
    expect((await send(sent)).json().amount).toEqual({ amount: 1, currencyCode: 'USD' });
  });

  test('more than what is there is 400 TFR_10022 and moves nothing; the overdraft counts, holds are spoken for', async () => {
    const [from, to] = [await open(10_00n), await open(0n)];
    expect(await refusal(body(from, to, 10.01))).toEqual([400, 'TFR_10022']);
    await accounts.hold(from, { amountMinor: -4_00n, on: '2026-01-06' });
    expect(await refusal(body(from, to, 6.01))).toEqual([400, 'TFR_10022']);
    await accounts.change(from, { overdraft_limit_minor: 2_00n });
    expect(await refusal(body(from, to, 8.01))).toEqual([400, 'TFR_10022']);
    expect((await send(body(from, to, 8))).statusCode).toBe(200);
    expect([await balanceOf(from), await balanceOf(to)]).toEqual([2_00n, 8_00n]);
  });

  test('of fifty transfers at once only as many go through as there is money for', async () => {
    const [from, to] = [await open(10_00n), await open(10_00n)];
    const there = Array.from({ length: 25 }, () => send(body(from, to, 1)));
    const back = Array.from({ length: 25 }, () => send(body(to, from, 3)));
    const codes = await Promise.all([...there, ...back].map((answer) => refusalOf(answer)));
    expect(new Set(codes.map(([status, code]) => `${status} ${code}`))).toEqual(new Set(['200 undefined', '400 TFR_10022']));
    expect((await balanceOf(from)) + (await balanceOf(to))).toBe(20_00n);
    expect((await balanceOf(from)) >= 0n && (await balanceOf(to)) >= 0n).toBe(true);
    await expectBalancedBooks();
  });
});

describe('the replay guard', () => {
  test('the same transactionId twice is one posting and the same answer', async () => {
    const [from, to] = [await open(30_00n), await open(0n)];
    const headers = { transactionId: randomUUID() };
    const first = await send(body(from, to, 20), { headers });
    const again = await send(body(from, to, 20), { headers });
    expect([again.statusCode, again.body, again.headers['x-replayed']]).toEqual([200, first.body, 'true']);
    expect(await balanceOf(to)).toBe(20_00n);
    expect((await send(body(from, to, 20))).statusCode).toBe(400);
  });

  test('sent ten times at once it is one posting, and the others are replayed or told to wait: 409 TFR_10000', async () => {
    const [from, to] = [await open(100_00n), await open(0n)];
    const headers = { transactionId: randomUUID() };
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(body(from, to, 5), { headers })));
    expect(await balanceOf(to)).toBe(5_00n);
    for (const answer of answers) expect([200, 409]).toContain(answer.statusCode);
    for (const answer of answers.filter(({ statusCode }) => statusCode === 409)) expect(answer.json().code).toBe('TFR_10000');
  });

  test('two equal transfers with two ids are two transfers; a test transfer uses no id up', async () => {
    const [from, to] = [await open(100_00n), await open(0n)];
    await send(body(from, to, 5));
    await send(body(from, to, 5));
    const headers = { transactionId: randomUUID() };
    await send(body(from, to, 5), { headers, query: { testTransfer: 'true' } });
    expect((await send(body(from, to, 5), { headers })).headers['x-replayed']).toBeUndefined();
    expect(await balanceOf(to)).toBe(15_00n);
  });

  test('a payoff that is sent again is answered again, though its loan is closed by then', async () => {
    const loan = await open(-50_00n, {
      account_type: 'INSTALLMENT_LOAN',
      payment_options: ['PAY_IN_FULL_AND_CLOSE'],
    });
    const from = await open(100_00n);
    const sent = body(from, loan, 50, { paymentOption: 'PAY_IN_FULL_AND_CLOSE' });
    const headers = { transactionId: randomUUID() };
    expect((await send(sent, { headers })).json()).toMatchObject({ payoffAmount: { amount: 50, currencyCode: 'USD' } });
    expect((await send(sent, { headers })).headers['x-replayed']).toBe('true');
    expect(await refusal(sent)).toEqual([400, 'TFR_10028']);
    expect([await balanceOf(loan), (await termsOf(loan))['closed_on'] !== null]).toEqual([0n, true]);
  });
});

describe('the amount', () => {
  test.each([
    ['0', 0],
    ['negative', -1],
    ['with three decimals', 1.234],
    ['a text', 'x'],
    ['too large', 10_000_000_000_000],
    ['an object', { a: 1 }],
  ])('that is %s is 400 TFR_10021', async (_, amount) => {
    const [from, to] = [await open(1_00n), await open(0n)];
    expect(await refusal(body(from, to, amount))).toEqual([400, 'TFR_10021']);
  });

  test('in another currency is 400 TFR_10021, without a number 400 TFR_10020', async () => {
    const [from, to] = [await open(1_00n), await open(0n)];
    expect(await refusal(body(from, to, 1, { amount: { amount: 1, currencyCode: 'EUR' } }))).toEqual([400, 'TFR_10021']);
    expect(await refusal(body(from, to, 1, { amount: undefined }))).toEqual([400, 'TFR_10020']);
    expect(await refusal(body(from, to, 1, { amount: { currencyCode: 'USD' } }))).toEqual([400, 'TFR_10020']);
  });

  test('may come as transactionAmounts, whose sum counts; both forms are 400 TFR_10021, another type 400 TFR_10056', async () => {
    const [from, to] = [await open(100_00n), await open(0n)];
    const transactionAmounts = [
      { type: 'AMOUNT', amount: { amount: 1.1, currencyCode: 'USD' } },
      { type: 'AMOUNT', amount: { amount: 2.2 } },
    ];
    const answer = await send(body(from, to, 0, { amount: undefined, transactionAmounts }));
    expect(answer.json()).toMatchObject({
      amount: { amount: 3.3 },
      transactionAmounts: [{ type: 'AMOUNT' }, { type: 'AMOUNT' }],
    });
    expect(await balanceOf(to)).toBe(3_30n);
    expect(await refusal(body(from, to, 1, { transactionAmounts }))).toEqual([400, 'TFR_10021']);
    const tip = [{ type: 'TIP', amount: { amount: 1 } }];
    expect(await refusal(body(from, to, 1, { amount: undefined, transactionAmounts: tip }))).toEqual([400, 'TFR_10056']);
  });
});

describe('accounts', () => {
  test('From = To is 400 TFR_10029', async () => {
    const from = await open(1_00n);
    expect(await refusal(body(from, from, 1))).toEqual([400, 'TFR_10029']);
  });

  test('an unknown From account is 400 TFR_10003, an unknown To account 400 TFR_10004, somebody else’s no other', async () => {
    const [from, to, theirs] = [await open(1_00n), await open(0n), await open(50_00n, {}, other)];
    const unknown = { ...from, accountId: 'A'.repeat(43) };
    expect(await refusal(body(unknown, to, 1))).toEqual([400, 'TFR_10003']);
    expect(await refusal(body(from, unknown, 1))).toEqual([400, 'TFR_10004']);
    expect((await send(body(theirs, to, 1))).body).toBe((await send(body(unknown, to, 1))).body);
    expect((await send(body(from, theirs, 1))).body).toBe((await send(body(from, unknown, 1))).body);
  });

  test('a missing From account is 400 TFR_10058, a missing To account 400 TFR_10059', async () => {
    const [from, to] = [await open(1_00n), await open(0n)];
    expect(await refusal(body(from, to, 1, { fromAccountId: undefined }))).toEqual([400, 'TFR_10058']);
    expect(await refusal(body(from, to, 1, { fromAccountId: ' ' }))).toEqual([400, 'TFR_10058']);
    expect(await refusal(body(from, to, 1, { toAccountId: undefined }))).toEqual([400, 'TFR_10059']);
    const own = { toAccountId: undefined, toAccountHolderId: owner.customerId };
    expect(await refusal(body(from, to, 1, own))).toEqual([400, 'TFR_10059']);
  });

  test('a missing or foreign From holder is 400 TFR_10023; switch MM-S7 takes the user’s own', async () => {
    const [from, to] = [await open(9_00n), await open(0n)];
    const without = body(from, to, 1, { fromAccountHolderId: undefined });
    expect(await refusal(without)).toEqual([400, 'TFR_10023']);
    expect(await refusal(body(from, to, 1, { fromAccountHolderId: other.customerId }))).toEqual([400, 'TFR_10023']);
    await withSwitch(app, api.institutionId, 'transfer.from_holder', ['take own', 'required'], async () => {
      expect((await send(without)).json().fromAccountHolderId).toBe(owner.customerId);
    });
  });

  test('another To holder is two taxpayers: 400 TFR_10048, whether there is such a customer or not', async () => {
    const [from, to] = [await open(9_00n), await open(0n)];
    for (const toAccountHolderId of [other.customerId, 'f'.repeat(32)])
      expect(await refusal(body(from, to, 1, { toAccountHolderId }))).toEqual([400, 'TFR_10048']);
  });

  test('a From account that takes no transfers out is 400 TFR_10025, such as a card', async () => {
    const to = await open(0n);
    for (const columns of [
      { account_type: 'CREDIT_CARD_LOAN', credit_limit_minor: 500_00n, may_transfer_from: false },
      { transfer_restriction: 'EXCLUDE_AS_FROM' },
      { transfer_restriction: 'EXCLUDE_ALL' },
    ])
      expect(await refusal(body(await open(0n, columns), to, 1))).toEqual([400, 'TFR_10025']);
    const [granted, other2] = [await open(5_00n), await open(0n)];
    await accounts.entitle(granted, owner.institutionUserId, { may_transfer_from: false });
    expect(await refusal(body(granted, other2, 1))).toEqual([400, 'TFR_10025']);
  });

  test('a To account that takes no transfers in is 400 TFR_10026', async () => {
    const from = await open(50_00n);
    for (const columns of [
      { may_transfer_to: false },
      { transfer_restriction: 'EXCLUDE_AS_TO' },
      { transfer_restriction: 'EXCLUDE_ALL' },
    ])
      expect(await refusal(body(from, await open(0n, columns), 1))).toEqual([400, 'TFR_10026']);
  });

  test.each([
    ['closed', { closed_on: '2026-01-01' }],
    ['written off', { status_flags: ['writtenOff'] }],
    ['deleted', { status_flags: ['deleted'] }],
    ['not approved', { status_flags: ['notApproved'] }],
  ])('a From account that is %s is 400 TFR_10027, a To account 400 TFR_10028', async (_, columns) => {
    const [from, to, bad] = [await open(50_00n), await open(0n), await open(50_00n, columns)];
    expect(await refusal(body(bad, to, 1))).toEqual([400, 'TFR_10027']);
    expect(await refusal(body(from, bad, 1))).toEqual([400, 'TFR_10028']);
  });

  test('where the institution needs a CIF number and there is none it is 401 TFR_10060', async () => {
    const [from, to] = [await open(50_00n), await open(0n)];
    await app.database.sql`
      update customers set cif_number = null where institution_id = ${api.institutionId} and customer_id = ${owner.customerId}`;
    await withPolicies(app, api.institutionId, { moneyMovement: { needsCifNumber: true } }, async () => {
      expect(await refusal(body(from, to, 1))).toEqual([401, 'TFR_10060']);
      await app.database.sql`
        update customers set cif_number = 'C1' where institution_id = ${api.institutionId} and customer_id = ${owner.customerId}`;
      expect((await send(body(from, to, 1))).statusCode).toBe(200);
    });
  });
});

describe('to a recipient', () => {
  test('by the recipient’s id alone', async () => {
    const [from, theirs] = [await open(50_00n), await open(0n, {}, other)];
    const recipientId = await saveRecipient(theirs);
    const answer = await send(toRecipient(from, recipientId));
    expect(answer.json()).toMatchObject({
      toAccountHolderId: recipientId,
      status: 'SUCCESS',
      amount: { amount: 10, currencyCode: 'USD' },
    });
    expect([await balanceOf(from), await balanceOf(theirs)]).toEqual([40_00n, 10_00n]);
    await expectBalancedBooks();
  });

  test('an unknown, deleted or foreign recipient is 400 TFR_10051', async () => {
    const [from, theirs] = [await open(50_00n), await open(0n, {}, other)];
    const recipientId = await saveRecipient(theirs);
    const foreign = (
      await calls.recipients(other, 'POST', '', {
        memberNumber: '1',
        accountNumber: '2',
        accountType: 'CHECKING',
        nickName: randomUUID(),
      })
    ).json();
    expect(await refusal(toRecipient(from, foreign.recipients[0].id))).toEqual([400, 'TFR_10051']);
    expect(await refusal(toRecipient(from, 'F'.repeat(32)))).toEqual([400, 'TFR_10051']);
    await calls.recipients(owner, 'DELETE', recipientId);
    expect(await refusal(toRecipient(from, recipientId))).toEqual([400, 'TFR_10051']);
  });

  test('a type of account that is not allowed is 400 TFR_10052; an account that is not there 400 TFR_10004', async () => {
    const [from, loan] = [await open(50_00n), await open(0n, { account_type: 'MORTGAGE_LOAN' }, other)];
    expect(await refusal(toRecipient(from, await saveRecipient(loan)))).toEqual([400, 'TFR_10052']);
    const nobody = await saveRecipient({ ...loan, accountNumber: '404404' });
    expect(await refusal(toRecipient(from, nobody))).toEqual([400, 'TFR_10004']);
    const mistaken = await saveRecipient(await open(0n, {}, other), { memberNumber: '31337' });
    expect(await refusal(toRecipient(from, mistaken))).toEqual([400, 'TFR_10004']);
  });

  test('where they are off it is 400 TFR_10050; where they cost a fee, it is a row of its own', async () => {
    const [from, theirs] = [await open(50_00n), await open(0n, {}, other)];
    const recipientId = await saveRecipient(theirs);
    await withPolicies(app, api.institutionId, { moneyMovement: { hasRecipientTransfers: false } }, async () => {
      expect(await refusal(toRecipient(from, recipientId))).toEqual([400, 'TFR_10050']);
    });
    await withPolicies(app, api.institutionId, { moneyMovement: { recipientFeeMinor: 150 } }, async () => {
      expect(await refusal(toRecipient(from, recipientId, 49))).toEqual([400, 'TFR_10022']);
      expect((await send(toRecipient(from, recipientId, 20))).json().fee).toEqual({ amount: 1.5, currencyCode: 'USD' });
    });
    expect((await rowsOf(from)).slice(0, 2).map(({ type, minor }) => [type, minor])).toEqual([
      ['SERVICE_CHARGE', -1_50n],
      ['TRANSFER_DEBIT', -20_00n],
    ]);
    await expectBalancedBooks();
  });

  test('without scope recipients:read it is 403 TFR_11003, unless switch MM-S1 says otherwise', async () => {
    const [from, theirs] = [await open(50_00n), await open(0n, {}, other)];
    const recipientId = await saveRecipient(theirs);
    const narrow = createMoneyCalls(api, await api.partnerToken('transfers:write'));
    expect(await refusalOf(narrow.transfer(owner, toRecipient(from, recipientId)))).toEqual([403, 'TFR_11003']);
    await withSwitch(app, api.institutionId, 'transfer.recipient_scope', ['not needed', 'needed'], async () => {
      expect((await narrow.transfer(owner, toRecipient(from, recipientId))).statusCode).toBe(200);
    });
  });
});

describe('to a recipient whose account is one’s own', () => {
  const own = (account: OpenedAccount, over: object = {}) =>
    saveRecipient(account, { memberNumber: owner.memberNumber, ...over });
  const allTypes = { moneyMovement: { recipientAccountTypes: ['CHECKING', 'RETIREMENT_IRA', 'LINE_OF_CREDIT_LOAN'] } };

  test('a contribution has its yearly limit, and uses it up: 400 TFR_10041', async () => {
    await withPolicies(app, api.institutionId, allTypes, async () => {
      const from = await open(1000_00n);
      const ira = await open(0n, { account_type: 'RETIREMENT_IRA', eligible_this_year_minor: 100_00n });
      const recipientId = await own(ira, { accountType: 'RETIREMENT_IRA' });
      expect(await refusal(toRecipient(from, recipientId, 100.01))).toEqual([400, 'TFR_10041']);
      expect((await send(toRecipient(from, recipientId, 60))).statusCode).toBe(200);
      expect(await termsOf(ira)).toMatchObject({ eligible_this_year_minor: 40_00n });
      expect(await refusal(body(from, ira, 40.01))).toEqual([400, 'TFR_10041']);
    });
  });

  test('so has a contribution to somebody else', async () => {
    await withPolicies(app, api.institutionId, allTypes, async () => {
      const from = await open(1000_00n);
      const ira = await open(0n, { account_type: 'RETIREMENT_IRA', eligible_this_year_minor: 100_00n }, other);
      const recipientId = await saveRecipient(ira, { accountType: 'RETIREMENT_IRA' });
      expect(await refusal(toRecipient(from, recipientId, 100.01))).toEqual([400, 'TFR_10041']);
      expect((await send(toRecipient(from, recipientId, 100))).statusCode).toBe(200);
      expect(await refusal(toRecipient(from, recipientId, 1))).toEqual([400, 'TFR_10040']);
    });
  });

  test('a loan keeps its payment rule, 400 TFR_10031; somebody else’s takes any amount', async () => {
    await withPolicies(app, api.institutionId, allTypes, async () => {
      const from = await open(1000_00n);
      const columns = {
        account_type: 'LINE_OF_CREDIT_LOAN',
        category: 'LOAN',
        payment_rule: 'EQUAL_LPAY',
        next_payment_minor: 50_00n,
      };
      const [mine, theirs] = [await open(-500_00n, columns), await open(-500_00n, columns, other)];
      const toMine = await own(mine, { accountType: 'LINE_OF_CREDIT_LOAN' });
      expect(await refusal(toRecipient(from, toMine, 49))).toEqual([400, 'TFR_10031']);
      expect((await send(toRecipient(from, toMine, 50))).statusCode).toBe(200);
      const toTheirs = await saveRecipient(theirs, { accountType: 'LINE_OF_CREDIT_LOAN' });
      expect((await send(toRecipient(from, toTheirs, 49))).statusCode).toBe(200);
    });
  });

  test('what the user may not pay into stays closed: 400 TFR_10026, and what it may not see is not there: 400 TFR_10004', async () => {
    const [from, barred, unseen] = [await open(1000_00n), await open(0n), await open(0n)];
    await accounts.entitle(barred, owner.institutionUserId, { may_transfer_to: false });
    await accounts.entitle(unseen, owner.institutionUserId, { may_view: false });
    expect(await refusal(toRecipient(from, await own(barred)))).toEqual([400, 'TFR_10026']);
    expect(await refusal(toRecipient(from, await own(unseen)))).toEqual([400, 'TFR_10004']);
  });
});

describe('to a loan', () => {
  const loan = (columns: AccountColumns = {}) =>
    open(-1000_00n, { account_type: 'INSTALLMENT_LOAN', next_payment_minor: 100_00n, ...columns });

  test('a rule "equal" refuses another amount: 400 TFR_10031; "at most" more: 400 TFR_10032; "at least" less: 400 TFR_10033', async () => {
    const from = await open(1000_00n);
    const equal = await loan({ payment_rule: 'EQUAL_LPAY' });
    expect(await refusal(body(from, equal, 99.99))).toEqual([400, 'TFR_10031']);
    expect((await send(body(from, equal, 100))).statusCode).toBe(200);
    const atMost = await loan({ payment_rule: 'EQUAL_OR_LESS_LPAY' });
    expect(await refusal(body(from, atMost, 100.01))).toEqual([400, 'TFR_10032']);
    expect((await send(body(from, atMost, 1))).statusCode).toBe(200);
    const atLeast = await loan({ payment_rule: 'EQUAL_OR_MORE_LPAY' });
    expect(await refusal(body(from, atLeast, 99.99))).toEqual([400, 'TFR_10033']);
    expect((await send(body(from, atLeast, 100.01, { paymentOption: 'DEFAULT' }))).statusCode).toBe(200);
  });

  test('a payment is split: fees, interest, escrow, principal; and what was due is paid', async () => {
    const from = await open(1000_00n);
    const to = await loan({ fees_due_minor: 5_00n, interest_due_minor: 20_00n, escrow_minor: 30_00n });
    expect((await send(body(from, to, 100))).statusCode).toBe(200);
    const [escrow, payment] = await rowsOf(to);
    expect(payment).toMatchObject({ type: 'PAYMENT', minor: 100_00n, principal: 45_00n, interest: 20_00n, escrow: 30_00n });
    expect(escrow).toMatchObject({ minor: -30_00n });
    expect(await balanceOf(to)).toBe(-930_00n);
    expect(await termsOf(to)).toMatchObject({
      fees_due_minor: 0n,
      interest_due_minor: 0n,
      last_principal_minor: 45_00n,
    });
    await expectBalancedBooks();
  });

  test.each([
    ['PRINCIPAL_ONLY', { principal: 150_00n, interest: 0n }],
    ['INTEREST_ONLY', { principal: 0n, interest: 150_00n }],
    ['EXCESS_TO_INTEREST', { principal: 80_00n, interest: 70_00n }],
    ['EXCESS_TO_PRINCIPAL', { principal: 130_00n, interest: 20_00n }],
  ])('option %s goes where it says, whatever the payment rule', async (paymentOption, split) => {
    const from = await open(1000_00n);
    const to = await loan({ payment_rule: 'EQUAL_LPAY', interest_due_minor: 20_00n, payment_options: [paymentOption] });
    expect((await send(body(from, to, 150, { paymentOption }))).json().paymentOption).toBe(paymentOption);
    expect((await rowsOf(to))[0]).toMatchObject(split);
  });

  test('an option that the loan does not take is 400 TFR_10019, any where it takes none 400 TFR_10018', async () => {
    const from = await open(1000_00n);
    const some = await loan({ payment_options: ['PRINCIPAL_ONLY'] });
    expect(await refusal(body(from, some, 5, { paymentOption: 'INTEREST_ONLY' }))).toEqual([400, 'TFR_10019']);
    expect(await refusal(body(from, await loan(), 5, { paymentOption: 'INTEREST_ONLY' }))).toEqual([400, 'TFR_10018']);
  });

  test('the institution may switch them off: 400 TFR_10015; have none: 400 TFR_10016; or unreadable ones: 400 TFR_10017', async () => {
    const [from, to] = [await open(1000_00n), await loan({ payment_options: ['PRINCIPAL_ONLY'] })];
    const sent = body(from, to, 5, { paymentOption: 'PRINCIPAL_ONLY' });
    await withPolicies(app, api.institutionId, { moneyMovement: { hasOverpayments: false } }, async () => {
      expect(await refusal(sent)).toEqual([400, 'TFR_10015']);
    });
    await withPolicies(app, api.institutionId, { moneyMovement: { overpaymentOptions: [] } }, async () => {
      expect(await refusal(sent)).toEqual([400, 'TFR_10016']);
    });
    await withPolicies(app, api.institutionId, { moneyMovement: { overpaymentOptions: ['SOMETHING'] } }, async () => {
      expect(await refusal(sent)).toEqual([400, 'TFR_10017']);
    });
  });

  test('a payoff of another amount is 400 TFR_10021; switch MM-S9 makes the option unknown: 400 TFR_10056', async () => {
    const [from, to] = [await open(2000_00n), await loan({ payment_options: ['PAY_IN_FULL_AND_CLOSE'] })];
    const sent = body(from, to, 999, { paymentOption: 'PAY_IN_FULL_AND_CLOSE' });
    expect(await refusal(sent)).toEqual([400, 'TFR_10021']);
    await withSwitch(app, api.institutionId, 'transfer.payoff_option', ['refused', 'accepted'], async () => {
      expect(await refusal(sent)).toEqual([400, 'TFR_10056']);
    });
  });

  test('an unknown option is 400 TFR_10056; a known one on an account that is no loan 400 TFR_10005', async () => {
    const [from, to] = [await open(5_00n), await open(0n)];
    expect(await refusal(body(from, to, 1, { paymentOption: 'ALL_OF_IT' }))).toEqual([400, 'TFR_10056']);
    expect(await refusal(body(from, to, 1, { paymentOption: 'PRINCIPAL_ONLY' }))).toEqual([400, 'TFR_10005']);
    expect((await send(body(from, to, 1, { paymentOption: 'DEFAULT' }))).statusCode).toBe(200);
  });

  test('a card is paid as a card', async () => {
    const [from, card] = [
      await open(50_00n),
      await open(-40_00n, { account_type: 'CREDIT_CARD_LOAN', credit_limit_minor: 500_00n }),
    ];
    expect((await send(body(from, card, 15))).statusCode).toBe(200);
    expect((await rowsOf(card))[0]).toMatchObject({ type: 'PAYMENT_CREDIT_CARD', minor: 15_00n, principal: null });
    expect(await balanceOf(card)).toBe(-25_00n);
  });

  test('of two payoffs at once one closes the loan', async () => {
    const [from, to] = [await open(5000_00n), await loan({ payment_options: ['PAY_IN_FULL_AND_CLOSE'] })];
    const sent = body(from, to, 1000, { paymentOption: 'PAY_IN_FULL_AND_CLOSE' });
    const outcomes = await Promise.all([refusal(sent), refusal(sent), refusal(sent)]);
    expect(outcomes.filter(([status]) => status === 200)).toHaveLength(1);
    expect(await balanceOf(to)).toBe(0n);
  });
});

describe('to a retirement account', () => {
  const ira = (columns: AccountColumns = {}) => open(0n, { account_type: 'RETIREMENT_IRA', ...columns });
  const lastYear = { previousYearContribution: true };

  test('for the previous year: nothing left is 400 TFR_10038, more than is left 400 TFR_10039', async () => {
    const from = await open(1000_00n);
    for (const columns of [{}, { eligible_last_year_minor: 0n }, { eligible_last_year_minor: -5n }])
      expect(await refusal(body(from, await ira(columns), 5, lastYear))).toEqual([400, 'TFR_10038']);
    const to = await ira({ eligible_last_year_minor: 100_00n, eligible_this_year_minor: 7_00n });
    expect(await refusal(body(from, to, 100.01, lastYear))).toEqual([400, 'TFR_10039']);
    expect((await send(body(from, to, 60, lastYear))).json().previousYearContribution).toBe(true);
    expect(await termsOf(to)).toMatchObject({ eligible_last_year_minor: 40_00n, eligible_this_year_minor: 7_00n });
    expect(await refusal(body(from, to, 40.01, lastYear))).toEqual([400, 'TFR_10039']);
  });

  test('for this year: nothing left is 400 TFR_10040, more than is left 400 TFR_10041', async () => {
    const from = await open(1000_00n);
    expect(await refusal(body(from, await ira(), 5))).toEqual([400, 'TFR_10040']);
    const to = await ira({ eligible_this_year_minor: 100_00n });
    expect(await refusal(body(from, to, 100.01, { previousYearContribution: false }))).toEqual([400, 'TFR_10041']);
    expect((await send(body(from, to, 100))).statusCode).toBe(200);
    expect(await refusal(body(from, to, 1))).toEqual([400, 'TFR_10040']);
  });

  test('contributions at once never exceed the year', async () => {
    const [from, to] = [await open(1000_00n), await ira({ eligible_this_year_minor: 100_00n })];
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => refusal(body(from, to, 30))));
    expect(outcomes.filter(([status]) => status === 200)).toHaveLength(3);
    expect([await balanceOf(to), (await termsOf(to))['eligible_this_year_minor']]).toEqual([90_00n, 10_00n]);
  });

  test('the flag on another account is 400 TFR_10005, with a schedule 400 TFR_10006', async () => {
    const [from, to] = [await open(1000_00n), await ira({ eligible_last_year_minor: 100_00n })];
    expect(await refusal(body(from, await open(0n), 5, lastYear))).toEqual([400, 'TFR_10005']);
    const schedule = { lifeType: 'NOENDDATE', frequency: 'ONETIME', startDate: '2099-01-01' };
    expect(await refusal(body(from, to, 5, { ...lastYear, schedule }))).toEqual([400, 'TFR_10006']);
  });
});

describe('kinds that are not offered', () => {
  test('an unknown type is 400 TFR_10005', async () => {
    const [from, to] = [await open(5_00n), await open(0n)];
    expect(await refusal(body(from, to, 1, { type: 'SOMETHING' }))).toEqual([400, 'TFR_10005']);
    await withSwitch(app, api.institutionId, 'transfer.undocumented', [false, true], async () => {
      expect((await send(body(from, to, 1, { type: 'SOMETHING' }))).statusCode).toBe(200);
    });
  });

  test.each(['GENERAL_LEDGER', 'INSTITUTION_ACCOUNT'])(
    '%s: from is 400 TFR_10045, to 400 TFR_10046, without any holder 400 TFR_10024; where it is on, no account is known: 400 TFR_10047',
    async (type) => {
      const account = await open(5_00n);
      const target = {
        fromAccountHolderId: owner.customerId,
        fromAccountId: account.accountId,
        toAccountId: '1000',
        amount: { amount: 1 },
        type,
      };
      const source = {
        toAccountHolderId: owner.customerId,
        fromAccountId: '1000',
        toAccountId: account.accountId,
        amount: { amount: 1 },
        type,
      };
      expect(await refusal(source)).toEqual([400, 'TFR_10045']);
      expect(await refusal(target)).toEqual([400, 'TFR_10046']);
      expect(await refusal({ ...source, toAccountHolderId: undefined })).toEqual([400, 'TFR_10024']);
      await withPolicies(app, api.institutionId, { moneyMovement: { institutionAccountTypes: [type] } }, async () => {
        expect(await refusal(source)).toEqual([400, 'TFR_10047']);
        expect(await refusal(target)).toEqual([400, 'TFR_10047']);
      });
    },
  );

  test('VALIDATE_RECIPIENT: no member is 400 TFR_10024, a wrong type 400 TFR_10053, a wrong passcode 400 TFR_10054, else 400 TFR_10005', async () => {
    const [from, theirs] = [await open(5_00n), await open(0n, { fi_account_type: 10 }, other)];
    const entry = (type: string, code: string) => ({
      entry: [
        { key: 'recipientAccountType', value: type },
        { key: 'recipientPassCode', value: code },
      ],
    });
    const sent = (additionalInfo: object) => ({
      ...body(from, theirs, 1),
      ...{ type: 'VALIDATE_RECIPIENT', toAccountHolderId: other.memberNumber, toAccountId: theirs.accountNumber, additionalInfo },
    });
    const [member] = await app.database.sql<{ last_name: string }[]>`
      select last_name from core_members where institution_id = ${api.institutionId} and member_number = ${other.memberNumber}`;
    const code = member?.last_name.slice(0, 3) ?? '';
    expect(await refusal({ ...sent({}), toAccountHolderId: undefined })).toEqual([400, 'TFR_10024']);
    expect(await refusal(sent({}))).toEqual([400, 'TFR_10053']);
    expect(await refusal(sent(entry('11', code)))).toEqual([400, 'TFR_10053']);
    expect(await refusal(sent(entry('10', 'zzz')))).toEqual([400, 'TFR_10054']);
    expect(await refusal(sent(entry('10', code)))).toEqual([400, 'TFR_10005']);
  });
});

describe('the memo', () => {
  test('of more than 40 characters is 400 TFR_10043, with a strange one 400 TFR_10044, where memos are off 400 TFR_10042', async () => {
    const [from, to] = [await open(5_00n), await open(0n)];
    expect(await refusal(body(from, to, 1, { memo: 'm'.repeat(41) }))).toEqual([400, 'TFR_10043']);
    for (const memo of ['a;b', '<b>', 'a=1', 'what?'])
      expect(await refusal(body(from, to, 1, { memo }))).toEqual([400, 'TFR_10044']);
    await withPolicies(app, api.institutionId, { moneyMovement: { hasMemos: false } }, async () => {
      expect(await refusal(body(from, to, 1, { memo: 'm' }))).toEqual([400, 'TFR_10042']);
      expect((await send(body(from, to, 1))).statusCode).toBe(200);
    });
    expect((await send(body(from, to, 1, { memo: 'm'.repeat(40) }))).statusCode).toBe(200);
  });
});

test('what does not fit the kind comes before all about recipients: 400 TFR_10005', async () => {
  const [from, theirs] = [await open(5_00n), await open(0n, {}, other)];
  const recipientId = await saveRecipient(theirs);
  const narrow = createMoneyCalls(api, await api.partnerToken('transfers:write'));
  await withPolicies(app, api.institutionId, { moneyMovement: { hasRecipientTransfers: false } }, async () => {
    for (const over of [{ paymentOption: 'PRINCIPAL_ONLY' }, { previousYearContribution: true }]) {
      const sent = { ...toRecipient(from, recipientId), ...over };
      expect(await refusal(sent)).toEqual([400, 'TFR_10005']);
      expect(await refusalOf(narrow.transfer(owner, sent))).toEqual([400, 'TFR_10005']);
      expect(await refusal({ ...sent, toAccountHolderId: 'F'.repeat(32) })).toEqual([400, 'TFR_10005']);
    }
  });
});

describe('limits', () => {
  test('of one transfer: more is 400 TFR_10022, unless the customer has another limit', async () => {
    const [from, to] = [await open(1000_00n), await open(0n)];
    await withPolicies(app, api.institutionId, { moneyMovement: { transferLimitMinor: 50_00 } }, async () => {
      expect(await refusal(body(from, to, 50.01))).toEqual([400, 'TFR_10022']);
      expect((await send(body(from, to, 50))).statusCode).toBe(200);
      await app.database.sql`
        insert into customer_transfer_limits (institution_id, customer_id, transfer_limit_minor)
        values (${api.institutionId}, ${owner.customerId}, 6000)`;
      expect((await send(body(from, to, 60))).statusCode).toBe(200);
      expect(await refusal(body(from, to, 60.01))).toEqual([400, 'TFR_10022']);
    });
    await app.database.sql`delete from customer_transfer_limits`;
  });

  test('of a day: transfers at once do not exceed it together, and a refused one does not count', async () => {
    const [from, to] = [await open(1000_00n), await open(0n)];
    await withPolicies(app, api.institutionId, { moneyMovement: { dailyLimitMinor: 100_00 } }, async () => {
      expect(await refusal(body(from, to, 100.01))).toEqual([400, 'TFR_10022']);
      const outcomes = await Promise.all(Array.from({ length: 6 }, () => refusal(body(from, to, 30))));
      expect(outcomes.filter(([status]) => status === 200)).toHaveLength(3);
      expect((await send(body(from, to, 10))).statusCode).toBe(200);
      expect(await refusal(body(from, to, 0.01))).toEqual([400, 'TFR_10022']);
    });
    expect(await balanceOf(to)).toBe(100_00n);
  });
});

describe('a test transfer', () => {
  test('is checked and answered like a real one, and moves nothing', async () => {
    const [from, to] = [await open(10_00n), await open(0n)];
    const query = { testTransfer: 'TRUE' };
    expect((await send(body(from, to, 10), { query })).json()).toMatchObject({
      status: 'SUCCESS',
      confirmation: expect.any(String),
    });
    expect(await refusal(body(from, to, 10.01), { query })).toEqual([400, 'TFR_10022']);
    expect([await balanceOf(from), await balanceOf(to)]).toEqual([10_00n, 0n]);
    expect(await refusal(body(from, to, 1), { query: { testTransfer: 'maybe' } })).toEqual([400, 'TFR_10034']);
  });

  test('goes through the limit of the day too: 400 TFR_10022, and uses nothing of it up', async () => {
    const [from, to] = [await open(500_00n), await open(0n)];
    const query = { testTransfer: 'true' };
    await app.database.sql`delete from customer_transfer_days`;
    await withPolicies(app, api.institutionId, { moneyMovement: { dailyLimitMinor: 100_00 } }, async () => {
      expect(await refusal(body(from, to, 100.01), { query })).toEqual([400, 'TFR_10022']);
      expect((await send(body(from, to, 100), { query })).statusCode).toBe(200);
      expect((await send(body(from, to, 60))).statusCode).toBe(200);
      expect(await refusal(body(from, to, 40.01), { query })).toEqual([400, 'TFR_10022']);
      expect((await send(body(from, to, 40), { query })).statusCode).toBe(200);
    });
  });

  test('with a schedule is 400 TFR_10064', async () => {
    const [from, to] = [await open(10_00n), await open(0n)];
    const schedule = { lifeType: 'NOENDDATE', frequency: 'ONETIME', startDate: '2099-01-01' };
    expect(await refusal(body(from, to, 1, { schedule }), { query: { testTransfer: 'true' } })).toEqual([400, 'TFR_10064']);
  });
});

test('a confirmation that cannot be written is 400 TFR_10030, and nothing is moved', async () => {
  const [from, to] = [await open(10_00n), await open(0n)];
  for (const confirmationTemplate of ['', 'On {{day}} ...'])
    await withPolicies(app, api.institutionId, { moneyMovement: { confirmationTemplate } }, async () => {
      expect(await refusal(body(from, to, 1))).toEqual([400, 'TFR_10030']);
    });
  expect(await balanceOf(from)).toBe(10_00n);
});

describe('who may', () => {
  test('a user’s own token moves its own money only, and names nobody else: 403 TFR_11003', async () => {
    const [from, to, theirs] = [await open(10_00n), await open(0n), await open(10_00n, {}, other)];
    const own = await api.userToken(owner);
    const headers = { 'content-type': 'application/json' };
    const post = (path: string, sent: object) => api.withToken(own, 'POST', path, { headers, payload: JSON.stringify(sent) });
    expect((await post('/v1/transfers', body(from, to, 1))).statusCode).toBe(200);
    expect(await refusalOf(post(`/v1/transfers?loginId=${other.loginId}`, body(from, to, 1)))).toEqual([403, 'TFR_11003']);
    expect(await refusalOf(post('/v1/transfers', body(theirs, to, 1)))).toEqual([400, 'TFR_10003']);
  });

  test('no token is 401 TFR_11001, an unknown one 401 TFR_11002, one without the scope 403 TFR_11003', async () => {
    const path = `/v1/transfers?loginId=${owner.loginId}`;
    expect(await refusalOf(api.call('POST', path, { headers: { transactionId: randomUUID() } }))).toEqual([401, 'TFR_11001']);
    expect(await refusalOf(api.withToken('nonsense', 'POST', path))).toEqual([401, 'TFR_11002']);
    expect(await refusalOf(api.withToken(await api.partnerToken('recipients:read'), 'POST', path))).toEqual([403, 'TFR_11003']);
  });

  test('no user, two or a blank one is 400 TFR_10034; an unknown member 400 TFR_10023, an unknown login 400 TFR_10057', async () => {
    const post = (query: string) => refusalOf(api.withToken(token, 'POST', `/v1/transfers${query}`));
    expect(await post('')).toEqual([400, 'TFR_10034']);
    expect(await post(`?loginId=${owner.loginId}&hostUserId=${owner.memberNumber}`)).toEqual([400, 'TFR_10034']);
    expect(await post('?hostUserId=%20')).toEqual([400, 'TFR_10034']);
    expect(await post('?hostUserId=404404404')).toEqual([400, 'TFR_10023']);
    expect(await post('?loginId=nobody.at.all')).toEqual([400, 'TFR_10057']);
  });

  test('an application that the institution has blocked is 403 TFR_10068', async () => {
    const [from, to] = [await open(10_00n), await open(0n)];
    const { clientId } = api.application('partner');
    await withPolicies(app, api.institutionId, { moneyMovement: { blockedClientIds: [clientId] } }, async () => {
      expect(await refusal(body(from, to, 1))).toEqual([403, 'TFR_10068']);
    });
  });

  test('a business names the location on both sides: without the To one it is 400 TFR_10024, two are 400 TFR_10048', async () => {
    const business = api.customer({ userType: 'BUSINESS', state: 'active' });
    const [from, to] = [await open(10_00n, {}, business), await open(0n, {}, business)];
    const sent = {
      fromAccountHolderId: business.customerId,
      fromAccountId: from.accountId,
      toAccountId: to.accountId,
      amount: { amount: 2 },
    };
    const both = { ...sent, toAccountHolderId: business.customerId };
    const location = 'c'.repeat(32);
    await app.database.sql`
      insert into customers (institution_id, customer_id, customer_type, member_number)
      values (${api.institutionId}, ${location}, 'BUSINESS', '808080')`;
    await app.database.sql`
      insert into institution_user_customers (institution_id, institution_user_id, customer_id)
      values (${api.institutionId}, ${business.institutionUserId}, ${location})`;
    expect(await refusalOf(calls.transfer(business, sent))).toEqual([400, 'TFR_10024']);
    expect(await refusalOf(calls.transfer(business, { ...both, toAccountHolderId: 'f'.repeat(32) }))).toEqual([400, 'TFR_10004']);
    expect(await refusalOf(calls.transfer(business, { ...both, toAccountHolderId: location }))).toEqual([400, 'TFR_10048']);
    expect((await calls.transfer(business, both)).statusCode).toBe(200);
    expect(await balanceOf(to)).toBe(2_00n);
  });
});

describe('headers and bodies', () => {
  const head = (headers: Record<string, string | undefined>) =>
    refusalOf(api.withToken(token, 'POST', `/v1/transfers?loginId=${owner.loginId}`, { headers }));

  test('no transactionId is 400 TFR_10036, a long one 400 TFR_10037, a long callingAppId 400 TFR_10061, long headers 400 TFR_10065, another institution 400 TFR_10002', async () => {
    expect(await head({ transactionId: undefined })).toEqual([400, 'TFR_10036']);
    expect(await head({ transactionId: 'x'.repeat(65) })).toEqual([400, 'TFR_10037']);
    expect(await head({ callingAppId: 'x'.repeat(65) })).toEqual([400, 'TFR_10061']);
    expect(await head({ 'x-long': 'x'.repeat(9000) })).toEqual([400, 'TFR_10065']);
    expect(await head({ institutionId: '00077' })).toEqual([400, 'TFR_10002']);
  });

  test('characters outside printable ASCII are 400 TFR_10035', async () => {
    const [from, to] = [await open(1_00n), await open(0n)];
    expect(await refusal(body(from, to, 1, { memo: 'Größe' }))).toEqual([400, 'TFR_10035']);
    expect(await refusal(body(from, to, 1), { query: { x: 'ü' } })).toEqual([400, 'TFR_10035']);
  });

  test('no body, an unreadable one, or another media type is 400 TFR_10056', async () => {
    const as = (type: string) => ({ headers: { 'content-type': type } });
    expect(await refusal(undefined)).toEqual([400, 'TFR_10056']);
    for (const sent of ['', '{', '[]', '{"previousYearContribution":"perhaps"}', '{"schedule":[]}'])
      expect(await refusal(sent, as('application/json'))).toEqual([400, 'TFR_10056']);
    for (const sent of ['<a/>', '<Transfer>', '<!DOCTYPE x><Transfer/>', '<a/><b/>'])
      expect(await refusal(sent, as('application/xml'))).toEqual([400, 'TFR_10056']);
    expect(await refusal('a=1', as('application/x-www-form-urlencoded'))).toEqual([400, 'TFR_10056']);
    expect(await refusal(`{"memo":"${'x'.repeat(1_100_000)}"}`, as('application/json'))).toEqual([400, 'TFR_10056']);
  });

  test('XML in, XML out', async () => {
    const [from, to] = [await open(10_00n), await open(0n)];
    const xml = `<?xml version="1.0"?><Transfer><fromAccountHolderId>${owner.customerId}</fromAccountHolderId>
      <fromAccountId>${from.accountId}</fromAccountId><toAccountId>${to.accountId}</toAccountId>
      <amount><currencyCode>USD</currencyCode><amount>2.50</amount></amount><memo>A &amp; B</memo></Transfer>`;
    const headers = { 'content-type': 'application/xml', accept: 'application/xml' };
    const answer = await send(xml, { headers });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/xml; charset=utf-8']);
    expect(answer.body).toContain('<Transfer>\n    <fromAccountHolderId>');
    expect(answer.body).toContain('<amount>2.50</amount>');
    expect(answer.body).toContain('<memo>A &amp; B</memo>');
    expect(answer.body).toContain('<status>SUCCESS</status>');
    expect(await balanceOf(to)).toBe(2_50n);
    const refused = await send(xml.replace('2.50', '200'), { headers });
    expect([refused.statusCode, refused.body]).toEqual([400, expect.stringContaining('<ErrorResponse><code>TFR_10022</code>')]);
    const asJson = await send(xml, { headers: { 'content-type': 'text/xml' } });
    expect(asJson.headers['content-type']).toBe('application/json; charset=utf-8');
  });
});

test('what goes wrong inside is 500 TFR_10001, and nothing is moved', async () => {
  const [from, to] = [await open(10_00n), await open(0n)];
  await app.database.sql`alter table postings add constraint broken check (amount_minor > 100000000) not valid`;
  const answer = await send(body(from, to, 1));
  await app.database.sql`alter table postings drop constraint broken`;
  expect([answer.statusCode, answer.json().code]).toEqual([500, 'TFR_10001']);
  expect(await balanceOf(from)).toBe(10_00n);
});

describe('after a recovery', () => {
  const key = () => ({ institutionId: api.institutionId, institutionUserId: owner.institutionUserId });
  const schedule = { lifeType: 'NOENDDATE', frequency: 'ONETIME', startDate: '2099-01-01' };
  const daily = { lifeType: 'NUMBEROFEXECUTIONS', frequency: 'DAILY', startDate: '2099-01-01', numberOfExecutions: 4 };

  /** As if the phone number had been changed so many hours ago. */
  const changedAgo = (hours: number | undefined) => app.database.sql`
    update contact_methods set changed_at = ${hours === undefined ? null : new Date(Date.now() - hours * 3_600_000)}
    where institution_id = ${api.institutionId} and institution_user_id = ${owner.institutionUserId} and protocol = 'SMS'`;

  beforeEach(async () => {
    await app.database.sql`delete from recovery_hold_sums`;
    await changedAgo(1);
  });
  afterEach(() => changedAgo(undefined));

  test('more than the limit is 400 TFR_10025 for 24 hours, with the reason in the log; less goes through', async () => {
    const [from, to] = [await open(1000_00n), await open(0n)];
    expect(await refusal(body(from, to, 100.01))).toEqual([400, 'TFR_10025']);
    expect((await listActivities(app.database.sql, key())).at(-1)).toMatchObject({
      kind: 'transfer_refused',
      details: { reason: 'phone_changed', holdHours: 24, amountMinor: '10001' },
    });
    expect((await send(body(from, to, 100))).statusCode).toBe(200);
    expect(await refusal(body(from, to, 500, { schedule }))).toEqual([400, 'TFR_10025']);
    await changedAgo(25);
    expect((await send(body(from, to, 100.01))).statusCode).toBe(200);
  });

  test('all transfers together count, refused and test ones do not: above the limit in sum is 400 TFR_10025', async () => {
    const [from, to] = [await open(1000_00n), await open(0n)];
    const query = { testTransfer: 'true' };
    expect((await send(body(from, to, 60))).statusCode).toBe(200);
    expect(await refusal(body(from, to, 40.01))).toEqual([400, 'TFR_10025']);
    expect(await refusal(body(from, to, 40.01), { query })).toEqual([400, 'TFR_10025']);
    expect((await send(body(from, to, 40), { query })).statusCode).toBe(200);
    expect((await send(body(from, to, 40))).statusCode).toBe(200);
    expect(await refusal(body(from, to, 0.01))).toEqual([400, 'TFR_10025']);
    expect((await listActivities(app.database.sql, key())).at(-1)).toMatchObject({ kind: 'transfer_refused' });
    expect(await balanceOf(to)).toBe(100_00n);
  });

  test('a schedule counts with all that it will ever move, and without an end it is above every limit', async () => {
    const [from, to] = [await open(0n), await open(0n)];
    expect(await refusal(body(from, to, 25.01, { schedule: daily }))).toEqual([400, 'TFR_10025']);
    const endless = { lifeType: 'NOENDDATE', frequency: 'DAILY', startDate: '2099-01-01' };
    expect(await refusal(body(from, to, 0.01, { schedule: endless }))).toEqual([400, 'TFR_10025']);
    expect((await send(body(from, to, 20, { schedule: daily }))).statusCode).toBe(200);
    expect(await refusal(body(from, to, 20.01, { schedule }))).toEqual([400, 'TFR_10025']);
    expect((await send(body(from, to, 20, { schedule }))).statusCode).toBe(200);
  });

  test('of transfers and schedules at once only as many go through as the limit has room for', async () => {
    const [from, to, elsewhere] = [await open(1000_00n), await open(0n), await open(1000_00n)];
    const outcomes = await Promise.all([
      ...Array.from({ length: 6 }, () => refusal(body(from, to, 15))),
      ...Array.from({ length: 6 }, () => refusal(body(elsewhere, to, 15))),
      ...Array.from({ length: 3 }, () => refusal(body(from, to, 15, { schedule }))),
    ]);
    expect(outcomes.filter(([status]) => status === 200)).toHaveLength(6);
    for (const [status, code] of outcomes) if (status !== 200) expect(code).toBe('TFR_10025');
  });

  test('what was moved before the hold began counts for nothing in it', async () => {
    const [from, to] = [await open(1000_00n), await open(0n)];
    expect((await send(body(from, to, 100))).statusCode).toBe(200);
    await app.database.sql`update recovery_hold_sums set began_at = ${new Date(Date.now() - 25 * 3_600_000)}`;
    expect((await send(body(from, to, 99))).statusCode).toBe(200);
    expect(await refusal(body(from, to, 2))).toEqual([400, 'TFR_10025']);
  });
});
