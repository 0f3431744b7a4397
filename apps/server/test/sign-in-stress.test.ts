import { createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { listActivities, readCredential } from '@openbranch/testkit/user-state';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** Two processes on one database, as behind a load balancer. */
let first: TestApp;
let second: TestApp;
const institutionId = '00042';
const maximum = 5;

beforeAll(async () => {
  first = await createTestApp({ prepare: withoutLimits });
  second = await createTestApp({ sharedWith: first });
});
afterAll(async () => {
  await second.close();
  await first.close();
});

test('50 wrong passwords at once, by both editions and both processes: locked, the counter at the maximum, none lost', async () => {
  const doors = [createApiCaller(first), createApiCaller(second)].flatMap((api) => [api.signIn, api.signInV1]);
  const user = createApiCaller(first).customer({ state: 'active' });
  const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => doors[index % 4]?.(user.loginId, `wrong-${index}`)));
  expect(answers.map((answer) => answer?.statusCode)).toEqual(Array(50).fill(401));

  const state = await readCredential(first.database.sql, { institutionId, ...user });
  expect(state).toMatchObject({ is_locked: true, failed_login_count: maximum });
  const rows = await listActivities(first.database.sql, { institutionId, ...user });
  const failures = rows.filter(({ kind }) => kind === 'user_sign_in_failed').map(({ details }) => details['reason']);
  expect(failures).toEqual([...Array(maximum).fill('wrong_password'), ...Array(50 - maximum).fill('locked')]);
  expect(rows.filter(({ kind }) => kind === 'user_locked')).toHaveLength(1);
});

test('right passwords among the wrong ones: none gets in after the lock, and the log tells one story', async () => {
  const doors = [createApiCaller(first), createApiCaller(second)];
  const user = createApiCaller(first).customers({ state: 'active' })[1];
  if (user === undefined) throw new Error('The sandbox has one active customer only.');
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, index) =>
      doors[index % 2]?.signIn(user.loginId, index % 6 === 2 ? user.password : `wrong-${index}`),
    ),
  );
  const rows = await listActivities(first.database.sql, { institutionId, ...user });
  let counter = 0;
  let isLocked = false;
  for (const { kind, details } of rows) {
    if (kind === 'user_signed_in') {
      expect(isLocked).toBe(false);
      counter = 0;
    } else if (kind === 'user_locked') {
      expect(counter).toBe(maximum);
      isLocked = true;
    } else if (kind === 'user_sign_in_failed') {
      expect(details['reason']).toBe(isLocked ? 'locked' : 'wrong_password');
      if (!isLocked) counter += 1;
      expect(details['failedLoginCount']).toBe(counter);
    }
  }
  expect(isLocked).toBe(true);
  const signedIn = rows.filter(({ kind }) => kind === 'user_signed_in').length;
  expect(answers.filter((answer) => answer?.statusCode === 200)).toHaveLength(signedIn);
  expect(rows.filter(({ kind }) => kind === 'user_sign_in_failed')).toHaveLength(60 - signedIn);
  expect(await readCredential(first.database.sql, { institutionId, ...user })).toMatchObject({
    is_locked: true,
    failed_login_count: maximum,
  });
});

test('more sign-ins than can be hashed: 503 with Retry-After, in both envelopes; the others are answered', async () => {
  const narrow = await createTestApp({ prepare: withoutLimits, hashWorkers: 1 });
  const api = createApiCaller(narrow);
  const { loginId } = api.customer({ state: 'active' });
  const answers = await Promise.all(
    Array.from({ length: 150 }, (_, index) => (index % 2 === 0 ? api.signIn : api.signInV1)(loginId, 'wrong-password-1')),
  );
  const busy = answers.filter(({ statusCode }) => statusCode === 503);
  // One runs and 128 wait; while all of them come in, some are done already.
  expect(busy.length).toBeGreaterThan(1);
  expect(busy.length).toBeLessThanOrEqual(150 - 129);
  for (const { headers } of busy) expect(headers['retry-after']).toBe('1');
  expect(busy.map(({ body }) => body)).toEqual(
    expect.arrayContaining([
      expect.stringContaining('"code":"CMN_90000"'),
      expect.stringContaining('<errorCode>90004</errorCode>'),
    ]),
  );
  expect(answers.filter(({ statusCode }) => statusCode === 401)).toHaveLength(150 - busy.length);
  await narrow.close();
});
