import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { LoanFacts, TransferAccount } from './transfer-account.ts';
import { type PaymentOption, paymentOptions } from './transfer-input.ts';

/** How a payment is split among what is owed. */
export interface LoanSplit {
  readonly principalMinor: bigint;
  readonly interestMinor: bigint;
  readonly escrowMinor: bigint;
  readonly feesMinor: bigint;
}

export interface LoanPayment {
  readonly split: LoanSplit;
  /** Of a payoff, all that was owed: the loan closes. */
  readonly payOffMinor: bigint | undefined;
}

export interface OverpaymentRules {
  readonly hasOverpayments: boolean;
  /** Options of the institution; a name that nobody knows makes the list unreadable. */
  readonly overpaymentOptions: readonly string[];
}

export type LoanRefusal =
  | 'overpaymentsOff'
  | 'overpaymentOptionsMissing'
  | 'overpaymentOptionsUnreadable'
  | 'overpaymentNotAllowed'
  | 'overpaymentOptionNotAllowed'
  | 'amountInvalid'
  | 'paymentNotEqual'
  | 'paymentTooHigh'
  | 'paymentTooLow';

/** Section 8.3. The rule of the loan's payment holds for normal payments only. */
export function decideLoanPayment(
  { loan, balance }: Pick<TransferAccount, 'loan' | 'balance'>,
  option: PaymentOption | undefined,
  amountMinor: bigint,
  rules: OverpaymentRules,
): Result<LoanPayment, LoanRefusal> {
  const payment = isOverpayment(option) ? checkOverpayment(loan, option, amountMinor, rules) : checkAmount(loan, amountMinor);
  if (payment !== undefined) return refuse(payment);
  const isPayOff = option === 'PAY_IN_FULL_AND_CLOSE';
  // What is announced would be booked on a closed loan, and nobody would pay it.
  if (isPayOff && balance.heldMinor > 0n) return refuse('overpaymentNotAllowed');
  return accept({
    split: splitPayment(loan, option ?? 'DEFAULT', amountMinor),
    payOffMinor: isPayOff ? loan.payOffMinor : undefined,
  });
}

type Overpayment = Exclude<PaymentOption, 'DEFAULT'>;

export function isOverpayment(option: PaymentOption | undefined): option is Overpayment {
  return option !== undefined && option !== 'DEFAULT';
}

function checkOverpayment(
  loan: LoanFacts,
  option: Overpayment,
  amountMinor: bigint,
  { hasOverpayments, overpaymentOptions }: OverpaymentRules,
): LoanRefusal | undefined {
  if (!hasOverpayments) return 'overpaymentsOff';
  if (overpaymentOptions.length === 0) return 'overpaymentOptionsMissing';
  const known: readonly string[] = paymentOptions;
  if (overpaymentOptions.some((name) => !known.includes(name))) return 'overpaymentOptionsUnreadable';
  if (loan.paymentOptions === undefined || loan.paymentOptions.length === 0) return 'overpaymentNotAllowed';
  if (!loan.paymentOptions.includes(option) || !overpaymentOptions.includes(option)) return 'overpaymentOptionNotAllowed';
  return option === 'PAY_IN_FULL_AND_CLOSE' && amountMinor !== loan.payOffMinor ? 'amountInvalid' : undefined;
}

function checkAmount({ paymentRule, nextPaymentMinor }: LoanFacts, amountMinor: bigint): LoanRefusal | undefined {
  if (nextPaymentMinor === undefined) return undefined;
  if (paymentRule === 'EQUAL_LPAY' && amountMinor !== nextPaymentMinor) return 'paymentNotEqual';
  if (paymentRule === 'EQUAL_OR_LESS_LPAY' && amountMinor > nextPaymentMinor) return 'paymentTooHigh';
  return paymentRule === 'EQUAL_OR_MORE_LPAY' && amountMinor < nextPaymentMinor ? 'paymentTooLow' : undefined;
}

const nothing: LoanSplit = { principalMinor: 0n, interestMinor: 0n, escrowMinor: 0n, feesMinor: 0n };

/** Fees, then interest, then escrow, then principal; the named part alone; or the due amount so, and the rest to a part. */
export function splitPayment(loan: LoanFacts, option: PaymentOption, amountMinor: bigint): LoanSplit {
  switch (option) {
    case 'PRINCIPAL_ONLY':
      return { ...nothing, principalMinor: amountMinor };
    case 'INTEREST_ONLY':
      return { ...nothing, interestMinor: amountMinor };
    case 'ESCROW_ONLY':
      return { ...nothing, escrowMinor: amountMinor };
    case 'FEES_ONLY':
      return { ...nothing, feesMinor: amountMinor };
    case 'EXCESS_TO_INTEREST': {
      const due = least(amountMinor, loan.nextPaymentMinor ?? 0n);
      const split = splitInOrder(loan, due);
      return { ...split, interestMinor: split.interestMinor + amountMinor - due };
    }
    case 'EXCESS_TO_PRINCIPAL': {
      const due = least(amountMinor, loan.nextPaymentMinor ?? 0n);
      const split = splitInOrder(loan, due);
      return { ...split, principalMinor: split.principalMinor + amountMinor - due };
    }
    // Nothing more will be due, so that nothing has to be put aside for it.
    case 'PAY_IN_FULL_AND_CLOSE':
      return splitInOrder({ ...loan, escrowMinor: undefined }, amountMinor);
    case 'DEFAULT':
    case 'MULTIPLE_PAYMENT':
      return splitInOrder(loan, amountMinor);
  }
}

function splitInOrder({ feesDueMinor, interestDueMinor, escrowMinor }: LoanFacts, amountMinor: bigint): LoanSplit {
  const fees = least(amountMinor, feesDueMinor ?? 0n);
  const interest = least(amountMinor - fees, interestDueMinor ?? 0n);
  const escrow = least(amountMinor - fees - interest, escrowMinor ?? 0n);
  return {
    feesMinor: fees,
    interestMinor: interest,
    escrowMinor: escrow,
    principalMinor: amountMinor - fees - interest - escrow,
  };
}

/** What is left to pay of the due parts; after a payoff nothing. */
export function dueAfter(loan: LoanFacts, { split, payOffMinor }: LoanPayment) {
  const rest = (due: bigint | undefined, paid: bigint) => {
    if (due === undefined) return undefined;
    return payOffMinor === undefined && due > paid ? due - paid : 0n;
  };
  return {
    feesDueMinor: rest(loan.feesDueMinor, split.feesMinor),
    interestDueMinor: rest(loan.interestDueMinor, split.interestMinor),
    lastPrincipalMinor: split.principalMinor,
  };
}

function least(one: bigint, other: bigint): bigint {
  return one < other ? one : other < 0n ? 0n : other;
}
