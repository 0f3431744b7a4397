import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { withPolicies } from '@openbranch/testkit/change-policies';
import { eventually } from '@openbranch/testkit/eventually';
import { createMoneyCalls, type MoneyCalls } from '@openbranch/testkit/money-calls';
import { setClock, withSwitch } from '@openbranch/testkit/sandbox-calls';
import {
  type AccountColumns,
  createTestAccounts,
  type OpenedAccount,
  type TestAccounts,
} from '@openbranch/testkit/test-accounts';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { listActivities } from '@openbranch/testkit/user-state';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

let app: TestApp;
let api: ApiCaller;
let calls: MoneyCalls;
let accounts: TestAccounts;
let owner: Customer;
let other: Customer;

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits });
  api = createApiCaller(app);
  accounts = createTestAccounts(app, api.institutionId);
  const [one, two] = api.customers({ userType: 'RETAIL', role: 'PRIMARY', state: 'active' });
  if (one === undefined || two === undefined) throw new Error('The sandbox has too few customers.');
  [owner, other] = [one, two];
});
beforeEach(async () => {
  // In Los Angeles it is winter: six in the morning is 14:00 UTC.
  await at('2028-01-14T20:00:00Z');
  await app.database.sql`delete from transfer_executions`;
  await app.database.sql`delete from transfer_schedules`;
  // Nobody is held after a recovery.
  await app.database.sql`update contact_methods set changed_at = null`;
  await closeThrough('2027-12-31');
});
afterAll(() => app.close());

/** What other tests have closed is open again, or the other way round. */
async function closeThrough(monthEnd: string): Promise<void> {
  await app.database.sql`
    insert into ledger_months (institution_id, closed_through) values (${api.institutionId}, ${monthEnd})
    on conflict (institution_id) do update set closed_through = excluded.closed_through`;
}

async function closedThrough(): Promise<unknown> {
  const [row] = await app.database.sql`select closed_through from ledger_months where institution_id = ${api.institutionId}`;
  return row?.['closed_through'];
}

/** Tokens follow the clock too. */
async function at(time: string): Promise<void> {
  await setClock(app, api.institutionId, time);
  calls = createMoneyCalls(api, await api.partnerToken());
}

const run = (which: TestApp = app) => {
  const job = which.jobs.find(({ name }) => name === 'run_days');
  if (job === undefined) throw new Error('There is no such job.');
  return job.run();
};

async function open(minor: bigint, columns: AccountColumns = {}, holder = owner): Promise<OpenedAccount> {
  const account = await accounts.open(holder.memberNumber, columns);
  if (minor !== 0n) await accounts.book(account, { amountMinor: minor, on: '2027-01-05' });
  return account;
}

async function balanceOf({ accountKey }: OpenedAccount): Promise<bigint> {
  const [row] = await app.database.sql<{ ledger_minor: bigint }[]>`
    select ledger_minor from account_balances where institution_id = ${api.institutionId} and account_key = ${accountKey}`;
  return row?.ledger_minor ?? 0n;
}

const once = { lifeType: 'NOENDDATE', frequency: 'ONETIME', startDate: '2028-01-20' };
const daily = (numberOfExecutions: number) => ({
  ...{ lifeType: 'NUMBEROFEXECUTIONS', frequency: 'DAILY', startDate: '2028-01-20', numberOfExecutions },
});

async function plan(from: OpenedAccount, to: OpenedAccount, schedule: object = once, over: object = {}): Promise<string> {
  const answer = await calls.transfer(owner, {
    fromAccountHolderId: owner.customerId,
    fromAccountId: from.accountId,
    toAccountId: to.accountId,
    amount: { amount: 10 },
    schedule,
    ...over,
  });
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json().id;
}

const executions = (scheduleId: string) => app.database.sql<{ n: number; day: string; status: string; code: string | null }[]>`
  select execution_number as n, planned_on as day, status, failure_code as code from transfer_executions
  where institution_id = ${api.institutionId} and schedule_id = ${scheduleId} order by execution_number`;
const scheduleOf = async (scheduleId: string) => {
  const [row] = await app.database.sql`
    select status, executed, next_on, next_run_on, spoilt_tries, retry_at from transfer_schedules
    where institution_id = ${api.institutionId} and schedule_id = ${scheduleId}`;
  return row ?? {};
};

