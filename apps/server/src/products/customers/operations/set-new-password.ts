import { checkPassword } from '../../../kernel/credential-policy.ts';
import type { Institution } from '../../../kernel/institution.ts';
import { toInstitutionDateTime } from '../../../kernel/institution-time.ts';
import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { Sql } from '../../../platform/db/database.ts';
import { randomAlphanumeric } from '../../../platform/keys/random-text.ts';
import type { Write } from '../../../platform/transactions/unit-of-work.ts';
import type { InstitutionUser } from '../domain/institution-user.ts';
import { mayResetPassword, recipientsOfNotice } from '../domain/password-reset.ts';
import { listContactMethods } from '../store/contact-methods.ts';
import { lockCredential } from '../store/credentials.ts';
import { findUserById } from '../store/institution-users.ts';
import {
  consumeSession,
  endLivePasscode,
  endSessionsForPassword,
  findSessionUser,
  saveResetCredential,
} from '../store/password-resets.ts';
import type { CustomersParts } from './customers-parts.ts';

export interface NewPassword {
  readonly sql: Sql;
  readonly institution: Institution;
  readonly now: Date;
  readonly session: string;
  readonly password: string;
  /** When given, the session must be this user's. */
  readonly institutionUserId?: string | undefined;
  /** Runs a transaction of the caller. */
  readonly write: <Value>(work: (write: Write) => Promise<Value>) => Promise<Value>;
}

type SetParts = Pick<
  CustomersParts,
  'hasher' | 'keyRing' | 'queueMessage' | 'canSend' | 'publicUrl' | 'endSessions' | 'publishEvent'
>;

const disownLength = 32;
const disownDays = 7;

/**
 * Sets the password that a reset session is for. The policy is asked first and the password hashed outside the
 * transaction; the session is used up in the transaction that saves it.
 */
export async function setNewPassword(
  parts: SetParts,
  request: NewPassword,
): Promise<Result<undefined, 'sessionRefused' | 'passwordRefused'>> {
  const { sql, institution, now } = request;
  const { institutionId } = institution;
  const sessionHash = parts.keyRing.hmac('reset-session', request.session);
  const institutionUserId = await findSessionUser(sql, institutionId, sessionHash, now);
  const isOther = request.institutionUserId !== undefined && request.institutionUserId !== institutionUserId;
  if (institutionUserId === undefined || isOther) return refuse('sessionRefused');
  const user = await findUserById(sql, institutionId, institutionUserId);
  if (user === undefined) return refuse('sessionRefused');
  if (!checkPassword(request.password, user.loginName, institution.policies.credentials).ok) return refuse('passwordRefused');
  const password = await parts.hasher.hash(request.password);
  return request.write(async (write) => {
    const locked = await lockCredential(write.sql, institutionId, institutionUserId);
    if (locked === undefined || !mayResetPassword(locked.user.state)) return refuse('sessionRefused');
    const disownToken = randomAlphanumeric(disownLength);
    const usedMethod = await consumeSession(write.sql, institutionId, sessionHash, now, {
      hash: parts.keyRing.hmac('reset-session', `disown ${disownToken}`),
      expiresAt: new Date(now.getTime() + disownDays * 86_400_000),
    });
    if (usedMethod === undefined) return refuse('sessionRefused');
    await saveResetCredential(write.sql, institutionId, institutionUserId, password);
    await endLivePasscode(write.sql, institutionId, institutionUserId, 'used', now);
    await endSessionsForPassword(write.sql, institutionId, institutionUserId);
    await parts.endSessions(write, institutionId, institutionUserId, now);
    await write.audit('password_changed', {
      institutionUserId,
      details: { by: 'passcode', contactMethodId: usedMethod, wasLocked: locked.user.state.lock !== undefined },
    });
    await parts.publishEvent(write, { kind: 'password-changed', institutionId, occurredAt: now, institutionUserId });
    await tellOthers(parts, write, { institution, user: locked.user, now, usedMethod, disownToken });
    return accept(undefined);
  });
}

interface Told {
  readonly institution: Institution;
  readonly user: InstitutionUser;
  readonly now: Date;
  readonly usedMethod: string;
  readonly disownToken: string;
}

async function tellOthers(
  parts: SetParts,
  write: Write,
  { institution, user, now, usedMethod, disownToken }: Told,
): Promise<void> {
  const { institutionId, institutionUserId } = user;
  const methods = await listContactMethods(write.sql, institutionId, institutionUserId);
  const changedAt = toInstitutionDateTime(now, institution.timeZone).slice(0, 16).replace('T', ' at ');
  const notMeUrl = `${parts.publicUrl()}/recover/not-me?institution=${institutionId}&token=${disownToken}`;
  for (const { channel, recipient } of recipientsOfNotice(methods, usedMethod)) {
    if (!parts.canSend(channel)) continue;
    await parts.queueMessage(write.sql, {
      institution,
      now,
      channel,
      recipient,
      template: 'password-changed',
      values: { changedAt, notMeUrl },
      institutionUserId,
    });
  }
}
