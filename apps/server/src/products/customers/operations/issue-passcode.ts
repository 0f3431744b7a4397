import { randomInt, randomUUID } from 'node:crypto';
import type { Institution } from '../../../kernel/institution.ts';
import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { KeyRing } from '../../../platform/keys/key-ring.ts';
import type { Write } from '../../../platform/transactions/unit-of-work.ts';
import type { ContactMethod } from '../domain/contact-method.ts';
import type { InstitutionUser } from '../domain/institution-user.ts';
import { decideSend, type PasscodeTarget, type SendRefusal } from '../domain/password-reset.ts';
import { countFailures, countSends, lockRecipient, replacePasscode } from '../store/password-resets.ts';
import type { CustomersParts } from './customers-parts.ts';

export interface PasscodeIssue {
  readonly institution: Institution;
  /** Locked by the caller. */
  readonly user: InstitutionUser;
  readonly methods: readonly ContactMethod[];
  readonly target: PasscodeTarget;
  readonly now: Date;
  /** When it was asked for, if that was some time ago: work that is done again sends nothing again. */
  readonly askedAt?: Date;
}

type Outcome = Result<'send' | 'not yet', SendRefusal | 'no_provider'>;

/**
 * Makes a passcode and queues its message, or says in the activity log why not. Code and message are one transaction:
 * a code that nobody gets, or two good ones, cannot be.
 */
export async function issuePasscode(
  parts: Pick<CustomersParts, 'keyRing' | 'queueMessage' | 'canSend'>,
  write: Write,
  issue: PasscodeIssue,
): Promise<Outcome> {
  const { institution, user, target, now } = issue;
  const { institutionId, institutionUserId } = user;
  const policy = institution.policies.passcodes;
  const recipientIndex = parts.keyRing.hmac('message-recipient', `passcode ${institutionId} ${target.recipient.toLowerCase()}`);
  await lockRecipient(write.sql, institutionId, recipientIndex);
  const sends = await countSends(
    write.sql,
    { institutionId, institutionUserId, recipientIndex },
    now,
    policy.institutionSendsPerDay,
  );
  const failures = await countFailures(write.sql, institutionId, institutionUserId, now);
  const decision = decideSend({
    ...{ state: user.state, methods: issue.methods, target, sends, failures, policy, now },
    askedAt: issue.askedAt ?? now,
  });
  const outcome: Outcome =
    decision.ok && decision.value === 'send' && !parts.canSend(target.channel) ? refuse('no_provider') : decision;
  const about = { channel: target.channel, contactMethodId: target.contactMethodId };
  if (!outcome.ok) {
    await write.audit('passcode_refused', { institutionUserId, details: { ...about, reason: outcome.refusal } });
    return outcome;
  }
  if (outcome.value === 'not yet') return outcome;
  await makePasscode(parts, write, issue, recipientIndex);
  await write.audit('passcode_sent', { institutionUserId, details: about });
  return accept('send');
}

async function makePasscode(
  { keyRing, queueMessage }: Pick<CustomersParts, 'keyRing' | 'queueMessage'>,
  write: Write,
  { institution, user, target, now }: PasscodeIssue,
  recipientIndex: Buffer,
): Promise<void> {
  const { institutionId, institutionUserId } = user;
  const { digits, lifetimeMinutes } = institution.policies.passcodes;
  const passcode = String(randomInt(10 ** digits)).padStart(digits, '0');
  const passwordResetId = randomUUID();
  const { contactMethodId, channel, recipient } = target;
  await replacePasscode(write.sql, {
    institutionId,
    passwordResetId,
    institutionUserId,
    contactMethodId,
    channel,
    recipientIndex,
    passcodeHash: hashPasscode(keyRing, { institutionId, passwordResetId, institutionUserId, contactMethodId }, passcode),
    sentAt: now,
    expiresAt: new Date(now.getTime() + lifetimeMinutes * 60_000),
  });
  await queueMessage(write.sql, {
    institution,
    now,
    channel,
    recipient,
    template: 'passcode',
    values: { passcode, minutes: String(lifetimeMinutes) },
    institutionUserId,
    usableForSeconds: lifetimeMinutes * 60,
  });
}

export interface PasscodeBinding {
  readonly institutionId: string;
  readonly passwordResetId: string;
  readonly institutionUserId: string;
  readonly contactMethodId: string;
}

/** The digits alone could be tried out in a second; the key, which is not in the database, is what hides them. */
export function hashPasscode(keyRing: KeyRing, to: PasscodeBinding, passcode: string): Buffer {
  const binding = [to.institutionId, to.passwordResetId, to.institutionUserId, to.contactMethodId];
  return keyRing.hmac('passcode', [...binding, passcode].join(' '));
}
