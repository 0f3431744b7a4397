import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { withPolicies } from '@openbranch/testkit/change-policies';
import { createMoneyCalls, type MoneyCalls } from '@openbranch/testkit/money-calls';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { setClock, withSwitch } from '@openbranch/testkit/sandbox-calls';
import { createTestAccounts, type OpenedAccount, type TestAccounts } from '@openbranch/testkit/test-accounts';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** What M6 says of a schedule; what becomes of it is in `tasks/execute-schedules.test.ts`. */
let app: TestApp;
let api: ApiCaller;
let calls: MoneyCalls;
let accounts: TestAccounts;
let owner: Customer;
let from: OpenedAccount;
let to: OpenedAccount;

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits });
  api = createApiCaller(app);
  // A Friday, in the evening of the institution and already Saturday in UTC.
  await setClock(app, api.institutionId, '2028-01-15T01:00:00Z');
  calls = createMoneyCalls(api, await api.partnerToken());
  accounts = createTestAccounts(app, api.institutionId);
  owner = api.customer({ userType: 'RETAIL', role: 'PRIMARY', state: 'active' });
  [from, to] = [await accounts.open(owner.memberNumber), await accounts.open(owner.memberNumber)];
});
afterAll(() => app.close());

const send = (schedule: unknown, over: object = {}) =>
  calls.transfer(owner, {
    fromAccountHolderId: owner.customerId,
    fromAccountId: from.accountId,
    toAccountId: to.accountId,
    amount: { amount: 10 },
    schedule,
    ...over,
  });
const refusal = (schedule: unknown, over?: object) => refusalOf(send(schedule, over));
const monthly = (over: object = {}) => ({
  lifeType: 'NOENDDATE',
  frequency: 'MONTHLY',
  startDate: '2028-01-20',
  daysOfMonth: [31],
  ...over,
});
const weekly = (over: object = {}) => monthly({ frequency: 'WEEKLY', daysOfMonth: undefined, dayOfWeek: 1, ...over });

test('a schedule is answered with its id, the next date and what the customer is told; no balance is needed', async () => {
  const answer = (await send(monthly())).json();
  expect(answer).toMatchObject({
    id: expect.stringMatching(/^[0-9A-F]{32}$/u),
    status: 'SUCCESS',
    amount: { amount: 10, currencyCode: 'USD' },
    confirmation: expect.stringContaining('USD 10.00'),
    notificationMessage: 'Your transfers are scheduled. The first is on 2028-01-31.',
  });
  expect(answer.schedule).toEqual({ ...monthly(), nextExecutionDate: '2028-01-31' });
});

const ends = { lifeType: 'ENDDATE', endDate: '2028-12-31' };
const counts = { lifeType: 'NUMBEROFEXECUTIONS', numberOfExecutions: 3 };
const week = { dayOfWeek: 2, daysOfMonth: undefined };
const day29 = { daysOfMonth: [29] };

test.each([
  ['ONETIME', { daysOfMonth: undefined }, '2028-01-20', '2028-01-20', 1],
  ['DAILY', { ...ends, daysOfMonth: undefined }, '2028-01-20', '2028-12-31', 347],
  ['DAILY', { ...counts, daysOfMonth: undefined, startDate: '2028-02-28' }, '2028-02-28', '2028-03-01', 3],
  ['WEEKLY', { ...counts, ...week, startDate: '2028-02-20' }, '2028-02-22', '2028-03-07', 3],
  ['BIWEEKLY', { ...ends, ...week, endDate: '2028-03-08' }, '2028-01-25', '2028-03-07', 4],
  ['EVERY4WEEKS', { ...counts, ...week }, '2028-01-25', '2028-03-21', 3],
  ['EVERY8WEEKS', { ...counts, ...week }, '2028-01-25', '2028-05-16', 3],
  ['TWICEMONTHLY', { ...counts, daysOfMonth: [31, 30], startDate: '2028-02-01' }, '2028-02-28', '2028-03-30', 3],
  ['MONTHLY', { ...counts }, '2028-01-31', '2028-03-31', 3],
  ['MONTHLY', { ...ends, ...day29, endDate: '2029-02-28' }, '2028-01-29', '2029-02-28', 14],
  ['QUARTERLY', { ...counts, startDate: '2028-02-01' }, '2028-02-29', '2028-08-31', 3],
  ['SEMIANNUALLY', { ...counts, ...day29 }, '2028-01-29', '2029-01-29', 3],
  ['ANNUALLY', { ...counts, ...day29, startDate: '2028-02-29' }, '2028-02-29', '2030-02-28', 3],
])('%s: next date, final date and number are exact across a leap February (%o)', async (frequency, over, next, final, left) => {
  const { schedule } = (await send(monthly({ frequency, ...over }))).json();
  expect([schedule.nextExecutionDate, schedule.finalExecutionDate, schedule.remainingNumberOfExecutions]).toEqual([
    next,
    final,
    left,
  ]);
});

