import { type ApiCaller, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let app: TestApp;
let api: ApiCaller;

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits, hasBooks: true });
  api = createApiCaller(app);
});
afterAll(() => app.close());

interface Posted {
  readonly institutionId: string;
  readonly accountId: string;
  readonly transactionId: string;
  readonly transactionNumber: string;
  readonly imageIdentifier?: string;
  readonly transactionDate: string;
  readonly isPending: boolean;
  readonly currentBalance: number;
  readonly availableBalance: number;
}

type Find = (account: { readonly type: string; readonly closedOn?: string }) => boolean;

/** An account of the customer at a place of the seed. */
function accountOf(place: number, find: Find): string {
  const account = api.institution.customers[place]?.accounts.find(find);
  if (account === undefined) throw new Error('The customer has no such account.');
  return account.accountId;
}

const checking = (place = 0) => accountOf(place, ({ type }) => type === 'CHECKING');

const control = (method: 'POST' | 'PUT', path: string, body?: object, headers: Record<string, string | undefined> = {}) =>
  api.call(method, `/sandbox/v1/accounts/${path}`, {
    headers: {
      'x-sandbox-key': app.sandbox.sandboxKey,
      'content-type': body === undefined ? undefined : 'application/json',
      ...headers,
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  });
const post = (accountId: string, body: object) => control('POST', `${accountId}/postings`, body);
const posted = async (answer: ReturnType<typeof post>, status = 201): Promise<Posted> => {
  const { statusCode, body } = await answer;
  if (statusCode !== status) throw new Error(`${statusCode} ${body}`);
  const value: Posted = JSON.parse(body);
  return value;
};

/** Sums of an account by the rows themselves. */
async function booksOf(accountId: string) {
  const key = app.seed.ids.decode('account', api.institutionId, accountId)?.accountKey ?? 0n;
  const [row] = await app.database.sql<{ ledger_minor: bigint; held_minor: bigint; posted: bigint; held: bigint }[]>`
    select b.ledger_minor, b.held_minor,
      (select sum(amount_minor) from postings where institution_id = b.institution_id and account_key = b.account_key)::bigint as posted,
      (select coalesce(sum(-amount_minor), 0) from holds where institution_id = b.institution_id and account_key = b.account_key
        and status = 'PENDING' and amount_minor < 0)::bigint as held
    from account_balances b where institution_id = ${api.institutionId} and account_key = ${key}`;
  if (row === undefined) throw new Error('There is no such account.');
  expect([row.posted, row.held]).toEqual([row.ledger_minor, row.held_minor]);
  return { currentBalance: Number(row.ledger_minor) / 100, availableBalance: Number(row.ledger_minor - row.held_minor) / 100 };
}

async function rowOf({ transactionNumber }: Posted) {
  const [row] = await app.database.sql`
    select transaction_type, amount_minor, description, memo, check_number, image_type, merchant_name from postings
    where institution_id = ${api.institutionId} and transaction_number = ${transactionNumber}`;
  return row;
}

describe('a posting by the control of the sandbox', () => {
  test('of kind credit puts money on an account, and its balance says so', async () => {
    const before = await booksOf(checking());
    const answer = await posted(post(checking(), { type: 'credit', amount: 25.5, description: 'Refund', memo: 'No. 7' }));
    expect(answer).toMatchObject({ institutionId: '00042', accountId: checking(), isPending: false });
    expect(answer.currentBalance).toBeCloseTo(before.currentBalance + 25.5, 2);
    expect(await booksOf(checking())).toEqual({
      currentBalance: answer.currentBalance,
      availableBalance: answer.availableBalance,
    });
    expect(await rowOf(answer)).toMatchObject({
      transaction_type: 'DEPOSIT',
      amount_minor: 2_550n,
      description: 'Refund',
      memo: 'No. 7',
    });
  });

  test('of kind debit takes money, at a shop when it names one', async () => {
    const before = await booksOf(checking());
    const answer = await posted(post(checking(), { type: 'debit', amount: 10.01, merchantName: 'Bluebird Coffee' }));
    expect(answer.currentBalance).toBeCloseTo(before.currentBalance - 10.01, 2);
    expect(await rowOf(answer)).toMatchObject({ transaction_type: 'POS_PURCHASE', description: 'Bluebird Coffee' });
  });

  test('of kind cheque has a number and an image', async () => {
    const answer = await posted(post(checking(), { type: 'cheque', amount: 80, checkNumber: '4711' }));
    expect(await rowOf(answer)).toMatchObject({ transaction_type: 'CHECK', check_number: '4711', image_type: 'CHECK' });
    const key = app.seed.ids.decode('image', api.institutionId, answer.imageIdentifier ?? '');
    expect(String(key?.number)).toBe(answer.transactionNumber);
  });

  test('of kind hold takes from what is available and leaves the balance', async () => {
    const before = await booksOf(checking());
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const answer = await posted(post(checking(), { type: 'hold', amount: 33.33, expiresAt }));
    expect(answer).toMatchObject({ isPending: true, currentBalance: before.currentBalance });
    expect(answer.availableBalance).toBeCloseTo(before.availableBalance - 33.33, 2);
    expect(await booksOf(checking())).toEqual({
      currentBalance: answer.currentBalance,
      availableBalance: answer.availableBalance,
    });
  });

  test('of a pending credit announces it and gives nothing yet', async () => {
    const before = await booksOf(checking());
    const answer = await posted(
      post(checking(), { type: 'credit', amount: 500, isPending: true, transactionDate: '2030-01-02' }),
    );
    expect(answer).toMatchObject({ ...before, isPending: true, transactionDate: '2030-01-02' });
  });

  test('reaches accounts of the other institution by their ids', async () => {
    const other = createApiCaller(app, 1).institution.customers[0]?.accounts[0]?.accountId ?? '';
    expect(await posted(post(other, { type: 'credit', amount: 1 }))).toMatchObject({ institutionId: '00077', accountId: other });
  });

  test('on a card is a purchase, within the limit', async () => {
    const card = accountOf(0, ({ type }) => type === 'CREDIT_CARD_LOAN');
    expect(await rowOf(await posted(post(card, { type: 'debit', amount: 5 })))).toMatchObject({
      transaction_type: 'RETAIL_PURCHASE',
    });
    expect(await refusalOf(post(card, { type: 'debit', amount: 8_000 }))).toEqual([409, 'SBX_20009']);
  });

  test('is written to the activity log with its cause, without amount or text', async () => {
    await posted(post(checking(), { type: 'credit', amount: 1, description: 'Told nobody' }));
    const [row] = await app.database.sql`
      select operation, details from activities where kind = 'sandbox_posting_booked' order by activity_id desc limit 1`;
    expect(row).toEqual({ operation: 'bookPosting', details: { type: 'credit', isPending: false, accountKey: '1001' } });
  });
});

describe('a posting is refused', () => {
  test('SBX_20006 404: an id of nobody, of another kind, and an account that a reset took away', async () => {
    const transaction = await posted(post(checking(), { type: 'credit', amount: 1 }));
    const missing = app.seed.ids.encodeOne('account', api.institutionId, { accountKey: 77_777n, number: 0n });
    for (const id of ['A'.repeat(43), transaction.transactionId, missing])
      expect(await refusalOf(post(id, { type: 'credit', amount: 1 }))).toEqual([404, 'SBX_20006']);
  });

  test('SBX_20007 400: a cheque without number, a booking of tomorrow, three decimals', async () => {
    for (const body of [
      { type: 'cheque', amount: 1 },
      { type: 'credit', amount: 1, transactionDate: '2099-01-01' },
      { type: 'credit', amount: 1.001 },
    ])
      expect(await refusalOf(post(checking(), body))).toEqual([400, 'SBX_20007']);
  });

  test('SBX_20008 409: the account is closed', async () => {
    const closed = accountOf(2, ({ closedOn }) => closedOn !== undefined);
    expect(await refusalOf(post(closed, { type: 'credit', amount: 1 }))).toEqual([409, 'SBX_20008']);
  });

  test('SBX_20009 409: the account has not enough, unless it may be overdrawn', async () => {
    const own = checking(7);
    expect(await refusalOf(post(own, { type: 'debit', amount: 900_000 }))).toEqual([409, 'SBX_20009']);
    const answer = await posted(post(own, { type: 'debit', amount: 900_000, mayOverdraw: true }));
    expect(answer.currentBalance).toBeLessThan(0);
  });

  test('SBX_10001 401: without the key', async () => {
    const answer = control('POST', `${checking()}/postings`, { type: 'credit', amount: 1 }, { 'x-sandbox-key': undefined });
    expect(await refusalOf(answer)).toEqual([401, 'SBX_10001']);
  });

  test.each([
    [{}],
    [{ type: 'gift', amount: 1 }],
    [{ type: 'credit', amount: 0 }],
    [{ type: 'credit', amount: -1 }],
    [{ type: 'credit', amount: '1' }],
    [{ type: 'credit', amount: 1e12 }],
    [{ type: 'credit', amount: 1, description: 'x'.repeat(101) }],
    [{ type: 'credit', amount: 1, transactionDate: '2026-02-30' }],
  ])('SBX_10002 400: %j is no posting', async (body) => {
    expect(await refusalOf(post(checking(), body))).toEqual([400, 'SBX_10002']);
  });

  test('SBX_10003 400: what cannot be an id', async () => {
    expect(await refusalOf(post('short', { type: 'credit', amount: 1 }))).toEqual([400, 'SBX_10003']);
  });
});

describe('a hold', () => {
  const place = (amount = 20) => posted(post(checking(4), { type: 'hold', amount }));
  const settle = (hold: Posted, action: 'post' | 'void', body?: object) =>
    control('PUT', `${hold.accountId}/holds/${hold.transactionId}:${action}`, body);

  test('is booked for its amount under its own id', async () => {
    const hold = await place(20);
    const answer = await posted(settle(hold, 'post', {}), 200);
    expect(answer).toMatchObject({ transactionId: hold.transactionId, isPending: false });
    expect(answer.currentBalance).toBeCloseTo(hold.currentBalance - 20, 2);
    expect(answer.availableBalance).toBeCloseTo(hold.availableBalance, 2);
    expect(await booksOf(checking(4))).toEqual({
      currentBalance: answer.currentBalance,
      availableBalance: answer.availableBalance,
    });
  });

  test('is booked for another amount, as at a filling station', async () => {
    const hold = await place(100);
    const answer = await posted(settle(hold, 'post', { amount: 61.4 }), 200);
    expect(answer.currentBalance).toBeCloseTo(hold.currentBalance - 61.4, 2);
    expect(answer.availableBalance).toBeCloseTo(hold.availableBalance + 38.6, 2);
    expect(await refusalOf(settle(await place(5), 'post', { amount: 1.234 }))).toEqual([400, 'SBX_20007']);
  });

  test('is voided, and what it held is free again', async () => {
    const before = await booksOf(checking(4));
    const hold = await place(12);
    expect((await settle(hold, 'void')).statusCode).toBe(204);
    expect(await booksOf(checking(4))).toEqual(before);
  });

  test('SBX_20011 409: is settled once', async () => {
    const hold = await place();
    expect((await settle(hold, 'void')).statusCode).toBe(204);
    expect(await refusalOf(settle(hold, 'void'))).toEqual([409, 'SBX_20011']);
    expect(await refusalOf(settle(hold, 'post', {}))).toEqual([409, 'SBX_20011']);
  });

  test('SBX_20010 404: is not a booked transaction, and not one of another account', async () => {
    const hold = await place();
    const booked = await posted(post(checking(4), { type: 'credit', amount: 1 }));
    for (const wrong of [booked, { ...hold, accountId: checking(0) }, { ...hold, transactionId: 'A'.repeat(43) }]) {
      expect(await refusalOf(settle(wrong, 'void'))).toEqual([404, 'SBX_20010']);
      expect(await refusalOf(settle(wrong, 'post', {}))).toEqual([404, 'SBX_20010']);
    }
  });

  test('SBX_20006 404: needs an account', async () => {
    const wrong = { ...(await place()), accountId: 'A'.repeat(43) };
    expect(await refusalOf(settle(wrong, 'void'))).toEqual([404, 'SBX_20006']);
    expect(await refusalOf(settle(wrong, 'post', {}))).toEqual([404, 'SBX_20006']);
  });
});
