import { randomUUID } from 'node:crypto';
import { hash } from '@node-rs/argon2';
import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { advanceClock, setClock } from '@openbranch/testkit/sandbox-calls';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { listActivities, lockUser, readCredential } from '@openbranch/testkit/user-state';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parsePolicies } from '../../../kernel/policies.ts';
import { createPasswordHasher, type PasswordHasher } from '../../../platform/passwords/password-hasher.ts';
import { createMetrics } from '../../../platform/telemetry/metrics.ts';
import { createRunWrite } from '../../../platform/transactions/unit-of-work.ts';
import { createSignIn } from './sign-in.ts';

let app: TestApp;
let api: ApiCaller;
let pat: Customer;
const institutionId = '00042';

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits });
  api = createApiCaller(app);
  pat = api.customer({ state: 'active' });
});
beforeEach(async () => {
  await app.database.sql`
    update credentials set is_locked = false, locked_at = null, lock_reason = null, failed_login_count = 0
    where institution_id = ${institutionId} and institution_user_id = ${pat.institutionUserId}`;
  await app.database.sql`delete from activities where institution_id = ${institutionId}`;
});
afterAll(() => app.close());

const key = () => ({ institutionId, institutionUserId: pat.institutionUserId });
const stateOf = () => readCredential(app.database.sql, key());
const activities = () => listActivities(app.database.sql, key());
const kinds = async () => (await activities()).map(({ kind }) => kind);
const wrong = () => api.signIn(pat.loginId, 'wrong-password-1');
const right = () => api.signIn(pat.loginId, pat.password);
const setPolicy = (maxFailed: number, autoUnlockMinutes = 0) =>
  api.control('PUT', '/policies/lockout', { maxFailed, autoUnlockMinutes });

test('a wrong password is counted once and told in the activity log, without any name or password', async () => {
  expect((await wrong()).statusCode).toBe(401);
  expect(await stateOf()).toMatchObject({ failed_login_count: 1, is_locked: false });
  expect(await activities()).toMatchObject([
    {
      kind: 'user_sign_in_failed',
      client_id: api.application('mobile').clientId,
      operation: 'requestToken',
      // Where it came from: what an investigation of guessed passwords starts with.
      address: '127.0.0.1',
      details: { reason: 'wrong_password', failedLoginCount: 1 },
    },
  ]);
});

test('a lock that the policy ends by itself is told as ended in the activity log, before the sign-in', async () => {
  await lockUser(app.database.sql, key());
  await setPolicy(5, 15);
  await api.control('POST', '/clock:advance', { seconds: 15 * 60 });
  expect((await right()).statusCode).toBe(200);
  expect((await kinds()).slice(0, 2)).toEqual(['user_unlocked', 'user_signed_in']);
  expect((await activities())[0]?.details).toEqual({ by: 'policy' });
  await setPolicy(5);
  await setClock(app, institutionId, new Date().toISOString());
});

test('V1 and V2 sign-ins count into the same ledger', async () => {
  for (const attempt of [1, 2]) {
    await wrong();
    await api.signInV1(pat.loginId, 'wrong-password-1');
    expect(await stateOf()).toMatchObject({ failed_login_count: attempt * 2 });
  }
  expect((await api.signInV1(pat.loginId, pat.password)).statusCode).toBe(200);
  expect(await stateOf()).toMatchObject({ failed_login_count: 0 });
});

test('success resets the counter, remembers the time and is told with the token that was granted', async () => {
  await wrong();
  // A clock that earlier tests set by a call stands some milliseconds behind the machine's.
  const before = Date.parse((await api.control('GET', '/clock')).json().now);
  expect((await right()).statusCode).toBe(200);
  const { last_login_at: lastLoginAt, ...state } = await stateOf();
  expect(state).toMatchObject({ failed_login_count: 0, is_locked: false });
  expect(lastLoginAt?.getTime()).toBeGreaterThanOrEqual(before);
  expect(await kinds()).toEqual(['user_sign_in_failed', 'user_signed_in', 'token_granted']);
});

