import { randomBytes } from 'node:crypto';
import type { Institution } from '../../../kernel/institution.ts';
import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { Write } from '../../../platform/transactions/unit-of-work.ts';
import type { UserReach } from '../../customers/index.ts';
import { maskAccountNumber, referenceOfSchedule } from '../domain/confirmation.ts';
import { type Movement, type TransferRefusal, worthOfMovement } from '../domain/decide-transfer.ts';
import { lookAhead, type Plan } from '../domain/schedule.ts';
import type { OwnRequest } from '../domain/transfer-request.ts';
import { countAgainstHold, type HeldUser } from '../store/recovery-hold-sums.ts';
import { countActiveSchedules, insertSchedule } from '../store/transfer-schedules.ts';
import { runDayOf } from './transfer-rules.ts';

/** More than anybody needs, and a bound of what a faulty program makes due at once. */
const mostActiveSchedules = 500;

export interface PlannedMovement {
  readonly institution: Institution;
  readonly now: Date;
  readonly clientId: string;
  readonly user: UserReach;
  readonly request: OwnRequest;
  readonly movement: Movement;
  readonly plan: Plan;
  /** The user, where a recovery holds. */
  readonly heldUser: HeldUser | undefined;
}

export interface SavedSchedule {
  readonly scheduleId: string;
  readonly reference: string;
}

export type ScheduleRefusal = TransferRefusal | 'tooManySchedules';

/** Saves what will be moved, with its activity. Nothing is moved before its first day. */
export async function scheduleMovement(
  write: Write,
  { institution, now, clientId, user, request, movement, plan, heldUser }: PlannedMovement,
): Promise<Result<SavedSchedule, ScheduleRefusal>> {
  const { institutionId, institutionUserId } = user;
  const { nextOn } = lookAhead(plan, 0);
  // A first day after the year 9999.
  if (nextOn === undefined) return refuse('startDateInvalid');
  if ((await countActiveSchedules(write.sql, institutionId, institutionUserId)) >= mostActiveSchedules)
    return refuse('tooManySchedules');
  const worthMinor = worthOfMovement(movement.amountMinor, plan);
  const isWithinHold =
    heldUser === undefined ||
    (worthMinor !== undefined && (await countAgainstHold(write.sql, institutionId, heldUser, worthMinor)));
  if (!isWithinHold) return refuse('recoveryHold');
  const scheduleId = randomBytes(16).toString('hex').toUpperCase();
  const reference = referenceOfSchedule(scheduleId);
  const recipientId = request.route === 'recipient' ? request.recipientId : undefined;
  await insertSchedule(write.sql, institutionId, {
    scheduleId,
    institutionUserId,
    clientId,
    fromCustomerId: request.fromCustomerId,
    toCustomerId: request.route === 'accounts' ? request.toCustomerId : undefined,
    fromAccountKey: movement.from.accountKey,
    toAccountKey: request.route === 'accounts' ? movement.to.accountKey : undefined,
    recipientId,
    amountMinor: movement.amountMinor,
    currency: institution.policies.moneyMovement.currency,
    memo: movement.memo,
    plan,
    nextOn,
    nextRunOn: runDayOf(institution, nextOn),
    createdAt: now,
  });
  await write.audit('transfer_scheduled', {
    institutionUserId,
    details: {
      ...{ scheduleId, reference, frequency: plan.frequency, amountMinor: String(movement.amountMinor) },
      fromAccount: maskAccountNumber(movement.from.accountNumber, '*'),
      recipientId: recipientId ?? null,
    },
  });
  return accept({ scheduleId, reference });
}
