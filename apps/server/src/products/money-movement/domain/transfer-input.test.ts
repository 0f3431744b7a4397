import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTransfer } from './transfer-input.ts';
import { decideRequest } from './transfer-request.ts';

const rules = { takesUndocumented: true, takesPayOff: true };
const names = [
  'fromAccountHolderId',
  'toAccountHolderId',
  'fromAccountId',
  'toAccountId',
  'amount',
  'memo',
  'paymentOption',
  'previousYearContribution',
  'schedule',
  'type',
  'additionalInfo',
  'transactionAmounts',
];

test('whatever is sent is read or refused, and never breaks the program', () => {
  const bodies = fc.dictionary(fc.constantFrom(...names), fc.jsonValue({ maxDepth: 4 }));
  fc.assert(
    fc.property(bodies, (body) => {
      const input = readTransfer(body, rules);
      if (!input.ok) return;
      const requester = { userType: 'RETAIL' as const, customerIds: ['a'.repeat(32)] };
      decideRequest(input.value, requester, { currency: 'USD', takesOwnHolder: true });
    }),
    { numRuns: 500 },
  );
});

test('an amount is read to the cent, as a number and as a text', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 99_999_999 }), fc.boolean(), (cents, isText) => {
      const amount = isText ? (cents / 100).toFixed(2) : cents / 100;
      const body = { fromAccountHolderId: 'c', fromAccountId: 'f', toAccountId: 't', amount: { amount } };
      const input = readTransfer(body, rules);
      if (!input.ok) throw new Error('It is a transfer.');
      const requester = { userType: 'RETAIL' as const, customerIds: ['c'] };
      const request = decideRequest(input.value, requester, { currency: 'USD', takesOwnHolder: false });
      expect(request.ok && request.value.amountMinor).toBe(BigInt(cents));
    }),
  );
});
