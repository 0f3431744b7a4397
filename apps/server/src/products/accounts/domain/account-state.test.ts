import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isOwed } from '../../../kernel/account-category.ts';
import { type AccountFacts, actionsOf, isDisplayable, isHistoryReadable, shownBalance, statusOf } from './account-state.ts';
import type { Entitlement } from './entitlement.ts';

const limit = fc.option(fc.bigInt({ min: 0n, max: 10n ** 9n }), { nil: undefined });
const account: fc.Arbitrary<AccountFacts> = fc.record({
  category: fc.constantFrom('DEPOSIT', 'LOAN', 'INVESTMENT', 'TIERED_LOAN'),
  balance: fc.record({
    ledgerMinor: fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }),
    heldMinor: fc.bigInt({ min: 0n, max: 10n ** 6n }),
  }),
  closedOn: fc.option(fc.constant('2026-01-01'), { nil: undefined }),
  statusFlags: fc.subarray(['delinquent', 'inCollection', 'writtenOff', 'verified', 'approved', 'deleted', 'notApproved']),
  isListed: fc.boolean(),
  isHidden: fc.boolean(),
  isHistoryEnabled: fc.boolean(),
  isStatementEnabled: fc.boolean(),
  mayTransferFrom: fc.boolean(),
  mayTransferTo: fc.boolean(),
  transferRestriction: fc.constantFrom('EXCLUDE_ALL', 'EXCLUDE_AS_FROM', 'EXCLUDE_AS_TO', undefined),
  overdraftLimitMinor: limit,
  creditLimitMinor: limit,
});
const entitlement: fc.Arbitrary<Entitlement> = fc.record({
  mayView: fc.constant(true),
  mayTransferFrom: fc.boolean(),
  mayTransferTo: fc.boolean(),
  isHistoryEntitled: fc.boolean(),
  isHidden: fc.boolean(),
  nickName: fc.constant(undefined),
});

test('money moves only where account, institution and entitlement all let it', () => {
  fc.assert(
    fc.property(account, entitlement, (facts, granted) => {
      const { transferFrom, transferTo } = actionsOf(facts, granted);
      if (facts.closedOn !== undefined || facts.transferRestriction === 'EXCLUDE_ALL')
        expect([transferFrom, transferTo]).toEqual([false, false]);
      if (facts.transferRestriction === 'EXCLUDE_AS_FROM' || !facts.mayTransferFrom || !granted.mayTransferFrom)
        expect(transferFrom).toBe(false);
      if (facts.transferRestriction === 'EXCLUDE_AS_TO' || !facts.mayTransferTo || !granted.mayTransferTo)
        expect(transferTo).toBe(false);
    }),
  );
});

test('an account is open or closed and never both; what is negative, over its limit or in credit follows from its balance', () => {
  fc.assert(
    fc.property(account, (facts) => {
      const status = statusOf(facts);
      expect(status.open).toBe(!status.closed);
      if (status.negativeBalance) expect(facts.category).toBe('DEPOSIT');
      if (status.creditBalance) expect(isOwed(facts) && shownBalance(facts, facts.balance.ledgerMinor) < 0n).toBe(true);
      expect(status.creditBalance && status.overLimit).toBe(false);
      expect(Object.hasOwn(status, 'verified')).toBe(facts.statusFlags.includes('verified'));
    }),
  );
});

test('lists show what the institution lists, and neither it nor the user hides', () => {
  fc.assert(
    fc.property(account, entitlement, (facts, granted) => {
      expect(isDisplayable(facts, granted)).toBe(facts.isListed && !facts.isHidden && !granted.isHidden);
    }),
  );
});

test('history is read where the core shows it and it was not withheld from the user', () => {
  fc.assert(
    fc.property(account, entitlement, (facts, granted) => {
      expect(isHistoryReadable(actionsOf(facts, granted))).toBe(facts.isHistoryEnabled && granted.isHistoryEntitled);
    }),
  );
});
