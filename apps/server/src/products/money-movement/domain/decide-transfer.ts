import { isOwed } from '../../../kernel/account-category.ts';
import { accept, type Result, refuse } from '../../../kernel/result.ts';
import { type ContributionRefusal, checkContribution } from './ira-contribution.ts';
import {
  decideLoanPayment,
  isOverpayment,
  type LoanPayment,
  type LoanRefusal,
  type OverpaymentRules,
  splitPayment,
} from './loan-payment.ts';
import { checkMemo, type MemoRefusal } from './memo.ts';
import { isAboveHold, type RecoveryHold, worthOf } from './recovery-hold.ts';
import { countExecutions, type Plan } from './schedule.ts';
import { decidePlan, type ScheduleInput, type ScheduleRefusal, type ScheduleRules } from './schedule-input.ts';
import {
  type AccountRefusal,
  checkAccounts,
  isRetirement,
  kindOf,
  type MoneyEntitlement,
  type TransferAccount,
  type TransferKind,
} from './transfer-account.ts';
import type { PaymentOption } from './transfer-input.ts';

/** What shall be done, when the parties are known. */
export interface WantedTransfer {
  readonly isToRecipient: boolean;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly paymentOption: PaymentOption | undefined;
  readonly isForPreviousYear: boolean;
  readonly memo: string | undefined;
  readonly schedule: ScheduleInput | undefined;
  readonly isTest: boolean;
}

export type Party = TransferAccount & { readonly entitlement: MoneyEntitlement };

export interface TransferFacts {
  /** Undefined when the From holder has no such account. */
  readonly from: Party | undefined;
  readonly to: Party | undefined;
  /** False when the user has no recipient of that id; of other transfers true. */
  readonly isRecipientKnown: boolean;
  /** The To account is one of the user's own, also when it was saved as a recipient: its own rules hold. */
  readonly isToOwn: boolean;
  readonly hasCifNumber: boolean;
  /** Of a user who is held after a recovery. */
  readonly recovery: RecoveryHold | undefined;
  /** The most of one transfer; 0 is no limit. */
  readonly limitMinor: bigint;
}

export interface TransferRules extends OverpaymentRules, ScheduleRules {
  readonly hasRecipientTransfers: boolean;
  readonly recipientAccountTypes: readonly string[];
  readonly recipientFeeMinor: bigint;
  readonly hasScheduledTransfers: boolean;
  readonly hasMemos: boolean;
  readonly memoMaxLength: number;
  readonly needsCifNumber: boolean;
  readonly recoveryHoldLimitMinor: bigint;
}

/** A transfer that may be made, if the balance allows it. */
export interface Movement {
  readonly kind: TransferKind;
  readonly from: Party;
  readonly to: Party;
  readonly amountMinor: bigint;
  readonly feeMinor: bigint;
  /** Of payments to loans and cards. */
  readonly payment: LoanPayment | undefined;
  /** Of contributions. */
  readonly isForPreviousYear: boolean;
  readonly memo: string | undefined;
  /** Of scheduled transfers. */
  readonly plan: Plan | undefined;
}

export type TransferRefusal =
  | 'typeInvalid'
  | 'recipientTransfersOff'
  | 'recipientNotFound'
  | 'recipientTypeNotAllowed'
  | 'fromAccountNotFound'
  | 'toAccountNotFound'
  | 'cifNumberMissing'
  | 'recoveryHold'
  | 'limitExceeded'
  | 'schedulesOff'
  | 'testScheduled'
  | 'previousYearScheduled'
  | 'overpaymentScheduled'
  | AccountRefusal
  | ScheduleRefusal
  | LoanRefusal
  | ContributionRefusal
  | MemoRefusal;

