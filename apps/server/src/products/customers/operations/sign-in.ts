import type { Institution } from '../../../kernel/institution.ts';
import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { Sql } from '../../../platform/db/database.ts';
import type { PasswordHasher } from '../../../platform/passwords/password-hasher.ts';
import type { Metrics } from '../../../platform/telemetry/metrics.ts';
import type { Write } from '../../../platform/work/unit-of-work.ts';
import { decideSignIn } from '../domain/credential-state.ts';
import type { InstitutionUser, ReachedCustomer } from '../domain/institution-user.ts';
import {
  findCredentialByLogin,
  lockCredential,
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
export function createSignIn(hasher: PasswordHasher, metrics: Metrics): SignIn {
  return async (request) => {
    const { institution, password, sql } = request;
    const credential = await findCredentialByLogin(sql, institution.institutionId, request.loginName);
    const passwordMatches = await hasher.verify(credential?.password, password);
    if (credential === undefined) {
      await request.write((write) => write.audit('user_sign_in_failed', { details: { reason: 'unknown_login' } }));
      metrics.signInEnded('refused');
      return refuse('refused');
    }
    const rehashed =
      passwordMatches && credential.password !== undefined && hasher.needsRehash(credential.password)
        ? await hasher.hash(password)
        : undefined;
    const outcome = await request.write(async (write) => {
      const signedIn = await settle(write, request, credential, passwordMatches);
      if (!signedIn.ok) return signedIn;
      if (rehashed !== undefined) await savePassword(write.sql, signedIn.value, rehashed);
      const customers = await listReachedCustomers(write.sql, institution.institutionId, signedIn.value.institutionUserId);
      return accept(await request.onSuccess(write, { user: signedIn.value, customers }));
    });
    if (outcome.ok) metrics.signInEnded('success');
    else metrics.signInEnded(outcome.refusal === 'locked' ? 'locked' : 'refused');
    return outcome.ok ? outcome : refuse('refused');
  };
}

async function settle(
  write: Write,
  { institution, now, userTypes }: Pick<SignInRequest<unknown>, 'institution' | 'now' | 'userTypes'>,
  verified: UserCredential,
  passwordMatches: boolean,
): Promise<Result<InstitutionUser, 'refused' | 'locked'>> {
  const { institutionUserId } = verified.user;
  const locked = await lockCredential(write.sql, institution.institutionId, institutionUserId);
  if (locked === undefined) return refuse('refused');
  // A password that was changed while we hashed no longer opens anything.
  const isSamePassword = locked.password?.passwordHash === verified.password?.passwordHash;
  const attempt = {
    passwordMatches: passwordMatches && isSamePassword,
    isAllowedUserType: userTypes.includes(locked.user.userType),
  };
  const decision = decideSignIn(locked.user.state, attempt, institution.policies.lockout, now);
  if (decision.kind === 'signed-in') {
    await saveSignInState(write.sql, locked.user, decision.state);
    await write.audit('user_signed_in', { institutionUserId });
    return accept({ ...locked.user, state: decision.state });
  }
  if (decision.reason === 'wrong_password') await saveSignInState(write.sql, locked.user, decision.state);
  await write.audit('user_sign_in_failed', {
    institutionUserId,
    details: { reason: decision.reason, failedLoginCount: decision.state.failedLoginCount },
  });
  if (decision.hasLocked) {
    await write.audit('user_locked', {
      institutionUserId,
      details: { reason: 'FAILED_LOGINS', failedLoginCount: decision.state.failedLoginCount },
    });
  }
  return refuse(decision.reason === 'locked' || decision.hasLocked ? 'locked' : 'refused');
}
