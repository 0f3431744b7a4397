import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type EntryTerms, leavesClosedAccountEmpty, type OpenTerms, turnRound, undoTerms } from './undo-terms.ts';

const nothing: EntryTerms = {
  ...{ interestDueMinor: 0n, feesDueMinor: 0n, eligibleMinor: 0n, contributionYear: undefined },
  ...{ closedOnBefore: undefined, closedOnAfter: undefined },
};
const day = fc.option(fc.constantFrom('2026-03-01', '2026-04-02'), { nil: undefined });
const minor = fc.bigInt({ min: 1_000n, max: 1_000_000n });
const terms: fc.Arbitrary<OpenTerms> = fc.record({
  interestDueMinor: minor,
  feesDueMinor: minor,
  eligibleThisYearMinor: minor,
  eligibleLastYearMinor: minor,
  closedOn: day,
});
const change = fc.bigInt({ min: -1_000n, max: 1_000n });
const done: fc.Arbitrary<EntryTerms> = fc.record({
  interestDueMinor: change,
  feesDueMinor: change,
  eligibleMinor: change,
  contributionYear: fc.constantFrom(2024, 2025, 2026),
  closedOnBefore: day,
  closedOnAfter: day,
});

test('what was undone and is undone again is as if nothing had happened', () => {
  fc.assert(
    fc.property(terms, done, (now, one) => {
      const before = undoTerms(now, one, 2026);
      const again = undoTerms(before, turnRound(one), 2026);
      expect({ ...again, closedOn: undefined }).toEqual({ ...now, closedOn: undefined });
      if (now.closedOn === one.closedOnAfter) expect(again.closedOn).toBe(now.closedOn);
    }),
  );
});

test('a contribution is given back to the year that it was for, and to no other', () => {
  const now = {
    ...{ interestDueMinor: undefined, feesDueMinor: undefined, closedOn: undefined },
    ...{ eligibleThisYearMinor: 10n, eligibleLastYearMinor: 20n },
  };
  const contribution = { ...nothing, eligibleMinor: -5n, contributionYear: 2026 };
  expect(undoTerms(now, contribution, 2026)).toMatchObject({ eligibleThisYearMinor: 15n, eligibleLastYearMinor: 20n });
  expect(undoTerms(now, contribution, 2027)).toMatchObject({ eligibleThisYearMinor: 10n, eligibleLastYearMinor: 25n });
  expect(undoTerms(now, contribution, 2028)).toEqual(now);
});

test('only the entry that closed an account opens it again', () => {
  const now = {
    ...{ interestDueMinor: undefined, feesDueMinor: undefined, closedOn: '2026-04-02' },
    ...{ eligibleThisYearMinor: undefined, eligibleLastYearMinor: undefined },
  };
  expect(undoTerms(now, nothing, 2026).closedOn).toBe('2026-04-02');
  expect(undoTerms(now, { ...nothing, closedOnAfter: '2026-03-01' }, 2026).closedOn).toBe('2026-04-02');
  expect(undoTerms(now, { ...nothing, closedOnAfter: '2026-04-02' }, 2026).closedOn).toBeUndefined();
});

test('a closed account may hold nothing, an open one anything', () => {
  expect([leavesClosedAccountEmpty('2026-04-02', 0n), leavesClosedAccountEmpty('2026-04-02', -1n)]).toEqual([true, false]);
  expect(leavesClosedAccountEmpty(undefined, -1n)).toBe(true);
});