test('an unknown login name is told without a user and without the name', async () => {
  await api.signIn('nobody.of.that.name', pat.password);
  const rows = await app.database.sql<{ kind: string; institution_user_id: string | null; details: unknown }[]>`
    select kind, institution_user_id, details from activities where institution_id = ${institutionId}`;
  expect(rows).toEqual([{ kind: 'user_sign_in_failed', institution_user_id: null, details: { reason: 'unknown_login' } }]);
});

describe('the policy of the institution', () => {
  test.each([3, 5, 10])('locks at %i failed sign-ins, once', async (maxFailed) => {
    await setPolicy(maxFailed);
    for (let attempt = 1; attempt <= maxFailed + 2; attempt += 1) {
      await wrong();
      expect(await stateOf()).toMatchObject({
        failed_login_count: Math.min(attempt, maxFailed),
        is_locked: attempt >= maxFailed,
      });
    }
    expect((await right()).statusCode).toBe(401);
    expect((await kinds()).filter((kind) => kind === 'user_locked')).toHaveLength(1);
    const reasons = (await activities())
      .filter(({ kind }) => kind === 'user_sign_in_failed')
      .map(({ details }) => details['reason']);
    expect(reasons).toEqual([...Array(maxFailed).fill('wrong_password'), 'locked', 'locked', 'locked']);
    await setPolicy(5);
  });

  test('ends a lock after its minutes, when the clock of the institution says so', async () => {
    await setPolicy(3, 15);
    for (let attempt = 0; attempt < 3; attempt += 1) await wrong();
    await advanceClock(app, institutionId, 14 * 60);
    expect((await right()).statusCode).toBe(401);
    await advanceClock(app, institutionId, 61);
    expect((await wrong()).statusCode).toBe(401);
    expect(await stateOf()).toMatchObject({ failed_login_count: 1, is_locked: false });
    expect((await right()).statusCode).toBe(200);
    await setPolicy(5);
    await setClock(app, institutionId, new Date().toISOString());
  });

  test('of another institution does not count', async () => {
    await setPolicy(3);
    const other = createApiCaller(app, 1);
    const user = other.customer({ state: 'active' });
    for (let attempt = 0; attempt < 4; attempt += 1) await other.signIn(user.loginId, 'wrong-password-1');
    expect((await other.signIn(user.loginId, user.password)).statusCode).toBe(200);
    await setPolicy(5);
  });
});

test('the same login name in another institution is another user', async () => {
  const other = createApiCaller(app, 1);
  expect((await other.signIn(pat.loginId, pat.password)).statusCode).toBe(401);
  expect(await stateOf()).toMatchObject({ failed_login_count: 0 });
});

test.each([
  ['onHold', 'on_hold'],
  ['reset', 'must_change_password'],
  ['locked', 'locked'],
] as const)('the right password of a customer who is %s opens nothing, and the log says %s', async (state, reason) => {
  const user = api.customer({ state });
  const before = await readCredential(app.database.sql, { institutionId, ...user });
  expect((await api.signIn(user.loginId, user.password)).statusCode).toBe(401);
  expect(await readCredential(app.database.sql, { institutionId, ...user })).toEqual(before);
  const rows = await listActivities(app.database.sql, { institutionId, ...user });
  expect(rows).toMatchObject([{ kind: 'user_sign_in_failed', details: { reason } }]);
});

test('a business user does not sign in by V1, and no failure is counted for it', async () => {
  const user = api.customer({ userType: 'BUSINESS' });
  expect((await api.signInV1(user.loginId, user.password)).statusCode).toBe(401);
  expect(await readCredential(app.database.sql, { institutionId, ...user })).toMatchObject({ failed_login_count: 0 });
});

