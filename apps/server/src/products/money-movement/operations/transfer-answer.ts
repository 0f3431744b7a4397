import type { createTransfer } from '@openbranch/contract/money-movement/transfer-operations';
import type { AnswerOf } from '@openbranch/contract/operation';
import { toMoney } from '../../../kernel/money.ts';
import type { Movement } from '../domain/decide-transfer.ts';
import { lookAhead, type Outlook, type Plan } from '../domain/schedule.ts';
import type { TransferInput } from '../domain/transfer-input.ts';

type TransferAnswer = AnswerOf<typeof createTransfer>;

export interface Answered {
  readonly input: TransferInput;
  readonly fromCustomerId: string;
  readonly movement: Movement;
  readonly currency: string;
  readonly confirmation: string;
  /** Scheduled transfers only. */
  readonly scheduleId?: string;
  /** The day on which an execution runs that the plan puts on a date. */
  readonly runDayOf: (date: string) => string;
}

/** What was asked for, and what came of it (contract sheet "Money movement", section 9). */
export function toTransferAnswer(answered: Answered): TransferAnswer {
  const { input, fromCustomerId, movement, currency, confirmation, scheduleId, runDayOf } = answered;
  const { plan, payment, feeMinor } = movement;
  const amount = toMoney(movement.amountMinor, currency);
  const days = plan === undefined ? undefined : daysOf(plan, runDayOf);
  return {
    ...(scheduleId !== undefined && { id: scheduleId }),
    fromAccountHolderId: input.fromHolder ?? fromCustomerId,
    ...(input.toHolder !== undefined && { toAccountHolderId: input.toHolder }),
    ...(input.fromAccountId !== undefined && { fromAccountId: input.fromAccountId }),
    ...(input.toAccountId !== undefined && { toAccountId: input.toAccountId }),
    amount,
    ...(input.memo !== undefined && { memo: input.memo }),
    ...(input.paymentOption !== undefined && { paymentOption: input.paymentOption }),
    ...(input.isForPreviousYear !== undefined && { previousYearContribution: input.isForPreviousYear }),
    ...(input.isSplit && {
      transactionAmounts: input.amounts.map((one) => ({
        type: 'AMOUNT',
        amount: { currencyCode: currency, amount: Number(one.amount) },
      })),
    }),
    ...(plan !== undefined && days !== undefined && { schedule: toSchedule(input, plan, days) }),
    status: 'SUCCESS',
    confirmation,
    ...(feeMinor > 0n && { fee: toMoney(feeMinor, currency) }),
    ...(payment?.payOffMinor !== undefined && { payoffAmount: toMoney(payment.payOffMinor, currency) }),
    ...(days !== undefined && { notificationMessage: notificationOf(days) }),
  };
}

/** The days on which the money will move. */
function daysOf(plan: Plan, runDayOf: Answered['runDayOf']): Outlook & { readonly nextOn: string } {
  const { nextOn = plan.startsOn, finalOn, remaining } = lookAhead(plan, 0);
  return { nextOn: runDayOf(nextOn), finalOn: finalOn === undefined ? undefined : runDayOf(finalOn), remaining };
}

function toSchedule(
  input: TransferInput,
  plan: Plan,
  { nextOn, finalOn, remaining }: ReturnType<typeof daysOf>,
): NonNullable<TransferAnswer['schedule']> {
  return {
    lifeType: plan.lifeType,
    startDate: plan.startsOn,
    ...(plan.endsOn !== undefined && { endDate: plan.endsOn }),
    ...(plan.numberOfExecutions !== undefined && { numberOfExecutions: plan.numberOfExecutions }),
    frequency: plan.frequency,
    // As it was sent: what day 1 is, is the institution's choice.
    ...(plan.dayOfWeek !== undefined && { dayOfWeek: Number(input.schedule?.dayOfWeek) }),
    ...(plan.daysOfMonth.length > 0 && { daysOfMonth: [...plan.daysOfMonth] }),
    nextExecutionDate: nextOn,
    ...(finalOn !== undefined && { finalExecutionDate: finalOn }),
    ...(remaining !== undefined && { remainingNumberOfExecutions: remaining }),
  };
}

function notificationOf({ nextOn, finalOn }: ReturnType<typeof daysOf>): string {
  if (finalOn === nextOn) return `Your transfer is scheduled for ${nextOn}.`;
  return `Your transfers are scheduled. The first is on ${nextOn}${finalOn === undefined ? '' : `, the last on ${finalOn}`}.`;
}
