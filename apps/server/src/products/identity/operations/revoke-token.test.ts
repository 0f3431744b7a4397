import { randomUUID } from 'node:crypto';
import { eventually } from '@openbranch/testkit/eventually';
import { advanceClock, withSwitch } from '@openbranch/testkit/sandbox-calls';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { type ApplicationKeys, insertApplication } from '@openbranch/testkit/test-application';
import { isAccepted, requestToken, requestTokenV1, revokeToken, tokensOf } from '@openbranch/testkit/token-calls';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let app: TestApp;
let secondProcess: TestApp;
let keys: ApplicationKeys;
let others: ApplicationKeys;

beforeAll(async () => {
  app = await createTestApp({
    prepare: async (sql, keyRing) => {
      keys = await insertApplication(sql, keyRing, { institution_ids: ['00042', '00077'] });
      others = await insertApplication(sql, keyRing);
    },
  });
  secondProcess = await createTestApp({ sharedWith: app });
});

afterAll(async () => {
  await secondProcess.close();
  await app.close();
});

async function applicationToken(institutionId = '00042'): Promise<string> {
  const call = requestToken(app.http, keys, { grant_type: 'client_credentials' }, { headers: { institutionId } });
  return (await tokensOf(call)).accessToken;
}

function signIn(institutionId = '00042') {
  const user = app.sandbox.institutions.find((one) => one.institutionId === institutionId)?.customers[0];
  const form = { grant_type: 'password', username: user?.loginId ?? '', password: user?.password ?? '' };
  return tokensOf(requestToken(app.http, keys, form, { headers: { institutionId } }));
}

const refresh = (refreshToken: string) =>
  requestToken(app.http, keys, { grant_type: 'refresh_token', refresh_token: refreshToken });

async function expectRefusal(answer: ReturnType<typeof revokeToken>, status: number, code: string): Promise<void> {
  const { statusCode, body } = await answer;
  expect([statusCode, JSON.parse(body).code]).toEqual([status, code]);
}

