import { changeApplication } from '@openbranch/testkit/change-application';
import { eventually } from '@openbranch/testkit/eventually';
import { advanceClock, setClock } from '@openbranch/testkit/sandbox-calls';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { type ApplicationKeys, insertApplication } from '@openbranch/testkit/test-application';
import { getUserStatus, introspectToken, isAccepted, requestToken, tokensOf } from '@openbranch/testkit/token-calls';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hashRefreshToken } from './grant-tokens.ts';

let app: TestApp;
let secondProcess: TestApp;
let keys: ApplicationKeys;
let changing: ApplicationKeys;
let shortLived: ApplicationKeys;

beforeAll(async () => {
  app = await createTestApp({
    prepare: async (sql, keyRing) => {
      const institution_ids = ['00042', '00077'];
      keys = await insertApplication(sql, keyRing, { institution_ids });
      changing = await insertApplication(sql, keyRing, { institution_ids });
      shortLived = await insertApplication(sql, keyRing, { institution_ids, refresh_ttl_s: 600 });
    },
  });
  secondProcess = await createTestApp({ sharedWith: app });
});

afterAll(async () => {
  await secondProcess.close();
  await app.close();
});

/** Each test that changes a user or moves a clock takes its own. */
function customer(index: number, institutionId = '00042') {
  const found = app.sandbox.institutions
    .find((institution) => institution.institutionId === institutionId)
    ?.customers.filter(({ state, userType }) => state === 'active' && userType === 'RETAIL')[index];
  if (found === undefined) throw new Error(`Institution ${institutionId} has no customer ${index}.`);
  return found;
}

function signIn(who = keys, user = customer(0), institutionId = '00042', scopes = '') {
  const form = { grant_type: 'password', username: user.loginId, password: user.password, scopes };
  return tokensOf(requestToken(app.http, who, form, { headers: { institutionId } }));
}

/** Without institutionId: the refresh token names its institution. */
function refresh(refreshToken: string, who = keys, institutionId?: string, by = app) {
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken };
  return requestToken(by.http, who, form, { headers: { institutionId } });
}

async function expectRefusal(answer: ReturnType<typeof refresh>, code = 'CMN_90016'): Promise<void> {
  const { statusCode, body } = await answer;
  expect([statusCode, JSON.parse(body).code]).toEqual([400, code]);
}

test('a refresh token gives a new pair of the same user and scopes; the old access token stays good', async () => {
  const first = await signIn(keys, customer(0), '00042', 'institution-users:read');
  const answer = await refresh(first.refreshToken);
  expect(answer.json()).toEqual({
    access_token: expect.any(String),
    expires_in: '1799',
    refresh_token: expect.stringMatching(/^[0-9A-Za-z]{32}$/u),
    refresh_token_expires_in: '15551999',
    token_type: 'Bearer',
  });
  expect(answer.headers['cache-control']).toBe('no-store');
  const second = await tokensOf(Promise.resolve(answer));
  expect(second.refreshToken).not.toBe(first.refreshToken);
  const { jti: _one, iat: _iat, exp: _exp, ...before } = decodeJwt(first.accessToken);
  expect(decodeJwt(second.accessToken)).toMatchObject(before);
  expect([await isAccepted(app.http, first.accessToken), await isAccepted(app.http, second.accessToken)]).toEqual([true, true]);
});

test('scopes that are sent with a refresh change nothing', async () => {
  const { refreshToken } = await signIn(keys, customer(0), '00042', 'institution-users:read');
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken, scopes: 'institution-users:write' };
  const { accessToken } = await tokensOf(requestToken(app.http, keys, form));
  expect(decodeJwt(accessToken)['scope']).toBe('institution-users:read');
});

test('a refresh token is nowhere in the database, and neither is the pair that it gave', async () => {
  const { refreshToken } = await signIn();
  const next = await tokensOf(refresh(refreshToken));
  const rows = await app.database.sql<{ row: string }[]>`
    select row_to_json(t)::text as row from refresh_tokens t
    union all select row_to_json(c)::text from token_chains c
    union all select row_to_json(a)::text from activities a`;
  const stored = rows.map(({ row }) => row).join('\n');
  for (const secret of [refreshToken, next.refreshToken, next.accessToken]) {
    expect(stored).not.toContain(secret);
    expect(stored).not.toContain(Buffer.from(secret).toString('hex'));
  }
});

