import type { LockoutPolicy } from '../../../kernel/lockout-policy.ts';
import { accept, type Result, refuse } from '../../../kernel/result.ts';

/**
 * The state of a login (contract sheet "Customers", section 2). Every rule of who may sign in, what locks and what
 * unlocks is here.
 */
export interface CredentialState {
  readonly registration: 'none' | 'pending_disclosure' | 'pending_approval' | 'approved' | 'rejected';
  /** Present while locked. */
  readonly lock: { readonly lockedAt: Date; readonly reason: LockReason } | undefined;
  readonly hold:
    | { readonly heldAt: Date; readonly reason: string | undefined; readonly initiatedBy: string | undefined }
    | undefined;
  readonly mustChangePassword: boolean;
  readonly isDeleted: boolean;
  readonly hasInvalidEmail: boolean;
  readonly hasAcceptedDisclosure: boolean;
  readonly failedLoginCount: number;
  readonly failedPasswordResetCount: number;
  readonly lastLoginAt: Date | undefined;
}

export type LockReason = 'FAILED_LOGINS';

export type SignInRefusal = 'wrong_password' | 'locked' | 'on_hold' | 'not_approved' | 'must_change_password' | 'wrong_user_type';

export type SignInDecision =
  | { readonly kind: 'signed-in'; readonly state: CredentialState }
  | { readonly kind: 'refused'; readonly reason: SignInRefusal; readonly state: CredentialState; readonly hasLocked: boolean };

/** A lock that the policy ends by itself has ended once its time is over. */
export function stateAt(state: CredentialState, policy: LockoutPolicy, now: Date): CredentialState {
  if (state.lock === undefined || policy.autoUnlockMinutes === 0) return state;
  const endsAt = state.lock.lockedAt.getTime() + policy.autoUnlockMinutes * 60_000;
  return now.getTime() >= endsAt ? { ...state, lock: undefined, failedLoginCount: 0 } : state;
}

/** Active means: may sign in, but for a password that must be changed first. */
export function isActive(state: CredentialState): boolean {
  return state.registration === 'approved' && state.lock === undefined && state.hold === undefined && !state.isDeleted;
}

/** Whoever holds a refresh token of this user may go on. */
export function mayStaySignedIn(state: CredentialState): boolean {
  return isActive(state) && !state.mustChangePassword;
}

/**
 * What a sign-in does, once it is known whether the password matches. Decided under a lock of the user's row, so that
 * parallel attempts have one order: the failure that reaches the maximum locks, and nothing that comes after it gets in.
 */
export function decideSignIn(
  stored: CredentialState,
  attempt: { readonly passwordMatches: boolean; readonly isAllowedUserType: boolean },
  policy: LockoutPolicy,
  now: Date,
): SignInDecision {
  const state = stateAt(stored, policy, now);
  const refused = (reason: SignInRefusal): SignInDecision => ({ kind: 'refused', reason, state, hasLocked: false });
  if (state.lock !== undefined) return refused('locked');
  if (!attempt.passwordMatches) return countFailure(state, policy, now);
  if (!attempt.isAllowedUserType) return refused('wrong_user_type');
  if (state.registration !== 'approved' || state.isDeleted) return refused('not_approved');
  if (state.hold !== undefined) return refused('on_hold');
  if (state.mustChangePassword) return refused('must_change_password');
  return { kind: 'signed-in', state: { ...state, failedLoginCount: 0, lastLoginAt: now } };
}

function countFailure(state: CredentialState, policy: LockoutPolicy, now: Date): SignInDecision {
  // The policy may have become stricter since the last failure.
  const failedLoginCount = Math.min(state.failedLoginCount + 1, policy.maxFailed);
  const hasLocked = failedLoginCount >= policy.maxFailed;
  const lock = hasLocked ? ({ lockedAt: now, reason: 'FAILED_LOGINS' } as const) : undefined;
  return { kind: 'refused', reason: 'wrong_password', state: { ...state, failedLoginCount, lock }, hasLocked };
}

/** U4: ends the lock and clears its counter. Password, hold and the duty to change the password stay. */
export function decideUnlock(
  stored: CredentialState,
  policy: LockoutPolicy,
  now: Date,
): Result<CredentialState, 'userNotLocked'> {
  const state = stateAt(stored, policy, now);
  if (state.lock === undefined) return refuse('userNotLocked');
  return accept({ ...state, lock: undefined, failedLoginCount: 0 });
}
