import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type CredentialState,
  decideSignIn,
  decideUnlock,
  isActive,
  mayStaySignedIn,
  type SignInRefusal,
  stateAt,
} from './credential-state.ts';

const start = Date.parse('2026-06-19T09:00:00Z');
const minutes = (count: number) => new Date(start + count * 60_000);
const now = minutes(0);
const policy = { maxFailed: 5, autoUnlockMinutes: 0 };

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
const lock = { lockedAt: now, reason: 'FAILED_LOGINS' } as const;
const hold = { heldAt: now, reason: 'Identity check', initiatedBy: 'admin' };
const locked: CredentialState = { ...active, lock, failedLoginCount: 5 };
const right = { passwordMatches: true, isAllowedUserType: true };
const wrong = { passwordMatches: false, isAllowedUserType: true };

const anyState: fc.Arbitrary<CredentialState> = fc.record({
  registration: fc.constantFrom('none', 'pending_disclosure', 'pending_approval', 'approved', 'rejected'),
  lock: fc.constantFrom(undefined, lock),
  hold: fc.constantFrom(undefined, hold),
  mustChangePassword: fc.boolean(),
  isDeleted: fc.boolean(),
  hasInvalidEmail: fc.boolean(),
  hasAcceptedDisclosure: fc.boolean(),
  failedLoginCount: fc.nat(10),
  failedPasswordResetCount: fc.nat(10),
  lastLoginAt: fc.constantFrom(undefined, minutes(-60)),
});
const anyPolicy = fc.record({ maxFailed: fc.integer({ min: 3, max: 10 }), autoUnlockMinutes: fc.constantFrom(0, 1, 15, 60) });

/** What the customer's sheet says, told another way: the failures since the last thing that cleared them. */
class Story {
  failuresAt: number[] = [];
  isCleared(policyInForce: { maxFailed: number; autoUnlockMinutes: number }, at: number): boolean {
    const lastFailure = this.failuresAt.at(-1);
    if (lastFailure === undefined || this.failuresAt.length < policyInForce.maxFailed) return false;
    return policyInForce.autoUnlockMinutes > 0 && at - lastFailure >= policyInForce.autoUnlockMinutes;
  }
}

const anyEvent = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ kind: 'wrong' } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: 'right' } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: 'unlock' } as const) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.nat(70) }) },
);

