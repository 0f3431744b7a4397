import { randomUUID } from 'node:crypto';
import type { Institution } from '../../../kernel/institution.ts';
import type { Sql } from '../../../platform/db/database.ts';
import type { Clock } from '../../../platform/institutions/clock.ts';
import type { InstitutionDirectory } from '../../../platform/institutions/institution-directory.ts';
import { addJob } from '../../../platform/jobs/add-job.ts';
import type { Job } from '../../../platform/jobs/job-runner.ts';
import { open, seal } from '../../../platform/keys/sealed-box.ts';
import type { RunWrite, Write } from '../../../platform/transactions/unit-of-work.ts';
import { chooseDefaultTarget, type PasscodeChannel } from '../domain/password-reset.ts';
import { parseLoginName } from '../domain/path-identifier.ts';
import { listContactMethods } from '../store/contact-methods.ts';
import { lockCredential, lockLoginName } from '../store/credentials.ts';
import { findUserByLogin } from '../store/institution-users.ts';
import {
  deleteOldPasswordResets,
  endLivePasscode,
  endSessionsForPassword,
  findDisowner,
  holdUser,
} from '../store/password-resets.ts';
import { checkPasscode } from './check-passcode.ts';
import type { CustomersParts } from './customers-parts.ts';
import { issuePasscode } from './issue-passcode.ts';
import { setNewPassword } from './set-new-password.ts';

/** Somebody who looks at the pages of an institution. */
export interface Visit {
  readonly institution: Institution;
  /** Where the visitor comes from, for the activity log. */
  readonly address: string;
}

/** What the hosted recovery page does; the page itself is HTML and knows no rules. */
export interface RecoveryFlow {
  /** Asks for a passcode. Whether somebody has that login name is looked up later, where no caller can see or time it. */
  request(visit: Visit, loginName: string, wish: PasscodeChannel | undefined): Promise<void>;
  /** @returns The session that a right passcode opens. */
  enter(visit: Visit, loginName: string, passcode: string): Promise<string | undefined>;
  complete(visit: Visit, session: string, password: string): Promise<'done' | 'sessionRefused' | 'passwordRefused'>;
  /** "This was not me": ends all access of the user. @returns false when the link is unknown or too old. */
  disown(visit: Visit, token: string): Promise<boolean>;
  readonly jobs: readonly Job[];
}

export interface RecoveryParts extends CustomersParts {
  readonly sql: Sql;
  readonly runWrite: RunWrite;
  readonly clock: Clock;
  readonly institutions: InstitutionDirectory;
}

const jobName = 'send_requested_passcode';
const daysOfResets = 30;
/** More than any statement and any lock may take. */
const longestSendMs = 60_000;

export function createRecoveryFlow(parts: RecoveryParts): RecoveryFlow {
  const { sql, keyRing, clock, institutions } = parts;
  const writeIn =
    ({ institution, address }: Visit, operation: string) =>
    <Value>(work: (write: Write) => Promise<Value>): Promise<Value> =>
      parts.runWrite({ institutionId: institution.institutionId, now: clock.now(institution), operation, address }, work);

  return {
    request: async ({ institution, address }, loginName, wish) => {
      const { institutionId } = institution;
      // A login name and an address are personal: in the queue they are sealed.
      const id = randomUUID();
      const askedAt = clock.now(institution).toISOString();
      const content = Buffer.from(JSON.stringify({ loginName, address, askedAt }));
      const sealed = seal(keyRing.key('reset-session'), requestContext(institutionId, id), content);
      await addJob(sql, jobName, { institutionId, id, sealed: sealed.toString('base64'), wish: wish ?? '' });
    },
    enter: async (visit, loginName, passcode) => {
      const { institution } = visit;
      const opened = await writeIn(
        visit,
        'recoverPassword',
      )(async (write) => {
        const login = parseLoginName(loginName) ?? '';
        // Tries at once wait for each other whether or not somebody has that name: else the wait itself would tell.
        await lockLoginName(write.sql, institution.institutionId, login);
        const user = await findUserByLogin(write.sql, institution.institutionId, login);
        return checkPasscode(keyRing, write, {
          institution,
          institutionUserId: user?.institutionUserId,
          passcode,
          now: clock.now(institution),
        });
      });
      return opened?.session;
    },
    complete: async (visit, session, password) => {
      const { institution } = visit;
      const now = clock.now(institution);
      const write = writeIn(visit, 'recoverPassword');
      const outcome = await setNewPassword(parts, { sql, institution, now, session, password, write });
      return outcome.ok ? 'done' : outcome.refusal;
    },
    disown: (visit, token) => writeIn(visit, 'disownPasswordChange')((write) => disown(parts, write, visit.institution, token)),
    jobs: [
      { name: jobName, endsWithinMs: longestSendMs, run: (payload) => sendRequested(parts, payload) },
      {
        name: 'delete_old_password_resets',
        schedule: '27 * * * *',
        run: async () => {
          for (const institution of institutions.all()) {
            const before = new Date(clock.now(institution).getTime() - daysOfResets * 86_400_000);
            await deleteOldPasswordResets(sql, institution.institutionId, before);
          }
        },
      },
    ],
  };
}