test('without an end there is no final date and no number', async () => {
  const { schedule } = (await send(weekly())).json();
  expect(schedule).toEqual({ ...JSON.parse(JSON.stringify(weekly())), nextExecutionDate: '2028-01-24' });
});

describe('refused is', () => {
  test('a life type that is missing or unknown: 400 TFR_10011', async () => {
    for (const lifeType of [undefined, '', 'FOREVER']) expect(await refusal(monthly({ lifeType }))).toEqual([400, 'TFR_10011']);
    expect(await refusal({})).toEqual([400, 'TFR_10011']);
  });

  test('a frequency that is missing or unknown: 400 TFR_10012', async () => {
    for (const frequency of [undefined, 'HOURLY']) expect(await refusal(monthly({ frequency }))).toEqual([400, 'TFR_10012']);
  });

  test('a start date that is missing, no date, or today in the zone of the institution: 400 TFR_10007', async () => {
    for (const startDate of [undefined, '2028-01-14', '2028-01-13', '2028-02-30', 'tomorrow', '14-01-2029'])
      expect(await refusal(monthly({ startDate }))).toEqual([400, 'TFR_10007']);
    expect((await send(monthly({ startDate: '2028-01-15' }))).statusCode).toBe(200);
  });

  test('an end date that is missing, not after the start, or without an execution: 400 TFR_10008', async () => {
    for (const endDate of [undefined, '2028-01-20', '2028-01-19', '2028-01-30', 'x'])
      expect(await refusal(monthly({ lifeType: 'ENDDATE', endDate }))).toEqual([400, 'TFR_10008']);
    expect((await send(monthly({ lifeType: 'ENDDATE', endDate: '2028-01-31' }))).statusCode).toBe(200);
  });

  test('a number of executions that is not whole and from 1 to 99: 400 TFR_10009', async () => {
    for (const numberOfExecutions of [undefined, 0, 100, 1.5, 'many'])
      expect(await refusal(monthly({ lifeType: 'NUMBEROFEXECUTIONS', numberOfExecutions }))).toEqual([400, 'TFR_10009']);
    for (const numberOfExecutions of [1, 99, '7'])
      expect((await send(monthly({ lifeType: 'NUMBEROFEXECUTIONS', numberOfExecutions }))).statusCode).toBe(200);
  });

  test('fields that do not fit life type and frequency: 400 TFR_10062', async () => {
    for (const schedule of [
      monthly({ frequency: 'ONETIME', daysOfMonth: undefined, ...ends }),
      monthly({ frequency: 'ONETIME', daysOfMonth: undefined, ...counts }),
      monthly({ endDate: '2028-12-31' }),
      monthly({ numberOfExecutions: 3 }),
      monthly({ ...ends, numberOfExecutions: 3 }),
      monthly({ ...counts, endDate: '2028-12-31' }),
    ])
      expect(await refusal(schedule)).toEqual([400, 'TFR_10062']);
  });

  test('a needed day that is missing, empty, no whole number or out of range: 400 TFR_10010', async () => {
    for (const daysOfMonth of [undefined, [], [0], [32], [1.5], ['x'], [{}]])
      expect(await refusal(monthly({ daysOfMonth }))).toEqual([400, 'TFR_10010']);
    for (const dayOfWeek of [undefined, 0, 8, 1.5, 'Monday'])
      expect(await refusal(weekly({ dayOfWeek }))).toEqual([400, 'TFR_10010']);
  });

  test('a wrong number of days, or those of the other family: 400 TFR_10063', async () => {
    expect(await refusal(monthly({ daysOfMonth: [1, 2] }))).toEqual([400, 'TFR_10063']);
    for (const daysOfMonth of [[1], [5, 5], [1, 2, 3]])
      expect(await refusal(monthly({ frequency: 'TWICEMONTHLY', daysOfMonth }))).toEqual([400, 'TFR_10063']);
    expect(await refusal(weekly({ daysOfMonth: [1] }))).toEqual([400, 'TFR_10063']);
    expect(await refusal(monthly({ dayOfWeek: 1 }))).toEqual([400, 'TFR_10063']);
    for (const frequency of ['ONETIME', 'DAILY']) {
      expect(await refusal(monthly({ frequency }))).toEqual([400, 'TFR_10063']);
      expect(await refusal(weekly({ frequency }))).toEqual([400, 'TFR_10063']);
      expect((await send(monthly({ frequency, daysOfMonth: [] }))).statusCode).toBe(200);
    }
  });

  test('any schedule where they are off: 400 TFR_10014', async () => {
    await withPolicies(app, api.institutionId, { moneyMovement: { hasScheduledTransfers: false } }, async () => {
      expect(await refusal({})).toEqual([400, 'TFR_10014']);
    });
  });

  test('an overpayment of a loan: 400 TFR_10013; a normal payment is taken', async () => {
    const loan = await accounts.open(owner.memberNumber, {
      account_type: 'INSTALLMENT_LOAN',
      payment_options: ['PRINCIPAL_ONLY'],
    });
    const sent = { toAccountId: loan.accountId, paymentOption: 'PRINCIPAL_ONLY' };
    expect(await refusal(monthly(), sent)).toEqual([400, 'TFR_10013']);
    expect((await send(monthly(), { toAccountId: loan.accountId })).statusCode).toBe(200);
  });
});

