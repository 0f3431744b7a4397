import { transfersFamily } from '@openbranch/contract/money-movement/families';
import type { Core, DayWork } from '../../../core/index.ts';
import { addDays, earlierOf, laterOf } from '../../../kernel/calendar-date.ts';
import type { Institution } from '../../../kernel/institution.ts';
import { toInstitutionDate, toInstitutionDateTime } from '../../../kernel/institution-time.ts';
import { toDecimalText } from '../../../kernel/money.ts';
import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { Sql, Tx } from '../../../platform/db/database.ts';
import type { Channel } from '../../../platform/delivery/channel.ts';
import type { QueueMessage } from '../../../platform/delivery/message.ts';
import type { Clock } from '../../../platform/institutions/clock.ts';
import type { Logger } from '../../../platform/telemetry/logger.ts';
import type { RunWrite, Write } from '../../../platform/transactions/unit-of-work.ts';
import { findUserReach, listNoticeTargets } from '../../customers/index.ts';
import { referenceOfSchedule } from '../domain/confirmation.ts';
import { decideTransfer, type TransferFacts, type TransferRefusal } from '../domain/decide-transfer.ts';
import { lookAhead } from '../domain/schedule.ts';
import { bookMovement } from '../operations/book-movement.ts';
import { loadLimits } from '../operations/load-limits.ts';
import { loadParties } from '../operations/load-parties.ts';
import { runDayOf, transferRulesOf } from '../operations/transfer-rules.ts';
import {
  hasDueSchedule,
  listDueScheduleIds,
  lockDueSchedule,
  postponeRun,
  saveExecution,
  saveSpoiltTry,
  type TransferSchedule,
} from '../store/transfer-schedules.ts';

export interface ScheduleParts {
  readonly sql: Sql;
  readonly core: Core;
  readonly clock: Clock;
  readonly runWrite: RunWrite;
  readonly queueMessage: QueueMessage;
  /** False when nobody is set up to bring messages of that channel. */
  readonly canSend: (channel: Channel) => boolean;
  readonly log: Pick<Logger, 'error'>;
}

/** Six in the morning of the institution. */
const executionTime = 'T06:00';
/** A piece of the work, after which another institution has its turn. */
const mostAtOnce = 100;
const longestPieceMs = 5_000;
/** Tries that the installation may spoil before the customer is told; each wait is four times the one before. */
const mostSpoiltTries = 5;

type Refusal = TransferRefusal | 'balanceTooLow' | 'fromHolderInvalid' | 'unexpected';

/**
 * Makes the scheduled transfers that are due. Each execution is one transaction under the lock of its schedule: money,
 * result and the next day are there together or not at all, so that a crash, another process or a second run changes
 * nothing. What was missed is caught up, the oldest day first, each day once.
 */
export function createScheduleWork(parts: ScheduleParts): DayWork {
  return {
    run: async (institution, through) => {
      const { institutionId } = institution;
      const day = through ?? dueDayOf(institution, parts.clock.now(institution));
      const due = await listDueScheduleIds(parts.sql, institutionId, day, new Date(), mostAtOnce);
      const endsAt = Date.now() + longestPieceMs;
      let done = 0;
      for (const scheduleId of due) {
        if (Date.now() >= endsAt) break;
        if (await executeOne(parts, institution, scheduleId, day)) done += 1;
      }
      if (done > 0) return 'more';
      // What is left is in somebody else's hands, or waits for another try. What is beyond all tries holds up nothing.
      const isWaitedFor = through !== undefined && (await hasDueSchedule(parts.sql, institutionId, day, mostSpoiltTries));
      return isWaitedFor ? 'waits' : 'done';
    },
  };
}

/** The last day whose hour has come. */
function dueDayOf({ timeZone }: Institution, now: Date): string {
  const local = toInstitutionDateTime(now, timeZone);
  const today = local.slice(0, 'yyyy-mm-dd'.length);
  return local.slice('yyyy-mm-dd'.length) >= executionTime ? today : addDays(today, -1);
}