test('the same refresh token within 60 seconds gives the same answer byte for byte, from any process', async () => {
  const { refreshToken } = await signIn();
  const first = await refresh(refreshToken);
  const again = await refresh(refreshToken);
  const elsewhere = await refresh(refreshToken, keys, undefined, secondProcess);
  expect([first.statusCode, again.body, elsewhere.body]).toEqual([200, first.body, first.body]);
});

test('twenty parallel refreshes by two processes with one token give one pair, and it works', async () => {
  const { refreshToken } = await signIn();
  const processes = [app, secondProcess];
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => refresh(refreshToken, keys, undefined, processes[index % 2] ?? app)),
  );
  expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
  const [first] = answers;
  const { refreshToken: next } = await tokensOf(first === undefined ? refresh('') : Promise.resolve(first));
  expect((await refresh(next)).statusCode).toBe(200);
  const [row] = await app.database.sql<{ count: bigint }[]>`
    select count(*) from refresh_tokens t join refresh_tokens u using (institution_id, chain_id)
    where t.institution_id = '00042' and t.token_hash = ${hashRefreshToken(app.keyRing, refreshToken)}`;
  expect(row?.count).toBe(3n);
});

test('used again after 60 seconds it is refused with CMN_90016, and its whole chain is dead in every process', async () => {
  const user = customer(0, '00077');
  const first = await signIn(keys, user, '00077');
  const bystander = await signIn(keys, user, '00077');
  const second = await tokensOf(refresh(first.refreshToken));
  await advanceClock(app, '00077', 59);
  expect((await refresh(first.refreshToken)).statusCode).toBe(200);
  await advanceClock(app, '00077', 2);
  await expectRefusal(refresh(first.refreshToken));
  await expectRefusal(refresh(first.refreshToken));
  await expectRefusal(refresh(second.refreshToken));
  for (const { accessToken } of [first, second]) expect(await isAccepted(app.http, accessToken)).toBe(false);
  await eventually(async () => !(await isAccepted(secondProcess.http, second.accessToken)), { deadlineMs: 1000 });
  // The same user's other sign-in is another chain.
  expect(await isAccepted(app.http, bystander.accessToken)).toBe(true);
  expect((await refresh(bystander.refreshToken)).statusCode).toBe(200);
  const rows = await app.database.sql<{ kind: string }[]>`
    select kind from activities where institution_id = '00077' and kind = 'refresh_token_reused'`;
  expect(rows).toHaveLength(1);
});

test('a refresh token of another application is refused with CMN_90016, and stays good for its own', async () => {
  const { refreshToken } = await signIn();
  await expectRefusal(refresh(refreshToken, changing));
  expect((await refresh(refreshToken)).statusCode).toBe(200);
  // Not even within the grace of its own application.
  await expectRefusal(refresh(refreshToken, changing));
});

test.each([
  ['too short', 'x'.repeat(31)],
  ['too long', 'x'.repeat(33)],
  ['of an institution that is not there', 'z'.repeat(32)],
  ['unknown', `00g${'x'.repeat(29)}`],
  ['of other letters', '-'.repeat(32)],
  ['hostile', "' or 1=1; drop table refresh_tokens; --"],
])('a refresh token that is %s is refused with CMN_90016', async (_what, token) => {
  await expectRefusal(refresh(token));
});

test('an access token is no refresh token: CMN_90016', async () => {
  const { accessToken } = await signIn();
  await expectRefusal(refresh(accessToken));
});

test('institutionId may be left out; sent, it must be that of the token: CMN_90005', async () => {
  const { refreshToken } = await signIn();
  await expectRefusal(refresh(refreshToken, keys, '00077'), 'CMN_90005');
  await expectRefusal(refresh(refreshToken, keys, '42'), 'CMN_90005');
  expect((await refresh(refreshToken, keys, '00042')).statusCode).toBe(200);
});