describe('a hash that was made with weaker parameters', () => {
  const storeWeakHash = async () => {
    const secret = app.keyRing.key('password-pepper').export();
    const weak = await hash(pat.password, { memoryCost: 8192, timeCost: 1, parallelism: 1, secret });
    await app.database.sql`
      update credentials set password_hash = ${weak}
      where institution_id = ${institutionId} and institution_user_id = ${pat.institutionUserId}`;
    return weak;
  };

  test('is made anew by the next sign-in, and by no failed one', async () => {
    const weak = await storeWeakHash();
    await wrong();
    expect((await stateOf()).password_hash).toBe(weak);
    expect((await right()).statusCode).toBe(200);
    const { password_hash: stored } = await stateOf();
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/u);
    expect((await right()).statusCode).toBe(200);
    expect((await stateOf()).password_hash).toBe(stored);
  });

  test('costs no sign-in that comes at the same moment', async () => {
    await storeWeakHash();
    const answers = await Promise.all(Array.from({ length: 6 }, right));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(6).fill(200));
    expect(await kinds()).not.toContain('user_sign_in_failed');
  });
});

describe('a password that is changed while a sign-in hashes', () => {
  /** Signs in with the real hasher, and does something each time that a verification has ended. */
  const signInWhile = async (password: string, meanwhile: () => Promise<unknown>) => {
    const real = createPasswordHasher(app.keyRing, 2);
    const hasher: PasswordHasher = {
      ...real,
      verify: async (stored, text) => {
        const matches = await real.verify(stored, text);
        await meanwhile();
        return matches;
      },
    };
    const { sql } = app.database;
    const runWrite = createRunWrite(sql, { apply: async () => undefined });
    const now = new Date();
    const institution = {
      institutionId,
      name: 'x',
      timeZone: 'UTC',
      isActive: true,
      clockOffsetMs: 0,
      policies: parsePolicies({}),
      switches: {},
    };
    const outcome = await createSignIn(
      hasher,
      createMetrics(),
      async () => undefined,
    )({
      sql,
      institution,
      now,
      loginName: pat.loginId,
      password,
      userTypes: ['RETAIL'],
      write: (work) => runWrite({ institutionId, now, operation: 'test', traceId: randomUUID() }, work),
      onSuccess: async () => 'in',
    });
    return outcome.ok ? outcome.value : outcome.refusal;
  };
  const storePassword = async (password: string) => {
    const { passwordHash } = await createPasswordHasher(app.keyRing, 1).hash(password);
    await app.database.sql`
      update credentials set password_hash = ${passwordHash}
      where institution_id = ${institutionId} and institution_user_id = ${pat.institutionUserId}`;
  };
  const once = (work: () => Promise<unknown>) => {
    let isDone = false;
    return async () => {
      if (isDone) return;
      isDone = true;
      await work();
    };
  };

  test('does not open with the old password, which counts as one failure', async () => {
    expect(
      await signInWhile(
        pat.password,
        once(() => storePassword('new-password-1')),
      ),
    ).toBe('refused');
    expect(await stateOf()).toMatchObject({ failed_login_count: 1 });
    expect(await kinds()).toEqual(['user_sign_in_failed']);
  });

  test('opens with the new one', async () => {
    await storePassword('old-password-1');
    expect(
      await signInWhile(
        pat.password,
        once(() => storePassword(pat.password)),
      ),
    ).toBe('in');
    expect(await stateOf()).toMatchObject({ failed_login_count: 0 });
  });

  test('and changed again each time is refused in the end', async () => {
    expect(await signInWhile(pat.password, () => storePassword(pat.password))).toBe('refused');
    expect(await kinds()).toEqual(['user_sign_in_failed']);
  });

  test('does not open when the user was deleted meanwhile', async () => {
    const set = (isDeleted: boolean) =>
      app.database.sql`
        update credentials set is_deleted = ${isDeleted}
        where institution_id = ${institutionId} and institution_user_id = ${pat.institutionUserId}`;
    expect(await signInWhile(pat.password, () => set(true))).toBe('refused');
    await set(false);
  });
});
