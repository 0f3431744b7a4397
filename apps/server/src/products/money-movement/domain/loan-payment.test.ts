import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decideLoanPayment, dueAfter, splitPayment } from './loan-payment.ts';
import type { LoanFacts } from './transfer-account.ts';
import { paymentOptions } from './transfer-input.ts';

const minor = fc.bigInt({ min: 0n, max: 1_000_000n });
const loans: fc.Arbitrary<LoanFacts> = fc.record({
  paymentRule: fc.constantFrom('EQUAL_LPAY', 'EQUAL_OR_LESS_LPAY', 'EQUAL_OR_MORE_LPAY', undefined),
  paymentOptions: fc.constant([...paymentOptions]),
  nextPaymentMinor: fc.option(minor, { nil: undefined }),
  payOffMinor: fc.option(minor, { nil: undefined }),
  escrowMinor: fc.option(minor, { nil: undefined }),
  interestDueMinor: fc.option(minor, { nil: undefined }),
  feesDueMinor: fc.option(minor, { nil: undefined }),
});
const unheld = (loan: LoanFacts, heldMinor = 0n) => ({ loan, balance: { ledgerMinor: -(loan.payOffMinor ?? 0n), heldMinor } });
const rules = { hasOverpayments: true, overpaymentOptions: [...paymentOptions] };

test('the parts of a payment add up to it, and none is negative', () => {
  fc.assert(
    fc.property(loans, fc.constantFrom(...paymentOptions), fc.bigInt({ min: 1n, max: 2_000_000n }), (loan, option, amount) => {
      const { principalMinor, interestMinor, escrowMinor, feesMinor } = splitPayment(loan, option, amount);
      const parts = [principalMinor, interestMinor, escrowMinor, feesMinor];
      expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(amount);
      expect(parts.every((part) => part >= 0n)).toBe(true);
    }),
  );
});

test('what is due falls by what was paid of it, and never below zero', () => {
  fc.assert(
    fc.property(loans, fc.constantFrom(...paymentOptions), fc.bigInt({ min: 1n, max: 2_000_000n }), (loan, option, amount) => {
      const due = dueAfter(loan, { split: splitPayment(loan, option, amount), payOffMinor: undefined });
      for (const name of ['feesDueMinor', 'interestDueMinor'] as const) {
        expect(due[name] === undefined).toBe(loan[name] === undefined);
        expect((due[name] ?? 0n) >= 0n && (due[name] ?? 0n) <= (loan[name] ?? 0n)).toBe(true);
      }
    }),
  );
});

test('the payment rule binds normal payments, and no other', () => {
  fc.assert(
    fc.property(loans, fc.bigInt({ min: 1n, max: 2_000_000n }), (loan, amount) => {
      const normal = decideLoanPayment(unheld(loan), undefined, amount, rules);
      const next = loan.nextPaymentMinor ?? amount;
      const fits =
        loan.paymentRule === 'EQUAL_LPAY'
          ? amount === next
          : loan.paymentRule === 'EQUAL_OR_LESS_LPAY'
            ? amount <= next
            : loan.paymentRule === undefined || amount >= next;
      expect(normal.ok).toBe(fits);
      expect(decideLoanPayment(unheld(loan), 'PRINCIPAL_ONLY', amount, rules).ok).toBe(true);
    }),
  );
});

test('a payoff is all that is owed, leaves nothing due, and has to wait for what is announced', () => {
  fc.assert(
    fc.property(loans, fc.bigInt({ min: -2n, max: 2n }), fc.bigInt({ min: 0n, max: 2n }), (loan, off, heldMinor) => {
      const amount = (loan.payOffMinor ?? 0n) + off;
      fc.pre(amount > 0n);
      const payment = decideLoanPayment(unheld(loan, heldMinor), 'PAY_IN_FULL_AND_CLOSE', amount, rules);
      expect(payment.ok).toBe(off === 0n && heldMinor === 0n && loan.payOffMinor !== undefined);
      if (!payment.ok) return;
      expect(payment.value.split.escrowMinor).toBe(0n);
      const { feesDueMinor = 0n, interestDueMinor = 0n } = dueAfter(loan, payment.value);
      expect([feesDueMinor, interestDueMinor]).toEqual([0n, 0n]);
    }),
  );
});