/** @returns false when there was nothing to do, or it has to be tried again. */
async function executeOne(parts: ScheduleParts, institution: Institution, scheduleId: string, day: string): Promise<boolean> {
  const { institutionId } = institution;
  try {
    return await settle(parts, institution, scheduleId, day, (write, schedule) => transfer(parts, write, institution, schedule));
  } catch (error) {
    logFailure(parts, { institutionId, scheduleId }, error, 'a scheduled transfer could not be tried');
  }
  try {
    const spoiltTries = await saveSpoiltTry(parts.sql, institutionId, scheduleId, new Date());
    if (spoiltTries < mostSpoiltTries) return false;
    return await settle(parts, institution, scheduleId, day, async () => refuse('unexpected'));
  } catch (error) {
    logFailure(parts, { institutionId, scheduleId }, error, 'the failure of a scheduled transfer could not be recorded');
    return false;
  }
}

function logFailure(
  { log }: ScheduleParts,
  about: { readonly institutionId: string; readonly scheduleId: string },
  error: unknown,
  what: string,
): void {
  log.error({ ...about, name: error instanceof Error ? error.name : typeof error }, what);
}

/** One transaction: what comes of the execution, its row, the next day, and the message when it failed. */
function settle(
  parts: ScheduleParts,
  institution: Institution,
  scheduleId: string,
  day: string,
  attempt: (write: Write, schedule: TransferSchedule) => Promise<Result<{ readonly entryId: bigint }, Refusal>>,
): Promise<boolean> {
  const { institutionId } = institution;
  const now = parts.clock.now(institution);
  return parts.runWrite({ institutionId, now, operation: 'executeSchedules' }, async (write) => {
    const found = await lockDueSchedule(write.sql, institutionId, scheduleId, day);
    if (found?.nextOn === undefined || found.nextRunOn === undefined) return false;
    // Holidays that the institution has named since the day was set count too.
    const schedule = { ...found, nextRunOn: laterOf(found.nextRunOn, runDayOf(institution, found.nextOn)) };
    if (schedule.nextRunOn > day) {
      await postponeRun(write.sql, institutionId, scheduleId, schedule.nextRunOn);
      return true;
    }
    const outcome = await attempt(write, schedule);
    const { institutionUserId, executed } = schedule;
    const { nextOn } = found;
    const failureCode = outcome.ok ? undefined : transfersFamily.errors[outcome.refusal].code;
    const next = lookAhead(schedule.plan, executed + 1).nextOn;
    await saveExecution(
      write.sql,
      institutionId,
      scheduleId,
      {
        executionNumber: executed,
        plannedOn: nextOn,
        executedAt: now,
        result: outcome.ok ? { entryId: outcome.value.entryId } : { failureCode: failureCode ?? '' },
      },
      next === undefined ? undefined : { nextOn: next, nextRunOn: runDayOf(institution, next) },
    );
    const about = {
      ...{ scheduleId, reference: referenceOfSchedule(scheduleId), recipientId: schedule.recipientId ?? null },
      ...{ clientId: schedule.clientId, executionNumber: executed, plannedOn: nextOn },
    };
    const result = outcome.ok ? { entryId: String(outcome.value.entryId) } : { code: failureCode ?? null };
    await write.audit(outcome.ok ? 'scheduled_transfer_made' : 'scheduled_transfer_failed', {
      institutionUserId,
      details: { ...about, ...result, amountMinor: String(schedule.amountMinor) },
    });
    if (!outcome.ok) await tellCustomer(parts, write, institution, schedule, outcome.refusal, now);
    return true;
  });
}

/**
 * The day under which an execution is booked: the one that the customer has asked for, also when it is caught up. A month
 * that is closed takes nothing more, so what comes after it counts from the first day that is open.
 */