describe('whatever order sign-ins, unlocks and waits come in', () => {
  test('the state is what the failures since the last clearing say', () => {
    fc.assert(
      fc.property(anyPolicy, fc.array(anyEvent, { maxLength: 60 }), (rules, events) => {
        const story = new Story();
        let state = active;
        let minute = 0;
        for (const event of events) {
          if (event.kind === 'wait') minute += event.minutes;
          if (story.isCleared(rules, minute)) story.failuresAt = [];
          const wasLocked = story.failuresAt.length === rules.maxFailed;
          if (event.kind === 'unlock') {
            const decision = decideUnlock(state, rules, minutes(minute));
            expect(decision.ok).toBe(wasLocked);
            if (decision.ok) state = decision.value;
            if (wasLocked) story.failuresAt = [];
          } else if (event.kind !== 'wait') {
            const decision = decideSignIn(state, event.kind === 'right' ? right : wrong, rules, minutes(minute));
            expect(decision.kind === 'signed-in').toBe(event.kind === 'right' && !wasLocked);
            if (!wasLocked) story.failuresAt = event.kind === 'right' ? [] : [...story.failuresAt, minute];
            state = decision.state;
          }
          const shown = stateAt(state, rules, minutes(minute));
          expect(shown.failedLoginCount).toBe(story.failuresAt.length);
          expect(shown.lock !== undefined).toBe(story.failuresAt.length === rules.maxFailed);
          expect(shown.failedLoginCount).toBeLessThanOrEqual(rules.maxFailed);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('nobody gets in who is locked, on hold, not approved, deleted or must choose a new password', () => {
    fc.assert(
      fc.property(anyState, anyPolicy, fc.boolean(), fc.boolean(), (state, rules, passwordMatches, isAllowedUserType) => {
        const decision = decideSignIn(state, { passwordMatches, isAllowedUserType }, rules, now);
        const mayEnter = mayStaySignedIn(state) && passwordMatches && isAllowedUserType;
        expect(decision.kind === 'signed-in').toBe(mayEnter);
        if (state.lock !== undefined) expect(decision.state).toEqual(state);
      }),
    );
  });

  test('a sign-in changes nothing but lock, counter and last sign-in', () => {
    fc.assert(
      fc.property(anyState, anyPolicy, fc.boolean(), (state, rules, passwordMatches) => {
        const after = decideSignIn(state, { passwordMatches, isAllowedUserType: true }, rules, now).state;
        const { lock: lockAfter, failedLoginCount, lastLoginAt } = after;
        expect(after).toEqual({ ...state, lock: lockAfter, failedLoginCount, lastLoginAt });
      }),
    );
  });

  test('an unlock clears the lock and its counter, and nothing else', () => {
    fc.assert(
      fc.property(anyState, anyPolicy, (state, rules) => {
        const decision = decideUnlock(state, rules, now);
        expect(decision).toEqual(
          state.lock === undefined
            ? { ok: false, refusal: 'userNotLocked' }
            : { ok: true, value: { ...state, lock: undefined, failedLoginCount: 0 } },
        );
      }),
    );
  });
});

test('the failure that reaches the maximum locks, and says so once', () => {
  const fourth = { ...active, failedLoginCount: 4 };
  expect(decideSignIn({ ...active, failedLoginCount: 3 }, wrong, policy, now)).toMatchObject({
    reason: 'wrong_password',
    hasLocked: false,
    state: { failedLoginCount: 4, lock: undefined },
  });
  expect(decideSignIn(fourth, wrong, policy, now)).toMatchObject({
    reason: 'wrong_password',
    hasLocked: true,
    state: { failedLoginCount: 5, lock },
  });
  expect(decideSignIn(locked, wrong, policy, minutes(1))).toEqual({
    kind: 'refused',
    reason: 'locked',
    state: locked,
    hasLocked: false,
  });
});

test('a policy that became stricter locks at the next failure, with the counter at its maximum', () => {
  expect(decideSignIn({ ...active, failedLoginCount: 8 }, wrong, { ...policy, maxFailed: 3 }, now)).toMatchObject({
    hasLocked: true,
    state: { failedLoginCount: 3, lock },
  });
});

test('success resets the counter and remembers the time', () => {
  expect(decideSignIn({ ...active, failedLoginCount: 4 }, right, policy, now)).toEqual({
    kind: 'signed-in',
    state: { ...active, lastLoginAt: now },
  });
});

test('a lock ends by itself at the minute that the policy names, not before', () => {
  const rules = { maxFailed: 5, autoUnlockMinutes: 15 };
  const justBefore = new Date(minutes(15).getTime() - 1);
  expect(stateAt(locked, rules, justBefore)).toBe(locked);
  expect(stateAt(locked, rules, minutes(15))).toEqual(active);
  expect(decideSignIn(locked, right, rules, justBefore)).toMatchObject({ reason: 'locked' });
  expect(decideSignIn(locked, right, rules, minutes(15)).kind).toBe('signed-in');
  expect(decideSignIn(locked, wrong, rules, minutes(15)).state.failedLoginCount).toBe(1);
  expect(decideUnlock(locked, rules, minutes(15))).toEqual({ ok: false, refusal: 'userNotLocked' });
});

test('without such a policy a lock never ends by itself', () => {
  expect(stateAt(locked, policy, minutes(10_000_000))).toBe(locked);
});

test.each<[SignInRefusal, CredentialState, boolean]>([
  ['wrong_user_type', active, false],
  ['not_approved', { ...active, registration: 'pending_approval' }, true],
  ['not_approved', { ...active, registration: 'rejected' }, true],
  ['not_approved', { ...active, isDeleted: true }, true],
  ['on_hold', { ...active, hold }, true],
  ['must_change_password', { ...active, mustChangePassword: true }, true],
  ['locked', { ...locked, hold }, true],
])('the right password is refused as %s and counts no failure', (reason, state, isAllowedUserType) => {
  expect(decideSignIn(state, { passwordMatches: true, isAllowedUserType }, policy, now)).toEqual({
    kind: 'refused',
    reason,
    state,
    hasLocked: false,
  });
});

test('a wrong password counts for a user on hold or not yet approved as well', () => {
  for (const state of [
    { ...active, hold },
    { ...active, registration: 'pending_approval' } as const,
    { ...active, mustChangePassword: true },
  ]) {
    expect(decideSignIn(state, wrong, policy, now).state.failedLoginCount).toBe(1);
  }
});

test('active is approved and neither locked, on hold nor deleted; a password to be changed does not matter', () => {
  expect(isActive({ ...active, mustChangePassword: true })).toBe(true);
  expect(mayStaySignedIn({ ...active, mustChangePassword: true })).toBe(false);
  for (const state of [locked, { ...active, hold }, { ...active, isDeleted: true }]) expect(isActive(state)).toBe(false);
});