test('a transfer runs at six in the morning of the institution and not before, once', async () => {
  const [from, to] = [await open(100_00n), await open(0n)];
  const id = await plan(from, to, once, { memo: 'Rent' });
  await at('2028-01-20T13:59:00Z');
  await run();
  expect(await balanceOf(to)).toBe(0n);
  await at('2028-01-20T14:00:00Z');
  await run();
  await run();
  expect([await balanceOf(from), await balanceOf(to)]).toEqual([90_00n, 10_00n]);
  expect(await executions(id)).toEqual([{ n: 0, day: '2028-01-20', status: 'MADE', code: null }]);
  expect(await scheduleOf(id)).toMatchObject({ status: 'COMPLETED', next_on: null });
  const [row] = await app.database.sql`select memo, transaction_date from postings where account_key = ${to.accountKey}`;
  expect(row).toEqual({ memo: 'Rent', transaction_date: '2028-01-20' });
  const log = await listActivities(app.database.sql, {
    institutionId: api.institutionId,
    institutionUserId: owner.institutionUserId,
  });
  expect(log.at(-1)).toMatchObject({ kind: 'scheduled_transfer_made', details: { scheduleId: id, executionNumber: 0 } });
});

test('days that were missed are caught up, each once and with its own date', async () => {
  const [from, to] = [await open(100_00n), await open(0n)];
  const id = await plan(from, to, daily(5));
  await at('2028-01-22T20:00:00Z');
  await run();
  expect((await executions(id)).map(({ day }) => day)).toEqual(['2028-01-20', '2028-01-21', '2028-01-22']);
  expect(await scheduleOf(id)).toMatchObject({ status: 'ACTIVE', executed: 3, next_on: '2028-01-23' });
  await at('2029-01-01T20:00:00Z');
  await run();
  expect(await executions(id)).toHaveLength(5);
  expect([await balanceOf(to), (await scheduleOf(id))['status']]).toEqual([50_00n, 'COMPLETED']);
  const dates = await app.database
    .sql`select transaction_date::text as day from postings where account_key = ${to.accountKey} order by 1`;
  expect(dates.map(({ day }) => day)).toEqual(['2028-01-20', '2028-01-21', '2028-01-22', '2028-01-23', '2028-01-24']);
});

test('two processes at once, four runs each, make every execution once', async () => {
  const second = await createTestApp({ sharedWith: app });
  try {
    const from = await open(1000_00n);
    const targets = await Promise.all(Array.from({ length: 12 }, () => open(0n)));
    for (const target of targets) await plan(from, target, daily(3));
    await at('2028-02-20T20:00:00Z');
    const job = second.jobs.find(({ name }) => name === 'run_days');
    const move = () => job?.run({ institutionId: api.institutionId }) ?? Promise.reject(new Error('There is no such job.'));
    await Promise.all([run(), move(), run(), move(), run(), move(), run(), move()]);
    await run();
    expect(await Promise.all(targets.map(balanceOf))).toEqual(targets.map(() => 30_00n));
    expect(await balanceOf(from)).toBe(640_00n);
  } finally {
    await second.close();
  }
});

test('a run that is broken off in the middle leaves nothing, and the next one makes the transfer once', async () => {
  const [from, to] = [await open(100_00n), await open(0n)];
  const id = await plan(from, to);
  await at('2028-01-20T20:00:00Z');
  const { sql } = app.database;
  await sql.begin(async (tx) => {
    // The run waits for this lock, and its statement is ended while it does.
    await tx`select 1 from account_balances where account_key = ${from.accountKey} for update`;
    const running = run();
    await eventually(
      async () =>
        (
          await sql`select 1 from pg_locks where not granted and pid in (select pid from pg_stat_activity where datname = current_database())`
        ).length > 0,
    );
    await tx`select pg_cancel_backend(pid) from pg_locks where not granted and pid <> pg_backend_pid()`;
    await running;
  });
  expect([await executions(id), await balanceOf(to)]).toEqual([[], 0n]);
  await sql`update transfer_schedules set retry_at = ${new Date(0)} where schedule_id = ${id}`;
  await run();
  await run();
  expect([(await executions(id)).length, await balanceOf(to)]).toEqual([1, 10_00n]);
});

