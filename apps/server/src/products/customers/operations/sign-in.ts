import type { Institution } from '../../../kernel/institution.ts';
import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { Sql } from '../../../platform/db/database.ts';
import { HasherBusyError, type PasswordHasher } from '../../../platform/passwords/password-hasher.ts';
import type { Metrics } from '../../../platform/telemetry/metrics.ts';
import type { PublishEvent } from '../../../platform/transactions/publish-event.ts';
import type { Write } from '../../../platform/transactions/unit-of-work.ts';
import { decideSignIn } from '../domain/credential-state.ts';
import type { InstitutionUser, ReachedCustomer } from '../domain/institution-user.ts';
import {
  findCredentialByLogin,
  lockCredential,
  lockLoginName,
  savePassword,
  saveSignInState,
  type UserCredential,
} from '../store/credentials.ts';
import { listReachedCustomers } from '../store/institution-users.ts';

export interface SignInRequest<Value> {
  readonly sql: Sql;
  readonly institution: Institution;
  readonly now: Date;
  readonly loginName: string;
  readonly password: string;
  readonly userTypes: readonly InstitutionUser['userType'][];
  /** Runs a transaction of the calling operation. */
  readonly write: <T>(work: (write: Write) => Promise<T>) => Promise<T>;
  /** What a successful sign-in gives, written in the same transaction as the sign-in. */
  readonly onSuccess: (write: Write, user: SignedInUser) => Promise<Value>;
}

export interface SignedInUser {
  readonly user: InstitutionUser;
  readonly customers: readonly ReachedCustomer[];
}

export type SignIn = <Value>(request: SignInRequest<Value>) => Promise<Result<Value, 'refused'>>;

/**
 * The one verifier of login name and password. Why a sign-in was refused is in the activity log only: an unknown user,
 * a wrong password and a locked user cost the same hash and the same kind of transaction, and answer the same.
 * The password is verified before the user's row is locked; the outcome is settled under that lock.
 */
export function createSignIn(hasher: PasswordHasher, metrics: Metrics, publishEvent: PublishEvent): SignIn {
  return async (request) => {
    const outcome = await tryUntilSettled({ hasher, publishEvent }, request).catch((error: unknown) => {
      if (error instanceof HasherBusyError) metrics.signInEnded('busy');
      throw error;
    });
    if (outcome.ok) metrics.signInEnded('success');
    else metrics.signInEnded(outcome.refusal === 'locked' ? 'locked' : 'refused');
    return outcome.ok ? outcome : refuse('refused');
  };
}

/** A stored password that changes again and again while it is verified is nobody's honest sign-in. */
const mostTries = 3;

/**
 * What is stored may change while we hash: the user chose another password, or a sign-in at the same moment stored the
 * same one anew. The password is then verified against what is stored now; only the last try counts.
 */
interface SignInParts {
  readonly hasher: PasswordHasher;
  readonly publishEvent: PublishEvent;
}

async function tryUntilSettled<Value>(
  parts: SignInParts,
  request: SignInRequest<Value>,
): Promise<Result<Value, 'refused' | 'locked'>> {
  for (let triesLeft = mostTries; ; triesLeft -= 1) {
    const outcome = await trySignIn(parts, request, triesLeft <= 1);
    if (outcome.ok) return outcome;
    if (outcome.refusal !== 'changed') return refuse(outcome.refusal);
  }
}

async function trySignIn<Value>(
  { hasher, publishEvent }: SignInParts,
  request: SignInRequest<Value>,
  isLastTry: boolean,
): Promise<Result<Value, 'refused' | 'locked' | 'changed'>> {
  const { institution, password, sql } = request;
  const credential = await findCredentialByLogin(sql, institution.institutionId, request.loginName);
  const passwordMatches = await hasher.verify(credential?.password, password);
  if (credential === undefined) {
    await request.write(async (write) => {
      // Attempts on a known login wait for each other on its row; so do these, or their number would tell them apart.
      await lockLoginName(write.sql, institution.institutionId, request.loginName);
      await write.audit('user_sign_in_failed', { details: { reason: 'unknown_login' } });
    });
    return refuse('refused');
  }
  const rehashed =
    passwordMatches && credential.password !== undefined && hasher.needsRehash(credential.password)
      ? await hasher.hash(password)
      : undefined;
  return request.write(async (write) => {
    const signedIn = await settle(write, publishEvent, request, credential, passwordMatches, isLastTry);
    if (!signedIn.ok) return signedIn;
    if (rehashed !== undefined) await savePassword(write.sql, signedIn.value.user, rehashed);
    return accept(await request.onSuccess(write, signedIn.value));
  });
}

async function settle(
  write: Write,
  publishEvent: PublishEvent,
  { institution, now, userTypes }: Pick<SignInRequest<unknown>, 'institution' | 'now' | 'userTypes'>,
  verified: UserCredential,
  passwordMatches: boolean,
  isLastTry: boolean,
): Promise<Result<SignedInUser, 'refused' | 'locked' | 'changed'>> {
  const { institutionUserId } = verified.user;
  const locked = await lockCredential(write.sql, institution.institutionId, institutionUserId);
  if (locked === undefined) return refuse('refused');
  // A password that was changed while we hashed no longer opens anything.
  const isSamePassword = locked.password?.passwordHash === verified.password?.passwordHash;
  if (!isSamePassword && !isLastTry) return refuse('changed');
  const attempt = {
    passwordMatches: passwordMatches && isSamePassword,
    isAllowedUserType: userTypes.includes(locked.user.userType),
  };
  const decision = decideSignIn(locked.user.state, attempt, institution.policies.lockout, now);
  // The statements go out together: the connection keeps their order, and the database is waited for once.
  const { state } = decision;
  const hasAutoUnlocked = locked.user.state.lock !== undefined && state.lock !== locked.user.state.lock;
  const tell = (kind: 'signed-in' | 'locked' | 'unlocked'): Promise<void> =>
    publishEvent(write, { kind, institutionId: institution.institutionId, occurredAt: now, institutionUserId });
  const unlocked = hasAutoUnlocked
    ? [write.audit('user_unlocked', { institutionUserId, details: { by: 'policy' } }), tell('unlocked')]
    : [];
  if (decision.kind === 'signed-in') {
    const [customers] = await Promise.all([
      listReachedCustomers(write.sql, institution.institutionId, institutionUserId),
      saveSignInState(write.sql, locked.user, state),
      ...unlocked,
      write.audit('user_signed_in', { institutionUserId }),
      tell('signed-in'),
    ]);
    return accept({ user: { ...locked.user, state }, customers });
  }
  const { reason, hasLocked } = decision;
  const { failedLoginCount } = state;
  await Promise.all([
    ...unlocked,
    ...(reason === 'wrong_password' ? [saveSignInState(write.sql, locked.user, state)] : []),
    write.audit('user_sign_in_failed', { institutionUserId, details: { reason, failedLoginCount } }),
    ...(hasLocked
      ? [
          write.audit('user_locked', { institutionUserId, details: { reason: 'FAILED_LOGINS', failedLoginCount } }),
          tell('locked'),
        ]
      : []),
  ]);
  return refuse(reason === 'locked' || hasLocked ? 'locked' : 'refused');
}