test('with business days, by switch, the dates told are those on which the money moves', async () => {
  const weekend = { lifeType: 'NUMBEROFEXECUTIONS', numberOfExecutions: 2, startDate: '2028-01-20', daysOfMonth: [22] };
  await withPolicies(app, api.institutionId, { moneyMovement: { bankHolidays: ['2028-01-24', '2028-02-22'] } }, async () => {
    expect((await send(monthly(weekend))).json().schedule).toMatchObject({ nextExecutionDate: '2028-01-22' });
    await withSwitch(app, api.institutionId, 'schedule.business_days', [true, false], async () => {
      const { schedule, notificationMessage } = (await send(monthly(weekend))).json();
      // The 22nd of January is a Saturday and that of February a holiday.
      expect(schedule).toMatchObject({ nextExecutionDate: '2028-01-25', finalExecutionDate: '2028-02-23' });
      expect(notificationMessage).toContain('The first is on 2028-01-25, the last on 2028-02-23.');
      const once = monthly({ frequency: 'ONETIME', daysOfMonth: undefined, startDate: '2028-01-22' });
      const single = (await send(once)).json();
      expect(single.notificationMessage).toBe('Your transfer is scheduled for 2028-01-25.');
      expect(single.schedule).toMatchObject({ startDate: '2028-01-22', nextExecutionDate: '2028-01-25' });
    });
  });
});

test('a user has at most 500 active schedules: one more is 400 TFR_10000, also when they come at once', async () => {
  const { sql } = app.database;
  await sql`delete from transfer_schedules`;
  const id: string = (await send(monthly())).json().id;
  await sql`
    insert into transfer_schedules (institution_id, schedule_id, institution_user_id, client_id, from_customer_id, from_account_key,
      to_account_key, amount_minor, currency, frequency, life_type, starts_on, days_of_month, next_on, next_run_on, created_at)
    select institution_id, upper(md5(n::text)), institution_user_id, client_id, from_customer_id, from_account_key,
      to_account_key, amount_minor, currency, frequency, life_type, starts_on, days_of_month, next_on, next_run_on, created_at
    from transfer_schedules cross join generate_series(1, 497) n`;
  const answers = await Promise.all([1, 2, 3, 4, 5].map(() => send(monthly())));
  expect(answers.map(({ statusCode }) => statusCode).toSorted()).toEqual([200, 200, 400, 400, 400]);
  expect(await refusal(monthly())).toEqual([400, 'TFR_10000']);
  expect((await api.control('DELETE', `/schedules/${id}`)).statusCode).toBe(204);
  expect((await send(monthly())).statusCode).toBe(200);
  await sql`delete from transfer_schedules`;
});

test('day 1 of a week is Monday, or Sunday by switch MM-S6', async () => {
  expect((await send(weekly())).json().schedule.nextExecutionDate).toBe('2028-01-24');
  await withSwitch(app, api.institutionId, 'schedule.first_weekday', ['Sunday', 'Monday'], async () => {
    const { schedule } = (await send(weekly())).json();
    expect([schedule.dayOfWeek, schedule.nextExecutionDate]).toEqual([1, '2028-01-23']);
  });
});

test('a schedule may come and go as XML', async () => {
  const xml = `<Transfer><fromAccountHolderId>${owner.customerId}</fromAccountHolderId><fromAccountId>${from.accountId}</fromAccountId>
    <toAccountId>${to.accountId}</toAccountId><amount><amount>3</amount></amount><schedule><lifeType>NUMBEROFEXECUTIONS</lifeType>
    <startDate>2028-02-01</startDate><numberOfExecutions>2</numberOfExecutions><frequency>TWICEMONTHLY</frequency>
    <daysOfMonth>1</daysOfMonth><daysOfMonth>15</daysOfMonth></schedule></Transfer>`;
  const headers = { 'content-type': 'application/xml', accept: 'application/xml' };
  const answer = await calls.transfer(owner, xml, { headers });
  expect(answer.statusCode).toBe(200);
  for (const part of [
    '<daysOfMonth>1</daysOfMonth>\n        <daysOfMonth>15</daysOfMonth>',
    '<nextExecutionDate>2028-02-01</nextExecutionDate>',
    '<finalExecutionDate>2028-02-15</finalExecutionDate>',
    '<remainingNumberOfExecutions>2</remainingNumberOfExecutions>',
  ])
    expect(answer.body).toContain(part);
});