describe('a failed execution', () => {
  test('is recorded with its code, counts, is told to the customer, and the schedule goes on', async () => {
    const [from, to] = [await open(5_00n), await open(0n)];
    const id = await plan(from, to, daily(2));
    await at('2028-01-20T20:00:00Z');
    await run();
    expect(await executions(id)).toEqual([{ n: 0, day: '2028-01-20', status: 'FAILED', code: 'TFR_10022' }]);
    expect(await scheduleOf(id)).toMatchObject({ status: 'ACTIVE', next_on: '2028-01-21' });
    const log = await listActivities(app.database.sql, {
      institutionId: api.institutionId,
      institutionUserId: owner.institutionUserId,
    });
    expect(log.at(-1)).toMatchObject({ kind: 'scheduled_transfer_failed', details: { scheduleId: id, code: 'TFR_10022' } });
    const [message] = await app.database.sql`
      select template, channel from messages where institution_user_id = ${owner.institutionUserId} order by recorded_at desc limit 1`;
    expect(message).toEqual({ template: 'scheduled-transfer-failed', channel: 'EMAIL' });
    await accounts.book(from, { amountMinor: 50_00n, on: '2028-01-20' });
    await at('2028-01-21T20:00:00Z');
    await run();
    expect((await executions(id)).map(({ status }) => status)).toEqual(['FAILED', 'MADE']);
    expect(await scheduleOf(id)).toMatchObject({ status: 'COMPLETED' });
    expect([await balanceOf(from), await balanceOf(to)]).toEqual([45_00n, 10_00n]);
  });

  test('is recorded also when the message to the customer cannot be written, and others are not held up', async () => {
    const [from, to, rich] = [await open(5_00n), await open(0n), await open(100_00n)];
    const [id, fine] = [await plan(from, to), await plan(rich, to, { ...once, startDate: '2028-01-21' })];
    const { sql } = app.database;
    await sql`alter table messages add constraint broken check (template <> 'scheduled-transfer-failed') not valid`;
    await at('2028-01-21T20:00:00Z');
    await run();
    await sql`alter table messages drop constraint broken`;
    expect(await executions(id)).toEqual([{ n: 0, day: '2028-01-20', status: 'FAILED', code: 'TFR_10022' }]);
    expect(await scheduleOf(id)).toMatchObject({ status: 'COMPLETED', spoilt_tries: 0 });
    expect((await executions(fine)).map(({ status }) => status)).toEqual(['MADE']);
  });

  test('is what comes of a deleted recipient: TFR_10051, and the balances stay', async () => {
    const [from, theirs] = [await open(100_00n), await open(0n, {}, other)];
    const recipient = {
      memberNumber: other.memberNumber,
      accountNumber: theirs.accountNumber,
      accountType: 'CHECKING',
      nickName: 'Soon gone',
    };
    const recipientId = (await calls.recipients(owner, 'POST', '', recipient)).json().recipients[0].id;
    const toThem = { toAccountId: undefined, toAccountHolderId: recipientId };
    const id = await plan(from, theirs, daily(2), toThem);
    await at('2028-01-20T20:00:00Z');
    await run();
    expect(await balanceOf(theirs)).toBe(10_00n);
    expect((await calls.recipients(owner, 'DELETE', recipientId)).statusCode).toBe(204);
    await at('2028-01-21T20:00:00Z');
    await run();
    expect((await executions(id)).map(({ code }) => code)).toEqual([null, 'TFR_10051']);
    expect([await balanceOf(from), await balanceOf(theirs)]).toEqual([90_00n, 10_00n]);
  });

  test('is what comes of an account that was closed meanwhile: TFR_10028, and of a year’s limit that is used up: TFR_10041', async () => {
    const [from, to] = [await open(100_00n), await open(0n)];
    const ira = await open(0n, { account_type: 'RETIREMENT_IRA', eligible_this_year_minor: 15_00n });
    const [closed, used] = [await plan(from, to), await plan(from, ira, daily(2))];
    await accounts.change(to, { closed_on: '2028-01-18' });
    await at('2028-01-21T20:00:00Z');
    await run();
    expect((await executions(closed)).map(({ code }) => code)).toEqual(['TFR_10028']);
    expect((await executions(used)).map(({ code }) => code)).toEqual([null, 'TFR_10041']);
  });

  test('is what comes of a user who was deleted: TFR_10023', async () => {
    const [from, to] = [await open(100_00n), await open(0n)];
    const id = await plan(from, to);
    const deleted = (isDeleted: boolean) => app.database.sql`
      update credentials set is_deleted = ${isDeleted} where institution_user_id = ${owner.institutionUserId}`;
    await deleted(true);
    await at('2028-01-20T20:00:00Z');
    await run();
    await deleted(false);
    expect((await executions(id)).map(({ code }) => code)).toEqual(['TFR_10023']);
  });
});

