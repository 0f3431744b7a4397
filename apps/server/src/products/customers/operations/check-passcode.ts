import { timingSafeEqual } from 'node:crypto';
import type { Institution } from '../../../kernel/institution.ts';
import type { KeyRing } from '../../../platform/keys/key-ring.ts';
import { randomAlphanumeric } from '../../../platform/keys/random-text.ts';
import type { Write } from '../../../platform/transactions/unit-of-work.ts';
import { mayResetPassword, normalisePasscode } from '../domain/password-reset.ts';
import { lockCredential } from '../store/credentials.ts';
import {
  addFailure,
  countFailures,
  endLivePasscode,
  openSession,
  type ReservedTry,
  reserveTry,
} from '../store/password-resets.ts';
import { hashPasscode } from './issue-passcode.ts';

export interface PasscodeEntry {
  readonly institution: Institution;
  /** undefined when nobody has the login name that was given: the same work is done, and nothing found. */
  readonly institutionUserId: string | undefined;
  readonly passcode: string;
  readonly now: Date;
}

export interface ResetSession {
  /** A secret of 190 bits that can only set the password, once. */
  readonly session: string;
  readonly expiresInSeconds: number;
}

const sessionLength = 32;
/** No user has this id: upper hexadecimal digits are never all zero by chance. */
const nobody = '0'.repeat(32);

/** A right passcode opens a session; whatever else it is, the answer is undefined and the reason is in the activity log. */
export async function checkPasscode(keyRing: KeyRing, write: Write, entry: PasscodeEntry): Promise<ResetSession | undefined> {
  const { institution, now } = entry;
  const { institutionId } = institution;
  const institutionUserId = entry.institutionUserId ?? nobody;
  const policy = institution.policies.passcodes;
  const locked = await lockCredential(write.sql, institutionId, institutionUserId);
  const failures = await countFailures(write.sql, institutionId, institutionUserId, now);
  const mayTry = locked !== undefined && mayResetPassword(locked.user.state) && failures < policy.triesPerDay;
  const reserved = await reserveTry(write.sql, institutionId, mayTry ? institutionUserId : nobody, policy.triesPerPasscode, now);
  const isRight = reserved !== undefined && matches(keyRing, institutionId, institutionUserId, reserved, entry.passcode);
  if (isRight) return accepted(keyRing, write, entry, institutionUserId, reserved);
  // Counted for nobody when there was nothing to try: whether there was must not show in the time that it takes.
  const counted = await addFailure(write.sql, institutionId, reserved === undefined ? nobody : institutionUserId, now);
  const total = reserved === undefined ? failures : counted;
  const isOver = reserved !== undefined && (reserved.tries >= policy.triesPerPasscode || total >= policy.triesPerDay);
  if (isOver) await endLivePasscode(write.sql, institutionId, institutionUserId, 'too_many_tries', now);
  await write.audit('passcode_wrong', {
    institutionUserId: entry.institutionUserId,
    details: { reason: reserved === undefined ? 'none_live' : 'wrong', failuresInDay: total, hasEnded: isOver },
  });
  return undefined;
}

function matches(
  keyRing: KeyRing,
  institutionId: string,
  institutionUserId: string,
  { passwordResetId, contactMethodId, passcodeHash }: ReservedTry,
  passcode: string,
): boolean {
  const binding = { institutionId, passwordResetId, institutionUserId, contactMethodId };
  return timingSafeEqual(passcodeHash, hashPasscode(keyRing, binding, normalisePasscode(passcode)));
}

async function accepted(
  keyRing: KeyRing,
  write: Write,
  { institution, now }: PasscodeEntry,
  institutionUserId: string,
  { passwordResetId, contactMethodId }: ReservedTry,
): Promise<ResetSession | undefined> {
  const session = randomAlphanumeric(sessionLength);
  const expiresInSeconds = institution.policies.passcodes.lifetimeMinutes * 60;
  const isOpened = await openSession(write.sql, institution.institutionId, passwordResetId, {
    hash: keyRing.hmac('reset-session', session),
    openedAt: now,
    expiresAt: new Date(now.getTime() + expiresInSeconds * 1000),
  });
  if (!isOpened) return undefined;
  await write.audit('passcode_accepted', { institutionUserId, details: { contactMethodId } });
  return { session, expiresInSeconds };
}