async function bookingDayOf(core: Core, tx: Tx, institution: Institution, runOn: string, now: Date): Promise<string> {
  const today = toInstitutionDate(now, institution.timeZone);
  if (monthOf(runOn) === monthOf(today)) return runOn;
  const day = laterOf(runOn, await core.holdFirstOpenDay(tx, institution, now));
  // A clock that was set back is behind the months that were closed before.
  return earlierOf(day, today);
}

function monthOf(date: string): string {
  return date.slice(0, 'yyyy-mm'.length);
}

/** The same rules as at the first day, on what is true now; a recovery holds nobody who has scheduled before it. */
async function transfer(
  { core, clock }: ScheduleParts,
  write: Write,
  institution: Institution,
  schedule: TransferSchedule,
): Promise<Result<{ readonly entryId: bigint }, Refusal>> {
  const { institutionId } = institution;
  const { fromCustomerId, fromAccountKey, recipientId, toAccountKey, nextRunOn } = schedule;
  const user = await findUserReach(write.sql, institutionId, { institutionUserId: schedule.institutionUserId });
  const customer = user?.customers.find(({ customerId }) => customerId === fromCustomerId);
  if (user === undefined || customer === undefined || nextRunOn === undefined) return refuse('fromHolderInvalid');
  const to = recipientId === undefined ? { accountKey: toAccountKey } : { recipientId };
  const [parties, { limitMinor, dailyLimitMinor }] = await Promise.all([
    loadParties(core, write.sql, user, { fromCustomerId, fromAccountKey, to }),
    loadLimits(write.sql, institution, fromCustomerId),
  ]);
  const facts: TransferFacts = { ...parties, hasCifNumber: customer.cifNumber !== undefined, recovery: undefined, limitMinor };
  const wanted = {
    isToRecipient: recipientId !== undefined,
    amountMinor: schedule.amountMinor,
    currency: schedule.currency,
    paymentOption: undefined,
    isForPreviousYear: false,
    memo: schedule.memo,
    schedule: undefined,
    isTest: false,
  };
  const now = clock.now(institution);
  const bookedOn = await bookingDayOf(core, write.sql, institution, nextRunOn, now);
  const rules = transferRulesOf(institution, bookedOn);
  const decision = decideTransfer(wanted, facts, rules);
  if (!decision.ok) return decision;
  const booked = await bookMovement(core, write.sql, {
    institutionId,
    now,
    transactionDate: bookedOn,
    movement: decision.value,
    customerId: fromCustomerId,
    dailyLimitMinor,
    decideAgain: (again) => decideTransfer(wanted, { ...facts, ...again }, rules),
  });
  return booked.ok ? accept({ entryId: booked.value.entryId }) : booked;
}

/** A message that cannot be written is told to the log: what came of the transfer is recorded all the same. */
async function tellCustomer(
  parts: ScheduleParts,
  write: Write,
  institution: Institution,
  schedule: TransferSchedule,
  refusal: Refusal,
  now: Date,
): Promise<void> {
  try {
    await write.sql.savepoint((tx) => queueNotice(parts, tx, institution, schedule, refusal, now));
  } catch (error) {
    const about = { institutionId: institution.institutionId, scheduleId: schedule.scheduleId };
    logFailure(parts, about, error, 'a customer could not be told of a scheduled transfer');
  }
}

/** By e-mail, else by the first other way that somebody brings messages on. */
async function queueNotice(
  { queueMessage, canSend }: ScheduleParts,
  tx: Tx,
  institution: Institution,
  { institutionUserId, amountMinor, currency, nextOn = '' }: TransferSchedule,
  refusal: Refusal,
  now: Date,
): Promise<void> {
  const targets = await listNoticeTargets(tx, institution.institutionId, institutionUserId);
  const target = targets.find(({ channel }) => canSend(channel));
  if (target === undefined) return;
  await queueMessage(tx, {
    institution,
    now,
    ...target,
    template: 'scheduled-transfer-failed',
    values: {
      amount: `${currency} ${toDecimalText(amountMinor)}`,
      plannedOn: nextOn,
      reason: transfersFamily.errors[refusal].message,
    },
    institutionUserId,
  });
}