describe('when the installation is in the way', () => {
  const breakPostings = () =>
    app.database.sql`alter table postings add constraint broken check (amount_minor > 100000000) not valid`;
  const mendPostings = () => app.database.sql`alter table postings drop constraint broken`;

  test('the execution stays due and is tried again later, and others are not held up', async () => {
    const [from, to, elsewhere] = [await open(100_00n), await open(0n), await open(0n)];
    const id = await plan(from, to);
    await breakPostings();
    await at('2028-01-20T20:00:00Z');
    await run();
    await mendPostings();
    expect(await executions(id)).toEqual([]);
    expect(await scheduleOf(id)).toMatchObject({ status: 'ACTIVE', spoilt_tries: 1, next_on: '2028-01-20' });
    const fine = await plan(from, elsewhere, { ...once, startDate: '2028-01-21' });
    await at('2028-01-21T20:00:00Z');
    await run();
    expect([(await executions(id)).length, (await executions(fine)).length]).toEqual([0, 1]);
    await app.database.sql`update transfer_schedules set retry_at = ${new Date(0)} where schedule_id = ${id}`;
    await run();
    expect((await executions(id)).map(({ status }) => status)).toEqual(['MADE']);
    expect(await scheduleOf(id)).toMatchObject({ spoilt_tries: 0, retry_at: null });
  });

  test('after five tries the execution has failed with TFR_10001, and the customer is told', async () => {
    const [from, to] = [await open(100_00n), await open(0n)];
    const id = await plan(from, to);
    await breakPostings();
    await at('2028-01-20T20:00:00Z');
    for (let tries = 0; tries < 5; tries += 1) {
      await run();
      await app.database
        .sql`update transfer_schedules set retry_at = ${new Date(0)} where schedule_id = ${id} and retry_at is not null`;
    }
    await mendPostings();
    expect(await executions(id)).toEqual([{ n: 0, day: '2028-01-20', status: 'FAILED', code: 'TFR_10001' }]);
    expect([await balanceOf(from), (await scheduleOf(id))['status']]).toEqual([100_00n, 'COMPLETED']);
  });
});

