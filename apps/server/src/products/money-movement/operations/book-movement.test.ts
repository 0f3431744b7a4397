import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { withPolicies } from '@openbranch/testkit/change-policies';
import { eventually } from '@openbranch/testkit/eventually';
import { createMoneyCalls, type MoneyCalls } from '@openbranch/testkit/money-calls';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import {
  type AccountColumns,
  createTestAccounts,
  type OpenedAccount,
  type TestAccounts,
} from '@openbranch/testkit/test-accounts';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyLedger } from '../../../core/index.ts';

/** What is true under the lock, by the calls of customers: payoffs, draws, closings, limits, currencies. */
let app: TestApp;
let api: ApiCaller;
let calls: MoneyCalls;
let accounts: TestAccounts;
let owner: Customer;

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits });
  api = createApiCaller(app);
  calls = createMoneyCalls(api, await api.partnerToken());
  accounts = createTestAccounts(app, api.institutionId);
  owner = api.customer({ userType: 'RETAIL', role: 'PRIMARY', state: 'active' });
});
afterAll(() => app.close());

async function open(minor: bigint, columns: AccountColumns = {}): Promise<OpenedAccount> {
  const account = await accounts.open(owner.memberNumber, columns);
  if (minor !== 0n) await accounts.book(account, { amountMinor: minor, on: '2026-01-05' });
  return account;
}

const send = (from: OpenedAccount, to: OpenedAccount, amount: number, over: object = {}) =>
  calls.transfer(owner, {
    fromAccountHolderId: owner.customerId,
    fromAccountId: from.accountId,
    toAccountId: to.accountId,
    amount: { amount },
    ...over,
  });
const payOff = { paymentOption: 'PAY_IN_FULL_AND_CLOSE' };
const refusal = (...sent: Parameters<typeof send>) => refusalOf(send(...sent));

async function stateOf({ accountKey }: OpenedAccount) {
  const [account] = await accounts.core.findAccounts(app.database.sql, api.institutionId, [accountKey]);
  if (account === undefined) throw new Error('There is no such account.');
  const { balance, loan, closedOn } = account;
  return { ledgerMinor: balance.ledgerMinor, payOffMinor: loan.payOffMinor, isClosed: closedOn !== undefined };
}

/** What the customer is shown. */
async function shownPayOff({ accountId }: OpenedAccount): Promise<number> {
  const token = await api.partnerToken('accounts:read');
  const answer = await api.withToken(token, 'GET', `/v1/accounts/${accountId}?loginId=${owner.loginId}`);
  return answer.json().payOffAmount.amount;
}

