import type { Sql, Tx } from '../../../platform/db/database.ts';
import type { Plan } from '../domain/schedule.ts';

/** A transfer that somebody has scheduled. */
export interface TransferSchedule {
  readonly scheduleId: string;
  readonly institutionUserId: string;
  readonly clientId: string;
  readonly status: 'ACTIVE' | 'COMPLETED' | 'CANCELLED';
  readonly fromCustomerId: string;
  readonly toCustomerId: string | undefined;
  readonly fromAccountKey: bigint;
  /** Absent for a recipient. */
  readonly toAccountKey: bigint | undefined;
  readonly recipientId: string | undefined;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly memo: string | undefined;
  readonly plan: Plan;
  /** Executions that lie behind, failed ones too: the number of the next one. */
  readonly executed: number;
  readonly nextOn: string | undefined;
  readonly nextRunOn: string | undefined;
  /** Tries of the next execution that the installation has spoilt. */
  readonly spoiltTries: number;
  readonly createdAt: Date;
}

interface ScheduleRow {
  readonly schedule_id: string;
  readonly institution_user_id: string;
  readonly client_id: string;
  readonly status: TransferSchedule['status'];
  readonly from_customer_id: string;
  readonly to_customer_id: string | null;
  readonly from_account_key: bigint;
  readonly to_account_key: bigint | null;
  readonly recipient_id: string | null;
  readonly amount_minor: bigint;
  readonly currency: string;
  readonly memo: string | null;
  readonly frequency: Plan['frequency'];
  readonly life_type: Plan['lifeType'];
  readonly starts_on: string;
  readonly ends_on: string | null;
  readonly number_of_executions: number | null;
  readonly day_of_week: number | null;
  readonly days_of_month: readonly number[] | null;
  readonly executed: number;
  readonly next_on: string | null;
  readonly next_run_on: string | null;
  readonly spoilt_tries: number;
  readonly created_at: Date;
}

export async function insertSchedule(
  tx: Tx,
  institutionId: string,
  { plan, ...schedule }: Omit<TransferSchedule, 'status' | 'executed' | 'spoiltTries'>,
): Promise<void> {
  await tx`
    insert into transfer_schedules (institution_id, schedule_id, institution_user_id, client_id, from_customer_id, to_customer_id,
      from_account_key, to_account_key, recipient_id, amount_minor, currency, memo, frequency, life_type, starts_on, ends_on,
      number_of_executions, day_of_week, days_of_month, next_on, next_run_on, created_at)
    values (${institutionId}, ${schedule.scheduleId}, ${schedule.institutionUserId}, ${schedule.clientId},
      ${schedule.fromCustomerId}, ${schedule.toCustomerId ?? null}, ${schedule.fromAccountKey}, ${schedule.toAccountKey ?? null},
      ${schedule.recipientId ?? null}, ${schedule.amountMinor}, ${schedule.currency}, ${schedule.memo ?? null},
      ${plan.frequency}, ${plan.lifeType}, ${plan.startsOn}, ${plan.endsOn ?? null}, ${plan.numberOfExecutions ?? null},
      ${plan.dayOfWeek ?? null}, ${[...plan.daysOfMonth]}::integer[], ${schedule.nextOn ?? null}, ${schedule.nextRunOn ?? null},
      ${schedule.createdAt})`;
}

/** Schedules that have an execution on or before the day, the oldest first; not those that wait for another try. */
export async function listDueScheduleIds(
  sql: Sql,
  institutionId: string,
  day: string,
  realNow: Date,
  most: number,
): Promise<readonly string[]> {
  const rows = await sql<{ schedule_id: string }[]>`
    select schedule_id from transfer_schedules
    where institution_id = ${institutionId} and status = 'ACTIVE' and next_run_on <= ${day}
      and (retry_at is null or retry_at <= ${realNow})
    order by next_run_on, created_at, schedule_id limit ${most}`;
  return rows.map((row) => row.schedule_id);
}