describe('around the end of a month', () => {
  const on = (startDate: string) => ({ ...once, startDate });
  const rowsOf = ({ accountKey }: OpenedAccount) => app.database.sql`
    select transaction_date::text as day, amount_minor as minor, transaction_type as type from postings
    where account_key = ${accountKey} order by transaction_date, entry_id`;

  test('what is due on its last day is in the interest and the statement, and that interest is there on the first', async () => {
    const [from, elsewhere] = [await open(200_00n), await open(0n)];
    const savings = await open(0n, { account_type: 'SAVINGS', interest_rate: 12 });
    const last = await plan(from, savings, on('2028-01-31'), { amount: { amount: 100 } });
    // More than was ever moved there: the interest of January is needed.
    const next = await plan(savings, elsewhere, on('2028-02-01'), { amount: { amount: 101 } });
    await at('2028-02-01T20:00:00Z');
    await run();
    expect([await executions(last), await executions(next)]).toMatchObject([[{ status: 'MADE' }], [{ status: 'MADE' }]]);
    expect(await rowsOf(savings)).toEqual([
      { day: '2028-01-31', minor: 100_00n, type: 'TRANSFER_CREDIT' },
      { day: '2028-01-31', minor: 1_00n, type: 'INTEREST_POSTING' },
      { day: '2028-02-01', minor: -101_00n, type: 'TRANSFER_DEBIT' },
    ]);
    const [statement] = await app.database.sql`
      select last_statement_on, last_statement_minor from accounts where account_key = ${savings.accountKey}`;
    expect(statement).toEqual({ last_statement_on: '2028-01-31', last_statement_minor: 101_00n });
  });

  test('a clock that jumps over months brings the same as one that goes from day to day', async () => {
    const move = async (times: readonly string[]) => {
      await at('2028-01-14T20:00:00Z');
      await closeThrough('2027-12-31');
      const [from, elsewhere] = [await open(2000_00n), await open(0n)];
      const savings = await open(500_00n, { account_type: 'SAVINGS', interest_rate: 6 });
      const monthly = { lifeType: 'NUMBEROFEXECUTIONS', frequency: 'MONTHLY', startDate: '2028-01-20', numberOfExecutions: 4 };
      await plan(from, savings, { ...monthly, daysOfMonth: [31] }, { amount: { amount: 250 } });
      await plan(savings, elsewhere, { ...monthly, daysOfMonth: [1] }, { amount: { amount: 700 } });
      for (const time of times) {
        await at(time);
        await run();
      }
      return [await rowsOf(savings), await rowsOf(from), await rowsOf(elsewhere)];
    };
    const days = ['01-31', '02-01', '02-29', '03-01', '03-31', '04-01', '04-30', '05-02', '06-01'];
    const slowly = await move(days.map((day) => `2028-${day}T20:00:00Z`));
    expect(await move(['2028-06-01T20:00:00Z'])).toEqual(slowly);
    expect(slowly[0]?.length).toBeGreaterThan(10);
  });

  test('a contribution of 31 December counts for the old year, also when it is caught up', async () => {
    const from = await open(100_00n);
    const ira = await open(0n, {
      ...{ account_type: 'RETIREMENT_IRA', eligible_this_year_minor: 15_00n, maximum_last_year_minor: 7000_00n },
    });
    await plan(from, ira, on('2028-12-31'));
    await at('2029-01-02T20:00:00Z');
    await run();
    const [years] = await app.database.sql`
      select eligible_this_year_minor as this, eligible_last_year_minor as last from accounts where account_key = ${ira.accountKey}`;
    expect(years).toEqual({ this: 7000_00n, last: 5_00n });
  });

  test('what comes after its month is closed is booked on the first day that is open, and keeps the day it was planned for', async () => {
    const [from, to] = [await open(100_00n), await open(0n)];
    const id = await plan(from, to, on('2028-01-31'));
    await at('2028-02-03T20:00:00Z');
    await closeThrough('2028-01-31');
    await run();
    expect(await executions(id)).toEqual([{ n: 0, day: '2028-01-31', status: 'MADE', code: null }]);
    expect((await rowsOf(to)).map(({ day }) => day)).toEqual(['2028-02-01']);
  });

  test('the same while the month is being closed for some accounts; and never on a day that is still to come', async () => {
    const [from, to] = [await open(100_00n), await open(0n)];
    await plan(from, to, on('2028-01-31'));
    await at('2028-02-03T20:00:00Z');
    const { sql } = app.database;
    await sql`
      update ledger_months set done_account_key = ${from.accountKey} where institution_id = ${api.institutionId}`;
    await run();
    await sql`update ledger_months set done_account_key = 0 where institution_id = ${api.institutionId}`;
    await closeThrough('2028-06-30');
    await plan(from, to, on('2028-02-29'));
    await at('2028-03-02T20:00:00Z');
    await run();
    expect((await rowsOf(to)).map(({ day }) => day)).toEqual(['2028-02-01', '2028-03-02']);
  });

  test('a loan is not paid off before its interest of the last month is charged: 400 TFR_10021', async () => {
    const from = await open(2000_00n);
    const loan = await open(-1000_00n, {
      ...{ account_type: 'INSTALLMENT_LOAN', interest_rate: 12 },
      payment_options: ['PAY_IN_FULL_AND_CLOSE'],
    });
    await at('2028-02-01T08:00:30Z');
    const payOff = async (amount: number, query = {}) => {
      const parties = { fromAccountHolderId: owner.customerId, fromAccountId: from.accountId, toAccountId: loan.accountId };
      const answer = await calls.transfer(
        owner,
        { ...parties, amount: { amount }, paymentOption: 'PAY_IN_FULL_AND_CLOSE' },
        { query },
      );
      return [answer.statusCode, answer.json().code];
    };
    await run();
    expect(await payOff(1000)).toEqual([400, 'TFR_10021']);
    expect(await payOff(1000, { testTransfer: 'true' })).toEqual([400, 'TFR_10021']);
    await at('2028-02-01T08:01:00Z');
    await run();
    expect(await payOff(1000)).toEqual([400, 'TFR_10021']);
    expect(await payOff(1010)).toEqual([200, undefined]);
    expect(await balanceOf(loan)).toBe(0n);
  });

  test('a month is not closed while an execution in it waits for another try, but for one that cannot even fail', async () => {
    const [from, to] = [await open(100_00n), await open(0n)];
    const id = await plan(from, to, on('2028-01-31'));
    const { sql } = app.database;
    await sql`alter table postings add constraint broken check (amount_minor > 100000000) not valid`;
    await at('2028-02-01T20:00:00Z');
    await run();
    expect([await closedThrough(), (await executions(id)).length]).toEqual(['2027-12-31', 0]);
    await sql`alter table postings drop constraint broken`;
    await sql`alter table transfer_executions add constraint broken check (execution_number > 99) not valid`;
    for (let tries = 1; tries < 5; tries += 1) {
      await sql`update transfer_schedules set retry_at = ${new Date(0)} where schedule_id = ${id}`;
      expect(await closedThrough()).toBe('2027-12-31');
      await run();
    }
    await sql`alter table transfer_executions drop constraint broken`;
    expect([await closedThrough(), (await executions(id)).length]).toEqual(['2028-01-31', 0]);
    await sql`update transfer_schedules set retry_at = ${new Date(0)} where schedule_id = ${id}`;
    await run();
    expect((await rowsOf(to)).map(({ day }) => day)).toEqual(['2028-02-01']);
  });
});