function requestContext(institutionId: string, id: string): string {
  return `passcode request ${institutionId} ${id}`;
}

async function sendRequested(parts: RecoveryParts, payload: unknown): Promise<void> {
  const institution = parts.institutions.find(textIn(payload, 'institutionId'));
  if (institution === undefined) return;
  const { institutionId } = institution;
  const context = requestContext(institutionId, textIn(payload, 'id'));
  const sealed = Buffer.from(textIn(payload, 'sealed'), 'base64');
  const request: unknown = JSON.parse(open(parts.keyRing.key('reset-session'), context, sealed).toString('utf8'));
  const wish = channels.find((channel) => channel === textIn(payload, 'wish'));
  const now = parts.clock.now(institution);
  const address = textIn(request, 'address');
  const askedAt = new Date(textIn(request, 'askedAt'));
  const isForgotten = now.getTime() - askedAt.getTime() > institution.policies.passcodes.lifetimeMinutes * 60_000;
  await parts.runWrite({ institutionId, now, operation: 'recoverPassword', address }, async (write) => {
    const found = await findUserByLogin(write.sql, institutionId, parseLoginName(textIn(request, 'loginName')) ?? '');
    if (isForgotten) {
      // Nobody waits for it any more; out of the blue it would frighten.
      const details = { reason: 'asked_too_long_ago' };
      return write.audit('passcode_refused', { institutionUserId: found?.institutionUserId, details });
    }
    const locked = found && (await lockCredential(write.sql, institutionId, found.institutionUserId));
    if (locked === undefined) return write.audit('passcode_refused', { details: { reason: 'unknown_login' } });
    const methods = await listContactMethods(write.sql, institutionId, locked.user.institutionUserId);
    const target = chooseDefaultTarget(methods, wish, institution.policies.passcodes, now);
    if (target === undefined) {
      return write.audit('passcode_refused', {
        institutionUserId: locked.user.institutionUserId,
        details: { reason: 'no_contact_method' },
      });
    }
    await issuePasscode(parts, write, { institution, user: locked.user, methods, target, now, askedAt });
  });
}

function textIn(from: unknown, name: string): string {
  const value: unknown = typeof from === 'object' && from !== null ? Reflect.get(from, name) : undefined;
  return typeof value === 'string' ? value : '';
}

const channels: readonly PasscodeChannel[] = ['SMS', 'VOICE', 'EMAIL'];

async function disown(parts: RecoveryParts, write: Write, institution: Institution, token: string): Promise<boolean> {
  const { institutionId } = institution;
  const now = parts.clock.now(institution);
  const hash = parts.keyRing.hmac('reset-session', `disown ${token}`);
  const institutionUserId = await findDisowner(write.sql, institutionId, hash, now);
  if (institutionUserId === undefined) return false;
  const hold = { heldAt: now, reason: 'PASSWORD_CHANGE_DISOWNED', initiatedBy: 'customer' };
  const isNew = await holdUser(write.sql, institutionId, institutionUserId, hold);
  await endLivePasscode(write.sql, institutionId, institutionUserId, 'disowned', now);
  await endSessionsForPassword(write.sql, institutionId, institutionUserId);
  await parts.endSessions(write, institutionId, institutionUserId, now);
  if (isNew) await write.audit('user_held', { institutionUserId, details: { reason: hold.reason, by: 'customer' } });
  return true;
}