describe('a payoff', () => {
  const mortgage = (columns: AccountColumns = {}) =>
    open(-1000_00n, {
      ...{ account_type: 'MORTGAGE_LOAN', escrow_minor: 410_00n, interest_due_minor: 5_00n, fees_due_minor: 1_00n },
      payment_options: ['PAY_IN_FULL_AND_CLOSE', 'ESCROW_ONLY', 'PRINCIPAL_ONLY'],
      ...columns,
    });

  test('after payments of which a part was put aside is all that is still owed, and leaves nothing', async () => {
    const [from, loan] = [await open(5000_00n), await mortgage()];
    expect((await send(from, loan, 500)).statusCode).toBe(200);
    expect((await send(from, loan, 300, { paymentOption: 'ESCROW_ONLY' })).statusCode).toBe(200);
    expect(await stateOf(loan)).toEqual({ ledgerMinor: -910_00n, payOffMinor: 910_00n, isClosed: false });
    expect(await shownPayOff(loan)).toBe(910);
    expect(await refusal(from, loan, 500, payOff)).toEqual([400, 'TFR_10021']);
    expect((await send(from, loan, 910, payOff)).json().payoffAmount).toEqual({ amount: 910, currencyCode: 'USD' });
    expect(await stateOf(loan)).toEqual({ ledgerMinor: 0n, payOffMinor: 0n, isClosed: true });
  });

  test('follows what was drawn, charged and given back since, whoever booked it', async () => {
    const line = await open(-100_00n, {
      ...{ account_type: 'HOME_EQUITY_LOAN', credit_limit_minor: 900_00n, payment_options: ['PAY_IN_FULL_AND_CLOSE'] },
    });
    const from = await open(5000_00n);
    expect((await send(line, from, 250)).statusCode).toBe(200);
    expect(await shownPayOff(line)).toBe(350);
    await accounts.book(line, { amountMinor: -12_34n, on: '2026-01-06' });
    await accounts.book(line, { amountMinor: 2_00n, on: '2026-01-06' });
    expect(await shownPayOff(line)).toBe(360.34);
    expect(await refusal(from, line, 100, payOff)).toEqual([400, 'TFR_10021']);
    expect((await send(from, line, 360.34, payOff)).statusCode).toBe(200);
    expect(await stateOf(line)).toMatchObject({ ledgerMinor: 0n, isClosed: true });
  });

  test('leaves nothing due, and waits for what is announced on the loan: 400 TFR_10018', async () => {
    const [from, loan] = [await open(5000_00n), await mortgage()];
    const { transactionNumber } = await accounts.hold(loan, { amountMinor: -50_00n, on: '2026-01-06' });
    expect(await refusal(from, loan, 1000, payOff)).toEqual([400, 'TFR_10018']);
    await accounts.postHold(loan, transactionNumber, -50_00n, '2026-01-07');
    expect((await send(from, loan, 1050, payOff)).statusCode).toBe(200);
    const [row] = await app.database.sql`
      select interest_due_minor, fees_due_minor from accounts where account_key = ${loan.accountKey}`;
    expect(row).toEqual({ interest_due_minor: 0n, fees_due_minor: 0n });
  });
});

