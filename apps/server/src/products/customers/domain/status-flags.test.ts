import { expect, test } from 'vitest';
import type { CredentialState } from './credential-state.ts';
import { flagsOf, trueFlagsOf } from './status-flags.ts';

const at = new Date('2026-06-19T09:00:00Z');
const active: CredentialState = {
  registration: 'approved',
  lock: undefined,
  hold: undefined,
  mustChangePassword: false,
  isDeleted: false,
  hasInvalidEmail: false,
  hasAcceptedDisclosure: true,
  failedLoginCount: 0,
  failedPasswordResetCount: 0,
  lastLoginAt: undefined,
};
const locked: CredentialState = { ...active, lock: { lockedAt: at, reason: 'FAILED_LOGINS' } };
const onHold: CredentialState = { ...active, hold: { heldAt: at, reason: undefined, initiatedBy: undefined } };

test.each<[string, CredentialState, string[]]>([
  ['an active user', active, ['active', 'registered', 'approved']],
  ['a locked user', locked, ['locked', 'registered', 'approved']],
  ['a user on hold', onHold, ['onHold', 'registered', 'approved']],
  [
    'a user who must choose a new password',
    { ...active, mustChangePassword: true },
    ['active', 'reset', 'registered', 'approved'],
  ],
  ['a locked user on hold', { ...locked, hold: onHold.hold }, ['onHold', 'locked', 'registered', 'approved']],
  ['a user who waits for approval', { ...active, registration: 'pending_approval' }, ['registered']],
  ['a rejected user', { ...active, registration: 'rejected' }, ['registered', 'rejected']],
  ['a user who has not accepted the disclosures', { ...active, registration: 'pending_disclosure' }, []],
  ['somebody who never registered', { ...active, registration: 'none' }, []],
  ['a deleted user', { ...active, isDeleted: true }, ['registered', 'approved']],
])('%s has these flags and no other', (_who, state, expected) => {
  const flags = Object.entries(flagsOf(state));
  expect(flags.filter(([, isSet]) => isSet).map(([name]) => name)).toEqual(expected);
  expect(flags).toHaveLength(7);
  expect(Object.keys(trueFlagsOf(state, false))).toEqual(expected);
});

test('registered and approved are left out while active (CR-41), and only then', () => {
  expect(trueFlagsOf(active, true)).toEqual({ active: true });
  expect(trueFlagsOf({ ...active, mustChangePassword: true }, true)).toEqual({ active: true, reset: true });
  expect(trueFlagsOf(locked, true)).toEqual({ locked: true, registered: true, approved: true });
  expect(trueFlagsOf({ ...active, registration: 'pending_approval' }, true)).toEqual({ registered: true });
});
