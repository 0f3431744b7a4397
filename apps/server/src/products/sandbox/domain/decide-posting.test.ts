import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decidePosting, type PostedAccount, type PostingRequest, toMinor } from './decide-posting.ts';

const checking: PostedAccount = { accountType: 'CHECKING', category: 'DEPOSIT', isClosed: false, spendableMinor: 10_000n };
const today = '2026-11-22';
const now = new Date('2026-11-22T20:00:00Z');
const decide = (request: Partial<PostingRequest>, account: Partial<PostedAccount> = {}) =>
  decidePosting({ ...checking, ...account }, { type: 'debit', amount: 12.5, ...request }, today, now);

test('an amount of at most two decimals becomes exactly its minor units, any other none', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000_000_000 }), (minor) => {
      expect(toMinor(minor / 100)).toBe(BigInt(minor));
    }),
  );
  for (const amount of [0.001, 0.005, 10.999, 0]) expect(toMinor(amount)).toBeUndefined();
});

describe('a posting', () => {
  test.each([
    ['credit', {}, 1_250n, 'DEPOSIT'],
    ['credit', { category: 'LOAN', accountType: 'CREDIT_CARD_LOAN' }, 1_250n, 'PAYMENT_CREDIT_CARD'],
    ['credit', { category: 'LOAN', accountType: 'MORTGAGE_LOAN' }, 1_250n, 'PAYMENT'],
    ['debit', {}, -1_250n, 'WITHDRAWAL'],
    ['debit', { category: 'LOAN', accountType: 'CREDIT_CARD_LOAN' }, -1_250n, 'RETAIL_PURCHASE'],
    ['hold', {}, -1_250n, 'POS_PURCHASE'],
  ] as const)('of kind %s on %j is booked as %s, %s', (type, account, amountMinor, transactionType) => {
    const decision = decide({ type }, account);
    expect(decision).toMatchObject({ ok: true, value: { amountMinor, text: { type: transactionType } } });
  });

  test.each([
    ['a cheque without its number', { type: 'cheque' }],
    ['a number where there is no cheque', { checkNumber: '7' }],
    ['a cheque that is pending', { type: 'cheque', checkNumber: '7', isPending: true }],
    ['a hold that is not pending', { type: 'hold', isPending: false }],
    ['an end for what is booked', { expiresAt: '2027-01-01T00:00:00Z' }],
    ['an end that has passed', { type: 'hold', expiresAt: '2026-01-01T00:00:00Z' }],
    ['a booking dated tomorrow', { transactionDate: '2026-11-23' }],
    ['three decimals', { amount: 1.005 }],
  ] as const)('is refused for %s', (_, request) => {
    expect(decide(request)).toEqual({ ok: false, refusal: 'postingInvalid' });
  });

  test('takes no more than the account has, unless it is told to', () => {
    expect(decide({ amount: 100 })).toMatchObject({ ok: true });
    expect(decide({ amount: 100.01 })).toEqual({ ok: false, refusal: 'fundsInsufficient' });
    expect(decide({ amount: 100.01, mayOverdraw: true })).toMatchObject({ ok: true });
    expect(decide({ type: 'credit', amount: 100.01 })).toMatchObject({ ok: true });
  });

  test('reaches no closed account', () => {
    expect(decide({}, { isClosed: true })).toEqual({ ok: false, refusal: 'accountClosed' });
  });
});