/** Whether an execution on or before the day is left that may still be made or fail. */
export async function hasDueSchedule(sql: Sql, institutionId: string, day: string, mostSpoiltTries: number): Promise<boolean> {
  const rows = await sql`
    select 1 from transfer_schedules
    where institution_id = ${institutionId} and status = 'ACTIVE' and next_run_on <= ${day} and spoilt_tries < ${mostSpoiltTries}
    limit 1`;
  return rows.length > 0;
}

/** The next execution runs on a later day. */
export async function postponeRun(tx: Tx, institutionId: string, scheduleId: string, nextRunOn: string): Promise<void> {
  await tx`
    update transfer_schedules set next_run_on = ${nextRunOn}
    where institution_id = ${institutionId} and schedule_id = ${scheduleId}`;
}

/** The schedule, if it is due and nobody else is at it. */
export async function lockDueSchedule(
  tx: Tx,
  institutionId: string,
  scheduleId: string,
  day: string,
): Promise<TransferSchedule | undefined> {
  const [row] = await tx<ScheduleRow[]>`
    select ${columns(tx)} from transfer_schedules
    where institution_id = ${institutionId} and schedule_id = ${scheduleId} and status = 'ACTIVE' and next_run_on <= ${day}
    for update skip locked`;
  return row === undefined ? undefined : fromRow(row);
}

export interface ExecutionOutcome {
  readonly executionNumber: number;
  readonly plannedOn: string;
  readonly executedAt: Date;
  readonly result: { readonly entryId: bigint } | { readonly failureCode: string };
}

/** What came of an execution, and what comes next; without a next day the schedule is completed. */
export async function saveExecution(
  tx: Tx,
  institutionId: string,
  scheduleId: string,
  { executionNumber, plannedOn, executedAt, result }: ExecutionOutcome,
  next: { readonly nextOn: string; readonly nextRunOn: string } | undefined,
): Promise<void> {
  const isMade = 'entryId' in result;
  await tx`
    insert into transfer_executions (institution_id, schedule_id, execution_number, planned_on, executed_at, status, failure_code,
      entry_id)
    values (${institutionId}, ${scheduleId}, ${executionNumber}, ${plannedOn}, ${executedAt}, ${isMade ? 'MADE' : 'FAILED'},
      ${isMade ? null : result.failureCode}, ${isMade ? result.entryId : null})`;
  await tx`
    update transfer_schedules
    set executed = ${executionNumber + 1}, next_on = ${next?.nextOn ?? null}, next_run_on = ${next?.nextRunOn ?? null},
      status = ${next === undefined ? 'COMPLETED' : 'ACTIVE'}, ended_at = ${next === undefined ? executedAt : null},
      spoilt_tries = 0, retry_at = null
    where institution_id = ${institutionId} and schedule_id = ${scheduleId}`;
}

/**
 * The installation was in the way: the execution stays due, and is tried again 1, 4, 16, ... minutes after this real time.
 * @returns How many tries were spoilt so far.
 */
export async function saveSpoiltTry(sql: Sql, institutionId: string, scheduleId: string, realNow: Date): Promise<number> {
  const [row] = await sql<{ spoilt_tries: number }[]>`
    update transfer_schedules
    set spoilt_tries = spoilt_tries + 1,
      retry_at = ${realNow}::timestamptz + power(4, least(spoilt_tries, 6)) * interval '1 minute'
    where institution_id = ${institutionId} and schedule_id = ${scheduleId} and status = 'ACTIVE'
    returning spoilt_tries`;
  return row?.spoilt_tries ?? 0;
}

/** Two new schedules of one user have an order, so that both are counted. */
export async function countActiveSchedules(tx: Tx, institutionId: string, institutionUserId: string): Promise<number> {
  const name = `transfer schedules ${institutionId} ${institutionUserId}`;
  await tx`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`;
  const rows = await tx<{ count: bigint }[]>`
    select count(*) from transfer_schedules
    where institution_id = ${institutionId} and institution_user_id = ${institutionUserId} and status = 'ACTIVE'`;
  return Number(rows[0]?.count ?? 0n);
}

