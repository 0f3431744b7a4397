import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findRecoveryHold, isAboveHold, worthOf } from './recovery-hold.ts';

const now = new Date('2026-06-19T12:00:00Z');
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
const nothing = { passwordResetAt: undefined, phoneChangedAt: undefined };

test('a reset and a new phone number hold for the hours of the policy, to the second', () => {
  expect(findRecoveryHold(nothing, 24, now)).toBeUndefined();
  expect(findRecoveryHold({ ...nothing, passwordResetAt: hoursAgo(23.999) }, 24, now)).toBe('password_reset');
  expect(findRecoveryHold({ ...nothing, passwordResetAt: hoursAgo(24) }, 24, now)).toBeUndefined();
  expect(findRecoveryHold({ ...nothing, phoneChangedAt: hoursAgo(1) }, 24, now)).toBe('phone_changed');
  expect(findRecoveryHold({ passwordResetAt: hoursAgo(48), phoneChangedAt: hoursAgo(1) }, 24, now)).toBe('phone_changed');
});

test('nobody is held where the policy says 0 hours', () => {
  expect(findRecoveryHold({ passwordResetAt: now, phoneChangedAt: now }, 0, now)).toBeUndefined();
});

test('a hold counts all that was moved while it holds, and every execution of a schedule', () => {
  const hold = { reason: 'password_reset', movedMinor: 60n } as const;
  expect([isAboveHold(hold, 40n, 100n), isAboveHold(hold, 41n, 100n)]).toEqual([false, true]);
  expect(isAboveHold(undefined, 1_000n, 100n)).toBe(false);
  expect([worthOf(10n, 4), worthOf(10n, undefined)]).toEqual([40n, undefined]);
  // Without an end it moves more than any limit some day.
  expect(isAboveHold(hold, worthOf(1n, undefined), 1_000_000n)).toBe(true);
});

test('what is moved in parts is never more than what may be moved at once', () => {
  fc.assert(
    fc.property(fc.array(fc.bigInt({ min: 1n, max: 500n })), fc.bigInt({ min: 0n, max: 1_000n }), (amounts, limitMinor) => {
      let movedMinor = 0n;
      for (const amount of amounts)
        if (!isAboveHold({ reason: 'phone_changed', movedMinor }, amount, limitMinor)) movedMinor += amount;
      expect(movedMinor <= limitMinor).toBe(true);
    }),
  );
});
