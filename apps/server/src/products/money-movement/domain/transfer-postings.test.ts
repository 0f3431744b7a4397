import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Movement, Party } from './decide-transfer.ts';
import { decideLoanPayment, splitPayment } from './loan-payment.ts';
import { paymentOptions } from './transfer-input.ts';
import { termsAfter, toPostings } from './transfer-postings.ts';

const minor = fc.bigInt({ min: 1n, max: 1_000_000n });
const party = (accountKey: bigint, over: Partial<Party> = {}): Party => ({
  ...{ accountKey, accountNumber: `12345${accountKey}`, accountType: 'CHECKING', category: 'DEPOSIT', description: '' },
  currency: 'USD',
  ...{ closedOn: undefined, statusFlags: [], mayTransferFrom: true, mayTransferTo: true, transferRestriction: undefined },
  balance: { ledgerMinor: 0n, heldMinor: 0n },
  ...{ overdraftLimitMinor: undefined, creditLimitMinor: undefined },
  loan: {
    ...{ paymentRule: undefined, paymentOptions: undefined, nextPaymentMinor: 500n, payOffMinor: 9_000n },
    ...{ escrowMinor: 70n, interestDueMinor: 30n, feesDueMinor: 20n },
  },
  ...{ eligibleThisYearMinor: 5_000n, eligibleLastYearMinor: 4_000n },
  entitlement: { mayTransferFrom: true, mayTransferTo: true },
  ...over,
});
const movements: fc.Arbitrary<Movement> = fc
  .record({
    to: fc.constantFrom(
      party(2n),
      party(2n, { category: 'LOAN', accountType: 'MORTGAGE_LOAN' }),
      party(2n, { category: 'LOAN', accountType: 'CREDIT_CARD_LOAN' }),
    ),
    amountMinor: minor,
    feeMinor: fc.constantFrom(0n, 150n),
    option: fc.constantFrom(...paymentOptions),
  })
  .map(({ to, amountMinor, feeMinor, option }) => ({
    ...{
      kind: 'standard',
      from: party(1n),
      to,
      amountMinor,
      feeMinor,
      isForPreviousYear: false,
      memo: undefined,
      plan: undefined,
    },
    payment: to.category === 'LOAN' ? { split: splitPayment(to.loan, option, amountMinor), payOffMinor: undefined } : undefined,
  }));

test('the rows of an entry sum to zero, and From loses the amount and the fee', () => {
  fc.assert(
    fc.property(movements, (movement) => {
      const postings = toPostings(movement);
      expect(postings.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)).toBe(0n);
      const fromFrom = postings.filter(({ account }) => 'key' in account && account.key === 1n);
      const lost = fromFrom.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
      expect(lost).toBe(-movement.amountMinor - movement.feeMinor);
    }),
  );
});

test('no account number is shown but its end', () => {
  fc.assert(
    fc.property(movements, (movement) => {
      const texts = toPostings(movement).map(({ description }) => description);
      for (const { accountNumber } of [movement.from, movement.to]) expect(texts.join(' ')).not.toContain(accountNumber);
    }),
  );
});

test('a contribution lowers the amount of its year and no other', () => {
  const [from, to] = [party(1n), party(2n, { accountType: 'RETIREMENT_IRA' })];
  const contribution: Movement = {
    ...{ kind: 'ira', from, to, amountMinor: 1_000n, feeMinor: 0n, payment: undefined },
    ...{ isForPreviousYear: false, memo: undefined, plan: undefined },
  };
  expect(termsAfter(contribution, '2028-01-01')).toEqual({ eligibleThisYearMinor: 4_000n });
  expect(termsAfter({ ...contribution, isForPreviousYear: true }, '2028-01-01')).toEqual({ eligibleLastYearMinor: 3_000n });
  // Whoever pays, and however the account was named.
  expect(termsAfter({ ...contribution, kind: 'recipient' }, '2028-01-01')).toEqual({ eligibleThisYearMinor: 4_000n });
  expect(termsAfter({ ...contribution, to: party(2n), kind: 'standard' }, '2028-01-01')).toBeUndefined();
});

test('a payoff leaves a balance of exactly zero, whatever is due or put aside; other payments lower it by what is not put aside', () => {
  fc.assert(
    fc.property(minor, fc.constantFrom(...paymentOptions), minor, (owedMinor, option, paidMinor) => {
      const to = party(2n, {
        category: 'LOAN',
        accountType: 'MORTGAGE_LOAN',
        balance: { ledgerMinor: -owedMinor, heldMinor: 0n },
      });
      const loan = { ...to.loan, payOffMinor: owedMinor, paymentOptions: [...paymentOptions] };
      const isPayOff = option === 'PAY_IN_FULL_AND_CLOSE';
      const amountMinor = isPayOff ? owedMinor : paidMinor;
      const payment = decideLoanPayment({ ...to, loan }, option, amountMinor, {
        ...{ hasOverpayments: true, overpaymentOptions: [...paymentOptions] },
      });
      if (!payment.ok) throw new Error(payment.refusal);
      const movement: Movement = {
        ...{ kind: 'loan', from: party(1n), to: { ...to, loan }, amountMinor, feeMinor: 0n, payment: payment.value },
        ...{ isForPreviousYear: false, memo: undefined, plan: undefined },
      };
      const onLoan = toPostings(movement).filter(({ account }) => 'key' in account && account.key === 2n);
      const gained = onLoan.reduce((sum, posting) => sum + posting.amountMinor, 0n);
      expect(gained).toBe(isPayOff ? owedMinor : paidMinor - payment.value.split.escrowMinor);
      const terms = termsAfter(movement, '2028-01-01');
      expect(terms !== undefined && 'closedOn' in terms).toBe(isPayOff);
    }),
  );
});
