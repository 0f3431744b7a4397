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
      const due = dueAfter(loan, splitPayment(loan, option, amount), amount);
      for (const name of ['feesDueMinor', 'interestDueMinor', 'payOffMinor'] as const) {
        expect(due[name] === undefined).toBe(loan[name] === undefined);
        expect((due[name] ?? 0n) >= 0n && (due[name] ?? 0n) <= (loan[name] ?? 0n)).toBe(true);
      }
    }),
  );
});

test('the payment rule binds normal payments, and no other', () => {
  fc.assert(
    fc.property(loans, fc.bigInt({ min: 1n, max: 2_000_000n }), (loan, amount) => {
      const normal = decideLoanPayment(loan, undefined, amount, rules);
      const next = loan.nextPaymentMinor ?? amount;
      const fits =
        loan.paymentRule === 'EQUAL_LPAY'
          ? amount === next
          : loan.paymentRule === 'EQUAL_OR_LESS_LPAY'
            ? amount <= next
            : loan.paymentRule === undefined || amount >= next;
      expect(normal.ok).toBe(fits);
      expect(decideLoanPayment(loan, 'PRINCIPAL_ONLY', amount, rules).ok).toBe(true);
    }),
  );
});
