import { transfersFamily } from '@openbranch/contract/money-movement/families';
import type { Core } from '../../../core/index.ts';
import { addDays } from '../../../kernel/calendar-date.ts';
import type { Institution } from '../../../kernel/institution.ts';
import { toInstitutionDateTime } from '../../../kernel/institution-time.ts';
import { toDecimalText } from '../../../kernel/money.ts';
import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { Sql } from '../../../platform/db/database.ts';
import type { Channel } from '../../../platform/delivery/channel.ts';
import type { QueueMessage } from '../../../platform/delivery/message.ts';
import type { Clock } from '../../../platform/institutions/clock.ts';
import type { InstitutionDirectory } from '../../../platform/institutions/institution-directory.ts';
import type { Logger } from '../../../platform/telemetry/logger.ts';
import type { RunWrite, Write } from '../../../platform/transactions/unit-of-work.ts';
import type { TellOfMoney } from '../../accounts/index.ts';
import { findUserReach, listNoticeTargets } from '../../customers/index.ts';
import { referenceOfSchedule } from '../domain/confirmation.ts';
import { decideTransfer, type TransferFacts, type TransferRefusal } from '../domain/decide-transfer.ts';
import { lookAhead } from '../domain/schedule.ts';
import { bookMovement } from '../operations/book-movement.ts';
import { loadLimits } from '../operations/load-limits.ts';
import { loadParties } from '../operations/load-parties.ts';
import { runDayOf, transferRulesOf } from '../operations/transfer-rules.ts';
import {
  listDueScheduleIds,
  lockDueSchedule,
  saveExecution,
  saveSpoiltTry,
  type TransferSchedule,
} from '../store/transfer-schedules.ts';

export interface ScheduleParts {
  readonly sql: Sql;
  readonly core: Core;
  readonly tellOfMoney: TellOfMoney;
  readonly institutions: InstitutionDirectory;
  readonly clock: Clock;
  readonly runWrite: RunWrite;
  readonly queueMessage: QueueMessage;
  /** False when nobody is set up to bring messages of that channel. */
  readonly canSend: (channel: Channel) => boolean;
  readonly log: Pick<Logger, 'error'>;
}

/** Six in the morning of the institution. */
const executionTime = 'T06:00';
const mostAtOnce = 500;
/** Tries that the installation may spoil before the customer is told; each wait is four times the one before. */
const mostSpoiltTries = 5;

type Refusal = TransferRefusal | 'balanceTooLow' | 'fromHolderInvalid' | 'unexpected';

/**
 * Makes every scheduled transfer that is due. Each execution is one transaction under the lock of its schedule: money,
 * result and the next day are there together or not at all, so that a crash, another process or a second run changes
 * nothing. What was missed is caught up, the oldest day first, each day once.
 */
export async function executeSchedules(parts: ScheduleParts, institutions: readonly Institution[]): Promise<void> {
  for (const institution of institutions) if (institution.isActive) await executeOfInstitution(parts, institution);
}

async function executeOfInstitution(parts: ScheduleParts, institution: Institution): Promise<void> {
  const day = dueDayOf(institution, parts.clock.now(institution));
  for (;;) {
    const due = await listDueScheduleIds(parts.sql, institution.institutionId, day, new Date(), mostAtOnce);
    let done = 0;
    for (const scheduleId of due) if (await executeOne(parts, institution, scheduleId, day)) done += 1;
    // What is left is in somebody else's hands, or waits for another try.
    if (done === 0) return;
  }
}

/** The last day whose hour has come. */
function dueDayOf({ timeZone }: Institution, now: Date): string {
  const local = toInstitutionDateTime(now, timeZone);
  const today = local.slice(0, 'yyyy-mm-dd'.length);
  return local.slice('yyyy-mm-dd'.length) >= executionTime ? today : addDays(today, -1);
}

/** @returns false when there was nothing to do, or it has to be tried again. */
async function executeOne(parts: ScheduleParts, institution: Institution, scheduleId: string, day: string): Promise<boolean> {
  try {
    return await settle(parts, institution, scheduleId, day, (write, schedule) => transfer(parts, write, institution, schedule));
  } catch (error) {
    parts.log.error(
      { institutionId: institution.institutionId, scheduleId, name: error instanceof Error ? error.name : typeof error },
      'a scheduled transfer could not be tried',
    );
    const spoiltTries = await saveSpoiltTry(parts.sql, institution.institutionId, scheduleId, new Date());
    if (spoiltTries < mostSpoiltTries) return false;
    return settle(parts, institution, scheduleId, day, async () => refuse('unexpected'));
  }
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
    const schedule = await lockDueSchedule(write.sql, institutionId, scheduleId, day);
    if (schedule?.nextOn === undefined) return false;
    const outcome = await attempt(write, schedule);
    const { institutionUserId, executed, nextOn } = schedule;
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

/** The same rules as at the first day, on what is true now; a recovery holds nobody who has scheduled before it. */
async function transfer(
  { core, clock, tellOfMoney }: ScheduleParts,
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
    paymentOption: undefined,
    isForPreviousYear: false,
    memo: schedule.memo,
    schedule: undefined,
    isTest: false,
  };
  const rules = transferRulesOf(institution, nextRunOn);
  const decision = decideTransfer(wanted, facts, rules);
  if (!decision.ok) return decision;
  const booked = await bookMovement({ core, tellOfMoney }, write, {
    institutionId,
    now: clock.now(institution),
    // The day that the customer has asked for, also when it is caught up.
    transactionDate: nextRunOn,
    movement: decision.value,
    customerId: fromCustomerId,
    dailyLimitMinor,
    decideAgain: (account) => decideTransfer(wanted, { ...facts, to: account }, rules),
  });
  return booked.ok ? accept({ entryId: booked.value.entryId }) : booked;
}

/** By e-mail, else by the first other way that somebody brings messages on. */
async function tellCustomer(
  { queueMessage, canSend }: ScheduleParts,
  write: Write,
  institution: Institution,
  { institutionUserId, amountMinor, currency, nextOn = '' }: TransferSchedule,
  refusal: Refusal,
  now: Date,
): Promise<void> {
  const targets = await listNoticeTargets(write.sql, institution.institutionId, institutionUserId);
  const target = targets.find(({ channel }) => canSend(channel));
  if (target === undefined) return;
  await queueMessage(write.sql, {
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