test('a holiday that the institution names after the day was set moves the run too', async () => {
  const holidays = { moneyMovement: { bankHolidays: ['2028-01-20'] } };
  const [from, to] = [await open(100_00n), await open(0n)];
  const id = await plan(from, to);
  await withSwitch(app, api.institutionId, 'schedule.business_days', [true, false], async () => {
    await withPolicies(app, api.institutionId, holidays, async () => {
      await at('2028-01-20T20:00:00Z');
      await run();
      expect([await executions(id), await scheduleOf(id)]).toMatchObject([
        [],
        { next_on: '2028-01-20', next_run_on: '2028-01-21' },
      ]);
      await at('2028-01-21T20:00:00Z');
      await run();
    });
  });
  expect(await executions(id)).toEqual([{ n: 0, day: '2028-01-20', status: 'MADE', code: null }]);
  const [row] = await app.database.sql`select transaction_date::text as day from postings where account_key = ${to.accountKey}`;
  expect(row).toEqual({ day: '2028-01-21' });
});

test('by switch, an execution of a weekend or a bank holiday runs on the next business day', async () => {
  await withPolicies(app, api.institutionId, { moneyMovement: { bankHolidays: ['2028-01-17'] } }, async () => {
    await withSwitch(app, api.institutionId, 'schedule.business_days', [true, false], async () => {
      const [from, to] = [await open(100_00n), await open(0n)];
      const id = await plan(from, to, { ...once, startDate: '2028-01-15' });
      await at('2028-01-17T20:00:00Z');
      await run();
      expect(await balanceOf(to)).toBe(0n);
      await at('2028-01-18T20:00:00Z');
      await run();
      expect(await executions(id)).toEqual([{ n: 0, day: '2028-01-15', status: 'MADE', code: null }]);
    });
  });
});

test('a schedule made before a recovery goes on after it', async () => {
  const [from, to] = [await open(1000_00n), await open(0n)];
  const id = await plan(from, to, once, { amount: { amount: 500 } });
  await app.database.sql`
    update contact_methods set changed_at = '2028-01-20T10:00:00Z'
    where institution_user_id = ${owner.institutionUserId} and protocol = 'SMS'`;
  await at('2028-01-20T20:00:00Z');
  await run();
  expect((await executions(id)).map(({ status }) => status)).toEqual(['MADE']);
});