describe('an access token', () => {
  test('dies at once and alone; the same call again answers 204 again', async () => {
    const [dying, living] = [await applicationToken(), await applicationToken()];
    const transactionId = randomUUID();
    const answer = await revokeToken(app.http, keys, dying, { headers: { transactionId } });
    expect([answer.statusCode, answer.body, answer.headers['content-type']]).toEqual([204, '', undefined]);
    expect(answer.headers['transactionid']).toBe(transactionId);
    expect([await isAccepted(app.http, dying), await isAccepted(app.http, living)]).toEqual([false, true]);
    expect((await revokeToken(app.http, keys, dying)).statusCode).toBe(204);
  });

  test('of a user dies alone: its refresh token and what comes from it stay good', async () => {
    const { accessToken, refreshToken } = await signIn();
    expect((await revokeToken(app.http, keys, accessToken)).statusCode).toBe(204);
    expect(await isAccepted(app.http, accessToken)).toBe(false);
    const next = await tokensOf(refresh(refreshToken));
    expect(await isAccepted(app.http, next.accessToken)).toBe(true);
  });

  test('is refused by every other process within a second', async () => {
    const token = await applicationToken();
    expect(await isAccepted(secondProcess.http, token)).toBe(true);
    await revokeToken(app.http, keys, token);
    await eventually(async () => !(await isAccepted(secondProcess.http, token)), { deadlineMs: 1000 });
  });

  test('is refused by every other process within a second also when its notification is lost', async () => {
    const token = await applicationToken();
    expect(await isAccepted(secondProcess.http, token)).toBe(true);
    await app.database.sql`
      insert into change_feed (topic, institution_id, subject, expires_at)
      values ('access_token_revoked', '00042', ${decodeJwt(token).jti ?? ''}, ${new Date(Date.now() + 60_000)})`;
    await eventually(async () => !(await isAccepted(secondProcess.http, token)), { deadlineMs: 1000 });
  });

  test('is refused by every other process within a second also when their listening connections were just cut', async () => {
    const token = await applicationToken();
    expect(await isAccepted(secondProcess.http, token)).toBe(true);
    await app.database.sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and query ilike 'listen%'`;
    await revokeToken(app.http, keys, token);
    await eventually(async () => !(await isAccepted(secondProcess.http, token)), { deadlineMs: 1000 });
  });

  test('is refused by a process that starts later, from its first call on', async () => {
    const token = await applicationToken();
    await revokeToken(app.http, keys, token);
    const late = await createTestApp({ sharedWith: app });
    expect(await isAccepted(late.http, token)).toBe(false);
    await late.close();
  });

  test('that has expired is unknown: 400 CMN_90016', async () => {
    const token = await applicationToken('00077');
    await advanceClock(app, '00077', 1800);
    await expectRefusal(revokeToken(app.http, keys, token), 400, 'CMN_90016');
  });

  test('of edition V1 cannot be revoked here: 400 CMN_90016', async () => {
    const answer = await requestTokenV1(app.http, keys, { grant_type: 'client_credentials' });
    const token = /<access_token>([^<]+)</u.exec(answer.body)?.[1] ?? '';
    await expectRefusal(revokeToken(app.http, keys, token), 400, 'CMN_90016');
  });
});

describe('a refresh token', () => {
  test('dies with every access token of its chain, at once here and within a second elsewhere', async () => {
    const first = await signIn();
    const second = await tokensOf(refresh(first.refreshToken));
    const bystander = await signIn();
    expect(await isAccepted(secondProcess.http, first.accessToken)).toBe(true);
    expect((await revokeToken(app.http, keys, second.refreshToken)).statusCode).toBe(204);
    for (const { accessToken } of [first, second]) expect(await isAccepted(app.http, accessToken)).toBe(false);
    for (const { refreshToken } of [first, second])
      expect((await refresh(refreshToken)).json()).toMatchObject({ code: 'CMN_90016' });
    await eventually(async () => !(await isAccepted(secondProcess.http, first.accessToken)), { deadlineMs: 1000 });
    await eventually(async () => !(await isAccepted(secondProcess.http, second.accessToken)), { deadlineMs: 1000 });
    expect(await isAccepted(app.http, bystander.accessToken)).toBe(true);
    expect((await revokeToken(app.http, keys, second.refreshToken)).statusCode).toBe(204);
  });

  test('that was used already still ends its chain', async () => {
    const first = await signIn();
    const second = await tokensOf(refresh(first.refreshToken));
    expect((await revokeToken(app.http, keys, first.refreshToken)).statusCode).toBe(204);
    expect(await isAccepted(app.http, second.accessToken)).toBe(false);
    expect((await refresh(second.refreshToken)).statusCode).toBe(400);
  });

  test('that has expired is unknown: 400 CMN_90016', async () => {
    const { refreshToken } = await signIn('00077');
    await advanceClock(app, '00077', 15_552_000);
    await expectRefusal(revokeToken(app.http, keys, refreshToken), 400, 'CMN_90016');
  });

  test('leaves a row in the activity log that names its user', async () => {
    const { refreshToken } = await signIn();
    const transactionId = randomUUID();
    await revokeToken(app.http, keys, refreshToken, { headers: { transactionId } });
    const rows = await app.database.sql`
      select kind, client_id, institution_user_id, operation from activities
      where institution_id = '00042' and trace_id = ${transactionId}`;
    expect(rows).toEqual([
      {
        kind: 'token_revoked',
        client_id: keys.clientId,
        institution_user_id: app.sandbox.institutions[0]?.customers[0]?.institutionUserId,
        operation: 'revokeToken',
      },
    ]);
  });

  test('revoked and refreshed at the same moment leaves nothing alive', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { refreshToken } = await signIn();
      const [, refreshed] = await Promise.all([revokeToken(app.http, keys, refreshToken), refresh(refreshToken)]);
      if (refreshed.statusCode !== 200) continue;
      const pair = await tokensOf(Promise.resolve(refreshed));
      expect(await isAccepted(app.http, pair.accessToken)).toBe(false);
      expect((await refresh(pair.refreshToken)).statusCode).toBe(400);
    }
  });
});

test('a token of another application is as unknown as one that nobody issued: 400 CMN_90016, and it stays good', async () => {
  const { accessToken, refreshToken } = await signIn();
  for (const token of [accessToken, refreshToken, 'unknown', `00g${'x'.repeat(29)}`, 'z'.repeat(32), `${accessToken}x`]) {
    const answer = await revokeToken(app.http, others, token);
    expect([answer.statusCode, answer.json()]).toEqual([400, { code: 'CMN_90016', message: expect.any(String) }]);
  }
  expect(await isAccepted(app.http, accessToken)).toBe(true);
  expect((await refresh(refreshToken)).statusCode).toBe(200);
});

describe('the call', () => {
  test.each(['/oauth2/v1/revoke', '/v1/revoke', '/digitalbanking/oauth2/v1/revoke', '/digitalbanking/stage/v1/revoke'])(
    'by POST answers 200 with an empty body, as RFC 7009 wants, at %s',
    async (url) => {
      const token = await applicationToken();
      const answer = await revokeToken(app.http, keys, token, { method: 'POST', url });
      expect([answer.statusCode, answer.body]).toEqual([200, '']);
      expect(await isAccepted(app.http, token)).toBe(false);
    },
  );

  test('may give a hint of the kind of token, which need not be true', async () => {
    const token = await applicationToken();
    const body = new URLSearchParams({ token, token_type_hint: 'refresh_token' }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded', transactionId: randomUUID() };
    const authorization = `Basic ${Buffer.from(`${keys.clientId}:${keys.clientSecret}`).toString('base64')}`;
    const answer = await app.http.inject({
      method: 'POST',
      url: '/oauth2/v1/revoke',
      headers: { ...headers, authorization },
      payload: body,
    });
    expect([answer.statusCode, await isAccepted(app.http, token)]).toEqual([200, false]);
  });

  test('without a token, or with an empty one: 400 CMN_90011; a token in the query is not read', async () => {
    await expectRefusal(revokeToken(app.http, keys, ''), 400, 'CMN_90011');
    const token = await applicationToken();
    await expectRefusal(revokeToken(app.http, keys, '', { url: `/oauth2/v1/revoke?token=${token}` }), 400, 'CMN_90011');
    expect(await isAccepted(app.http, token)).toBe(true);
  });

  test.each([
    ['without transactionId: 400 CMN_90008', { transactionId: undefined }, 400, 'CMN_90008'],
    ['with a transactionId that is no UUID: 400 CMN_90008', { transactionId: 'abc' }, 400, 'CMN_90008'],
    ['without keys: 401 CMN_90004', { authorization: undefined }, 401, 'CMN_90004'],
    ['with a Content-Type that is no form: 400 CMN_90010', { 'content-type': 'application/json' }, 400, 'CMN_90010'],
    ['with headers longer than 8 KiB: 400 CMN_90010', { 'x-padding': 'x'.repeat(8193) }, 400, 'CMN_90010'],
    ['with a header outside ASCII: 400 CMN_90017', { offering_id: 'caf\u00e9' }, 400, 'CMN_90017'],
    ['with a malformed originating_ip: 400 CMN_90009', { originating_ip: 'here' }, 400, 'CMN_90009'],
  ])('%s', async (_what, headers, status, code) => {
    await expectRefusal(revokeToken(app.http, keys, 'x', { headers }), status, code);
  });

  test('needs no institutionId; sent, it must be that of the token: 400 CMN_90005', async () => {
    const { accessToken, refreshToken } = await signIn();
    for (const token of [accessToken, refreshToken]) {
      await expectRefusal(revokeToken(app.http, keys, token, { headers: { institutionId: '00077' } }), 400, 'CMN_90005');
      await expectRefusal(revokeToken(app.http, keys, token, { headers: { institutionId: '42' } }), 400, 'CMN_90005');
      const good = await revokeToken(app.http, keys, token, { headers: { institutionId: '00042' } });
      expect(good.statusCode).toBe(204);
    }
  });

  test('with switch revoke.unknown accepts an unknown token, for the institution that it names (CR-18)', async () => {
    await withSwitch(app, '00042', 'revoke.unknown', ['accept', 'reject'], async () => {
      const named = { headers: { institutionId: '00042' } };
      expect((await revokeToken(app.http, keys, 'unknown', named)).statusCode).toBe(204);
      await expectRefusal(revokeToken(app.http, keys, 'unknown'), 400, 'CMN_90016');
    });
  });
});