describe('while a transfer waits for its balances', () => {
  /** Runs `meanwhile` in a transaction that holds the balance of From, on which the transfer waits. */
  async function whileWaiting(
    from: OpenedAccount,
    transfer: () => Promise<[number, string | undefined]>,
    meanwhile: (sql: TestApp['database']['sql']) => Promise<unknown>,
  ) {
    const { sql } = app.database;
    const outcome = await sql.begin(async (tx) => {
      await tx`select 1 from account_balances where account_key = ${from.accountKey} for no key update`;
      const waiting = transfer();
      await eventually(
        async () =>
          (await sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`).length > 0,
      );
      // By another connection: it needs no lock of this one.
      await meanwhile(sql);
      return { waiting };
    });
    return outcome.waiting;
  }

  test('a line that is closed meanwhile gives nothing more: 400 TFR_10027', async () => {
    const [line, to] = [await open(0n, { account_type: 'HOME_EQUITY_LOAN', credit_limit_minor: 900_00n }), await open(0n)];
    const code = await whileWaiting(
      line,
      () => refusal(line, to, 100),
      () => accounts.change(line, { closed_on: '2026-01-07' }),
    );
    expect(code).toEqual([400, 'TFR_10027']);
    expect(await stateOf(line)).toMatchObject({ ledgerMinor: 0n });
  });

  test.each<[string, string, AccountColumns]>([
    ['a lower overdraft', 'TFR_10022', { overdraft_limit_minor: 10_00n }],
    ['a restriction', 'TFR_10025', { transfer_restriction: 'EXCLUDE_AS_FROM' }],
    ['a flag', 'TFR_10027', { status_flags: ['writtenOff'] }],
  ])('%s of the From account counts: 400 %s', async (_, code, columns) => {
    const [from, to] = [await open(10_00n, { overdraft_limit_minor: 500_00n }), await open(0n)];
    const outcome = await whileWaiting(
      from,
      () => refusal(from, to, 100),
      () => accounts.change(from, columns),
    );
    expect(outcome).toEqual([400, code]);
    expect(await stateOf(to)).toMatchObject({ ledgerMinor: 0n });
  });

  test('a plain To account that is closed meanwhile gets nothing: 400 TFR_10028', async () => {
    const [from, to] = [await open(200_00n), await open(0n)];
    const code = await whileWaiting(
      from,
      () => refusal(from, to, 100),
      () => accounts.change(to, { closed_on: '2026-01-07' }),
    );
    expect(code).toEqual([400, 'TFR_10028']);
    expect(await stateOf(from)).toMatchObject({ ledgerMinor: 200_00n });
  });
});

test('of payoffs and draws at once, none leaves a closed line that owes, or owns, anything', async () => {
  const from = await open(100_000_00n);
  for (let round = 0; round < 12; round += 1) {
    const line = await open(-100_00n, {
      ...{ account_type: 'HOME_EQUITY_LOAN', credit_limit_minor: 900_00n },
      payment_options: ['PAY_IN_FULL_AND_CLOSE', 'PRINCIPAL_ONLY'],
    });
    const outcomes = await Promise.all([
      refusal(line, from, 30),
      refusal(from, line, 100, payOff),
      refusal(line, from, 20),
      refusal(from, line, 130, payOff),
      refusal(from, line, 5, { paymentOption: 'PRINCIPAL_ONLY' }),
    ]);
    for (const [status, code] of outcomes)
      expect([200, 400, ...(code === undefined ? [] : ['TFR_10021', 'TFR_10027', 'TFR_10028'])]).toContain(code ?? status);
    const { ledgerMinor, payOffMinor, isClosed } = await stateOf(line);
    expect(payOffMinor).toBe(-ledgerMinor);
    if (isClosed) expect(ledgerMinor).toBe(0n);
  }
  expect((await verifyLedger(app.database.sql, api.institutionId)).broken).toBeUndefined();
});

describe('an institution whose money is not the dollar', () => {
  const inCanada = (work: () => Promise<void>) =>
    withPolicies(app, api.institutionId, { moneyMovement: { currency: 'CAD' } }, work);

  async function openIn(currency: string, minor: bigint): Promise<OpenedAccount> {
    const account = await accounts.open(owner.memberNumber, { currency });
    await app.database.sql`
      update account_balances set currency = ${currency} where account_key = ${account.accountKey}`;
    if (minor !== 0n)
      await app.database.sql.begin(async (tx) => {
        const { institutionId } = api;
        await accounts.core.lockBalances(tx, institutionId, [account.accountKey]);
        await accounts.core.post(tx, {
          ...{ institutionId, kind: 'test', currency, bookedAt: new Date('2026-01-05'), transactionDate: '2026-01-05' },
          postings: [
            { account: { key: account.accountKey }, amountMinor: minor, type: 'DEPOSIT' },
            { account: { internal: 'cash' }, amountMinor: -minor, type: 'DEPOSIT' },
          ],
        });
      });
    return account;
  }

  test('moves its own, and says so', async () => {
    await inCanada(async () => {
      const [from, to] = [await openIn('CAD', 100_00n), await openIn('CAD', 0n)];
      const answer = await send(from, to, 10);
      expect(answer.json()).toMatchObject({
        amount: { amount: 10, currencyCode: 'CAD' },
        confirmation: expect.stringContaining('CAD 10.00'),
      });
      expect([(await stateOf(from)).ledgerMinor, (await stateOf(to)).ledgerMinor]).toEqual([90_00n, 10_00n]);
      const entries = await app.database.sql`
        select distinct e.currency from ledger_entries e join postings p using (institution_id, entry_id)
        where p.account_key = ${to.accountKey}`;
      expect([...entries]).toEqual([{ currency: 'CAD' }]);
    });
  });

  test('takes no account in another one: From is 400 TFR_10025, To 400 TFR_10026, and nothing is exchanged', async () => {
    await inCanada(async () => {
      const [canadian, american, other] = [await openIn('CAD', 100_00n), await openIn('USD', 100_00n), await openIn('USD', 0n)];
      expect(await refusal(american, other, 10)).toEqual([400, 'TFR_10025']);
      expect(await refusal(canadian, american, 10)).toEqual([400, 'TFR_10026']);
      expect(await stateOf(american)).toMatchObject({ ledgerMinor: 100_00n });
    });
    expect((await verifyLedger(app.database.sql, api.institutionId)).broken).toBeUndefined();
  });
});