/** @returns false when there is no active schedule of that id. */
export async function cancelSchedule(tx: Tx, institutionId: string, scheduleId: string, now: Date): Promise<boolean> {
  const rows = await tx`
    update transfer_schedules set status = 'CANCELLED', next_on = null, next_run_on = null, retry_at = null, ended_at = ${now}
    where institution_id = ${institutionId} and schedule_id = ${scheduleId} and status = 'ACTIVE' returning 1`;
  return rows.length > 0;
}

/** The newest schedules of the institution, or of one user. */
export async function listSchedules(
  sql: Sql,
  institutionId: string,
  institutionUserId: string | undefined,
  most: number,
): Promise<readonly TransferSchedule[]> {
  const rows = await sql<ScheduleRow[]>`
    select ${columns(sql)} from transfer_schedules
    where institution_id = ${institutionId}
      ${institutionUserId === undefined ? sql`` : sql`and institution_user_id = ${institutionUserId}`}
    order by created_at desc, schedule_id limit ${most}`;
  return rows.map(fromRow);
}

export interface Execution {
  readonly scheduleId: string;
  readonly executionNumber: number;
  readonly plannedOn: string;
  readonly executedAt: Date;
  readonly status: 'MADE' | 'FAILED';
  readonly failureCode: string | undefined;
}

/** The last executions of each of some schedules, the latest first. @param most Of a schedule. */
export async function listExecutions(
  sql: Sql,
  institutionId: string,
  scheduleIds: readonly string[],
  most: number,
): Promise<readonly Execution[]> {
  const rows = await sql<
    {
      schedule_id: string;
      execution_number: number;
      planned_on: string;
      executed_at: Date;
      status: Execution['status'];
      failure_code: string | null;
    }[]
  >`
    select e.* from unnest(${[...scheduleIds]}::text[]) as s (schedule_id) cross join lateral (
      select schedule_id, execution_number, planned_on, executed_at, status, failure_code from transfer_executions
      where institution_id = ${institutionId} and schedule_id = s.schedule_id
      order by execution_number desc limit ${most}) as e
    order by e.executed_at desc, e.execution_number desc`;
  return rows.map((row) => ({
    scheduleId: row.schedule_id,
    executionNumber: row.execution_number,
    plannedOn: row.planned_on,
    executedAt: row.executed_at,
    status: row.status,
    failureCode: row.failure_code ?? undefined,
  }));
}

function columns(sql: Sql | Tx) {
  return sql`schedule_id, institution_user_id, client_id, status, from_customer_id, to_customer_id, from_account_key,
    to_account_key, recipient_id, amount_minor, currency, memo, frequency, life_type, starts_on, ends_on, number_of_executions,
    day_of_week, days_of_month, executed, next_on, next_run_on, spoilt_tries, created_at`;
}

function fromRow(row: ScheduleRow): TransferSchedule {
  return {
    scheduleId: row.schedule_id,
    institutionUserId: row.institution_user_id,
    clientId: row.client_id,
    status: row.status,
    fromCustomerId: row.from_customer_id,
    toCustomerId: row.to_customer_id ?? undefined,
    fromAccountKey: row.from_account_key,
    toAccountKey: row.to_account_key ?? undefined,
    recipientId: row.recipient_id ?? undefined,
    amountMinor: row.amount_minor,
    currency: row.currency,
    memo: row.memo ?? undefined,
    plan: {
      frequency: row.frequency,
      lifeType: row.life_type,
      startsOn: row.starts_on,
      endsOn: row.ends_on ?? undefined,
      numberOfExecutions: row.number_of_executions ?? undefined,
      dayOfWeek: row.day_of_week ?? undefined,
      daysOfMonth: row.days_of_month ?? [],
    },
    executed: row.executed,
    nextOn: row.next_on ?? undefined,
    nextRunOn: row.next_run_on ?? undefined,
    spoiltTries: row.spoilt_tries,
    createdAt: row.created_at,
  };
}