test('the sandbox lists schedules with what came of them, and cancels one for good', async () => {
  const [from, to] = [await open(15_00n), await open(0n)];
  const id = await plan(from, to, daily(5));
  await at('2028-01-21T20:00:00Z');
  await run();
  const list = async () => (await api.control('GET', `/schedules?institutionUserId=${owner.institutionUserId}`)).json().schedules;
  expect(await list()).toMatchObject([
    {
      ...{
        id,
        status: 'ACTIVE',
        frequency: 'DAILY',
        amount: { amount: 10, currencyCode: 'USD' },
        nextExecutionDate: '2028-01-22',
      },
      executions: [
        { executionNumber: 1, plannedOn: '2028-01-21', status: 'FAILED', failureCode: 'TFR_10022' },
        { executionNumber: 0, plannedOn: '2028-01-20', status: 'MADE' },
      ],
    },
  ]);
  expect((await api.control('DELETE', `/schedules/${id}`)).statusCode).toBe(204);
  expect((await api.control('DELETE', `/schedules/${id}`)).json().code).toBe('SBX_20013');
  await at('2028-02-21T20:00:00Z');
  await run();
  expect((await list())[0]).toMatchObject({ status: 'CANCELLED', executions: [{}, {}] });
});

test('the sandbox lists the last executions of each schedule, however many another one has', async () => {
  const [from, to] = [await open(1000_00n), await open(0n)];
  const [busy, quiet] = [await plan(from, to, daily(99)), await plan(from, to)];
  await at('2028-01-20T20:00:00Z');
  await run();
  await app.database.sql`
    insert into transfer_executions (institution_id, schedule_id, execution_number, planned_on, executed_at, status, failure_code)
    select ${api.institutionId}, ${busy}, n, '2028-01-20', '2028-01-20T21:00:00Z', 'FAILED', 'TFR_10022' from generate_series(1, 120) n`;
  const { schedules } = (await api.control('GET', '/schedules')).json<{ schedules: { id: string; executions: object[] }[] }>();
  const of = (id: string) => schedules.find((schedule) => schedule.id === id)?.executions;
  expect([of(busy)?.length, of(busy)?.[0], of(quiet)]).toMatchObject([100, { executionNumber: 120 }, [{ executionNumber: 0 }]]);
});

test('however much is due and however often a clock is moved, the runs take one place of the queue: passcodes do not wait', async () => {
  const [from, to] = [await open(200_00n), await open(0n)];
  // One for each place of the queue, and more.
  for (let count = 0; count < 12; count += 1) await plan(from, to);
  const runner = await createTestApp({ sharedWith: app, runsJobs: true });
  const { sql } = app.database;
  try {
    await sql.begin(async (tx) => {
      // The first run waits for this lock.
      await tx`select 1 from account_balances where account_key = ${from.accountKey} for update`;
      await at('2028-01-25T20:00:00Z');
      const waits = async () =>
        (await sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`).length;
      await eventually(async () => (await waits()) > 0);
      for (let second = 0; second < 12; second += 1) await setClock(app, api.institutionId, `2028-01-25T20:00:${10 + second}Z`);
      const [method] = await sql<{ id: bigint }[]>`
        select contact_method_id as id from contact_methods
        where institution_user_id = ${other.institutionUserId} and protocol = 'EMAIL' and is_activated`;
      const token = await api.partnerToken('institution-users:write');
      const sent = await api.withToken(token, 'PUT', `/v1/customers/${other.customerId}:reset-password`, {
        headers: { 'content-type': 'application/json' },
        payload: JSON.stringify({ contactMethodId: String(method?.id) }),
      });
      expect(sent.statusCode, sent.body).toBe(204);
      const ofOther = () => sql`
        select 1 from messages where institution_user_id = ${other.institutionUserId} and status = 'sent'`;
      await eventually(async () => (await ofOther()).length > 0);
      const runs =
        await sql`select locked_at is not null as is_running from graphile_worker.jobs where task_identifier = 'run_days'`;
      expect(runs.filter((one) => one['is_running'])).toHaveLength(1);
      expect(runs.length).toBeLessThanOrEqual(3);
    });
    await eventually(async () => (await balanceOf(to)) === 120_00n);
  } finally {
    await runner.close();
  }
});

test('moving the clock of a sandbox runs what has become due', async () => {
  const runner = await createTestApp({ sharedWith: app, runsJobs: true });
  try {
    const [from, to] = [await open(100_00n), await open(0n)];
    await plan(from, to, daily(3));
    await at('2028-03-01T20:00:00Z');
    await eventually(async () => (await balanceOf(to)) === 30_00n);
  } finally {
    await runner.close();
  }
});
