import { expect, test } from 'vitest';
import { findRecoveryHold } from './recovery-hold.ts';

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