test('a refresh token lives for the time registered for its application, and each new one for that time again', async () => {
  const first = await signIn(shortLived, customer(1, '00077'), '00077');
  await advanceClock(app, '00077', 590);
  const second = await tokensOf(refresh(first.refreshToken, shortLived));
  await advanceClock(app, '00077', 590);
  const third = await tokensOf(refresh(second.refreshToken, shortLived));
  await advanceClock(app, '00077', 600);
  await expectRefusal(refresh(third.refreshToken, shortLived));
});

test('a sandbox clock that goes back ends no chain', async () => {
  const { refreshToken } = await signIn(keys, customer(2, '00077'), '00077');
  const first = await refresh(refreshToken);
  await setClock(app, '00077', '2026-01-01T00:00:00Z');
  expect((await refresh(refreshToken)).body).toBe(first.body);
});

test.each([
  ['locked', { is_locked: true, locked_at: new Date(), lock_reason: 'FAILED_LOGINS' }],
  ['put on hold', { is_on_hold: true, held_at: new Date() }],
  ['told to change the password', { must_change_password: true }],
  ['rejected', { registration: 'rejected' }],
])(
  'the refresh token of a user who was %s meanwhile is refused with CMN_90016, and works again when that is over',
  async (_what, columns) => {
    const user = customer(3);
    const save = (values: object) => app.database.sql`
    update credentials set ${app.database.sql(Object.fromEntries(Object.entries(values)))}
    where institution_id = '00042' and institution_user_id = ${user.institutionUserId}`;
    const { refreshToken } = await signIn(keys, user);
    await save(columns);
    await expectRefusal(refresh(refreshToken));
    await save({
      is_locked: false,
      locked_at: null,
      lock_reason: null,
      is_on_hold: false,
      held_at: null,
      must_change_password: false,
      registration: 'approved',
    });
    expect((await refresh(refreshToken)).statusCode).toBe(200);
  },
);

test('the refresh token of a user who is gone is refused with CMN_90005', async () => {
  const user = customer(4);
  const { refreshToken } = await signIn(keys, user);
  await app.database.sql`
    update credentials set is_deleted = true
    where institution_id = '00042' and institution_user_id = ${user.institutionUserId}`;
  await expectRefusal(refresh(refreshToken), 'CMN_90005');
});

test('when the application loses a scope its next tokens lose it too; when it loses the institution the token is refused with CMN_90016', async () => {
  const { clientId } = changing;
  const first = await signIn(changing);
  await changeApplication(app, clientId, { allowed_scopes: ['institution-users:read'] });
  const second = await eventually(async () => {
    // Whether the change is known shows in a grant that reads no refresh token.
    const probe = await tokensOf(requestToken(app.http, changing, { grant_type: 'client_credentials' }));
    if (decodeJwt(probe.accessToken)['scope'] !== 'institution-users:read') return undefined;
    return tokensOf(refresh(first.refreshToken, changing));
  });
  expect(decodeJwt(second.accessToken)['scope']).toBe('institution-users:read');

  await changeApplication(app, clientId, { institution_ids: ['00077'] });
  await eventually(async () => (await refresh(second.refreshToken, changing)).statusCode === 400);
  await expectRefusal(refresh(second.refreshToken, changing));
  // Tokens that are out already open nothing there any more.
  expect(await isAccepted(app.http, second.accessToken)).toBe(false);
  const asked = await introspectToken(app.http, changing, second.accessToken);
  expect(asked.json()).toEqual({ active: false });
});

test('in an institution that is closed a refresh token is refused with CMN_90016', async () => {
  const { refreshToken } = await signIn();
  await app.database.sql`update institutions set is_active = false where institution_id = '00042'`;
  // A process that starts now knows it.
  const late = await createTestApp({ sharedWith: app });
  await expectRefusal(refresh(refreshToken, keys, undefined, late));
  await late.close();
  await app.database.sql`update institutions set is_active = true where institution_id = '00042'`;
  expect((await refresh(refreshToken)).statusCode).toBe(200);
});

test('a token of one user shows only that user', async () => {
  const [mine, theirs] = [customer(0), customer(1)];
  const { accessToken } = await tokensOf(refresh((await signIn(keys, mine)).refreshToken));
  expect((await getUserStatus(app.http, accessToken, mine.institutionUserId)).statusCode).toBe(200);
  const answer = await getUserStatus(app.http, accessToken, theirs.institutionUserId);
  expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([403, 'ISR_11003']);
});