/** The second half of section 10, up to the balance, which only counts under its lock. */
export function decideTransfer(
  wanted: WantedTransfer,
  facts: TransferFacts,
  rules: TransferRules,
): Result<Movement, TransferRefusal> {
  const parties = decideParties(wanted, facts, rules);
  if (!parties.ok) return parties;
  const { from, to } = parties.value;
  const kind: TransferKind = facts.isToOwn ? kindOf(to) : 'recipient';
  const schedule = decideSchedule(wanted, rules);
  if (!schedule.ok) return schedule;
  if (isAboveHold(facts.recovery, worthOfMovement(wanted.amountMinor, schedule.value), rules.recoveryHoldLimitMinor))
    return refuse('recoveryHold');
  const payment = decidePayment(kind, to, wanted, rules);
  if (!payment.ok) return payment;
  if (isRetirement(to)) {
    const contribution = checkContribution(to, wanted.isForPreviousYear, wanted.amountMinor);
    if (contribution !== undefined) return refuse(contribution);
  }
  const memo = checkMemo(wanted.memo, rules);
  if (memo !== undefined) return refuse(memo);
  if (facts.limitMinor > 0n && wanted.amountMinor > facts.limitMinor) return refuse('limitExceeded');
  return accept({
    kind,
    from,
    to,
    amountMinor: wanted.amountMinor,
    feeMinor: wanted.isToRecipient ? rules.recipientFeeMinor : 0n,
    payment: payment.value,
    isForPreviousYear: wanted.isForPreviousYear,
    memo: wanted.memo,
    plan: schedule.value,
  });
}

function decideParties(
  wanted: WantedTransfer,
  { from, to, isRecipientKnown, hasCifNumber, recovery }: TransferFacts,
  rules: TransferRules,
): Result<{ readonly from: Party; readonly to: Party }, TransferRefusal> {
  if (!doOptionsFit(wanted, to)) return refuse('typeInvalid');
  if (wanted.isToRecipient) {
    if (!rules.hasRecipientTransfers) return refuse('recipientTransfersOff');
    if (!isRecipientKnown) return refuse('recipientNotFound');
    if (to !== undefined && !rules.recipientAccountTypes.includes(to.accountType)) return refuse('recipientTypeNotAllowed');
  }
  if (from === undefined) return refuse('fromAccountNotFound');
  if (to === undefined) return refuse('toAccountNotFound');
  if (from.accountKey === to.accountKey) return refuse('sameAccount');
  if (rules.needsCifNumber && !hasCifNumber) return refuse('cifNumberMissing');
  const refusal = checkAccounts(from, to, wanted.currency);
  if (refusal !== undefined) return refuse(refusal);
  if (isAboveHold(recovery, wanted.amountMinor, rules.recoveryHoldLimitMinor)) return refuse('recoveryHold');
  return accept({ from, to });
}

/** What counts against a hold; undefined when it is without bound. */
export function worthOfMovement(amountMinor: bigint, plan: Plan | undefined): bigint | undefined {
  return plan === undefined ? amountMinor : worthOf(amountMinor, countExecutions(plan));
}

/** A loan option needs a loan, a contribution for the previous year a retirement account; `decideRequest` has refused recipients. */
function doOptionsFit({ paymentOption, isForPreviousYear }: WantedTransfer, to: Party | undefined): boolean {
  if (!isOverpayment(paymentOption) && !isForPreviousYear) return true;
  // An account that is not there has its own refusal.
  if (to === undefined) return true;
  const kind = kindOf(to);
  return (!isOverpayment(paymentOption) || kind === 'loan') && (!isForPreviousYear || kind === 'ira');
}

function decideSchedule(
  { schedule, isTest, isForPreviousYear, paymentOption }: WantedTransfer,
  rules: TransferRules,
): Result<Plan | undefined, TransferRefusal> {
  if (schedule === undefined) return accept(undefined);
  if (!rules.hasScheduledTransfers) return refuse('schedulesOff');
  if (isTest) return refuse('testScheduled');
  if (isForPreviousYear) return refuse('previousYearScheduled');
  if (isOverpayment(paymentOption)) return refuse('overpaymentScheduled');
  return decidePlan(schedule, rules);
}

function decidePayment(
  kind: TransferKind,
  to: Party,
  { paymentOption, amountMinor }: WantedTransfer,
  rules: OverpaymentRules,
): Result<LoanPayment | undefined, LoanRefusal> {
  if (kind === 'loan') return decideLoanPayment(to, paymentOption, amountMinor, rules);
  // Somebody else's loan takes any amount, as a normal payment.
  return accept(isOwed(to) ? { split: splitPayment(to.loan, 'DEFAULT', amountMinor), payOffMinor: undefined } : undefined);
}
