import { randomUUID } from 'node:crypto';
import type { Operation } from '@openbranch/contract/operation';
import { operations } from '@openbranch/contract/operations';
import { type ApiCaller, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { introspectToken, requestToken, requestTokenV1, revokeToken } from '@openbranch/testkit/token-calls';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

/** An application of one institution tries everything with what belongs to another. */
let app: TestApp;
let ours: ApiCaller;
let theirs: ApiCaller;
let tokens: readonly string[];
let tokensV1: readonly string[];
let theirData: readonly string[];

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits });
  ours = createApiCaller(app, 0);
  theirs = createApiCaller(app, 1);
  const active = ours.customers({ state: 'active' });
  const [first] = active;
  const legacy = await requestTokenV1(app.http, ours.application('legacy'), { grant_type: 'client_credentials' });
  const legacyUser = await ours.signInV1(first?.loginId ?? '', first?.password ?? '');
  tokens = [await ours.partnerToken(), ...(await Promise.all(active.slice(0, 2).map((customer) => ours.userToken(customer))))];
  tokensV1 = [legacy, legacyUser].map(({ body }) => /<access_token>([^<]+)</u.exec(body)?.[1] ?? '');
  const seeded = app.seed.institutions[1]?.customers ?? [];
  const dataOf = (customers: typeof seeded) =>
    customers.flatMap((one) => [
      one.customerId,
      one.institutionUserId,
      one.authId,
      one.loginName,
      one.memberNumber,
      one.emailAddress,
      ...one.decisions.flatMap(({ institutionUserDisclosureId, disclosure, accountId }) => [
        institutionUserDisclosureId,
        disclosure.institutionDisclosureId,
        ...(accountId === undefined ? [] : [accountId]),
      ]),
    ]);
  const ourData = dataOf(app.seed.institutions[0]?.customers ?? []);
  theirData = dataOf(seeded).filter((datum) => !ourData.includes(datum));
});
let before: string;
beforeEach(async () => {
  before = await everythingOfTheirs();
});
afterAll(() => app.close());

/** Every row of the other institution, as text. */
async function everythingOfTheirs(): Promise<string> {
  const { sql } = app.database;
  const tables = await sql<{ name: string }[]>`
    select table_name as name from information_schema.columns
    where table_schema = 'public' and column_name = 'institution_id' and table_name not in ('change_feed', 'quota_windows') order by 1`;
  const dumps = [];
  for (const { name } of tables)
    dumps.push(
      await sql`select to_jsonb(t)::text as row from ${sql(name)} t where institution_id = ${theirs.institutionId} order by 1`,
    );
  return JSON.stringify(dumps);
}

const isGuarded = (operation: Operation) => operation.family.authentication === 'bearer';
const idTypes = ['CUSTOMER_ID', 'LOGIN_ID', 'INSTITUTION_USER_ID', 'HOST_USER_ID', 'LEGACY_USER_GUID', 'USER_ID', undefined];

/** Query and body of the example of an operation, about this identifier wherever it names something. */
function exampleAbout(operation: Operation, identifier: string): { query?: Record<string, string>; payload?: string } {
  const { query = {}, body } = operation.example ?? {};
  const filled = (text: string) => text.replaceAll(/\{\{[^}]+\}\}/gu, identifier);
  return {
    query: Object.fromEntries(Object.entries(query).map(([name, value]) => [name, filled(String(value))])),
    ...(body === undefined ? {} : { payload: filled(JSON.stringify(body)) }),
  };
}

const noPreferences = '{"institutionUserDisclosures":[]}';

test('no operation answers or changes anything of another institution, by whatever identifier', async () => {
  const guarded = Object.values(operations).filter(isGuarded);
  expect(guarded.length).toBeGreaterThan(2);
  const forms = guarded.flatMap((operation: Operation) =>
    [operation.path, ...(operation.aliases ?? [])].map((path) => ({ operation, method: operation.method, path })),
  );
  let understood = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...forms),
      fc.constantFrom(...theirData, theirs.institutionId),
      fc.constantFrom(...idTypes),
      fc.nat(),
      fc.constantFrom(undefined, theirs.institutionId, ours.institutionId),
      fc.boolean(),
      async ({ operation, method, path }, identifier, idType, choice, institutionId, isWhole) => {
        const own = operation.family.edition === 'v1' ? tokensV1 : tokens;
        const token = own[choice % own.length] ?? '';
        const { query = {}, payload } = isWhole ? exampleAbout(operation, identifier) : {};
        const asked = new URLSearchParams({ ...query, ...(idType === undefined ? {} : { userIdType: idType }) });
        const url = `${path.replace(/\{[^}]+\}/gu, encodeURIComponent(identifier))}?${asked}`;
        const headers = { institutionId, di_fiid: institutionId, di_tid: randomUUID(), 'content-type': 'application/json' };
        const answer = await ours.withToken(token, method, url, { headers, ...(payload === undefined ? {} : { payload }) });
        if (![401, 403, 500].includes(answer.statusCode)) understood += 1;
        // What names nobody answers about the caller.
        // The statement preference of no account of the user is an empty list (contract sheet "Disclosures", section 5).
        const isEmptyList = operation.id === 'getAccountStatementPreference' && answer.body === noPreferences;
        if (path.includes('{') && !isEmptyList)
          expect(answer.statusCode, `${method} ${url}: ${answer.body}`).toBeGreaterThanOrEqual(400);
        expect(theirData.filter((datum) => answer.body.includes(datum))).toEqual([]);
      },
    ),
    { numRuns: 900 },
  );
  // Most get past the token: it is the identifier that they are refused for.
  expect(understood).toBeGreaterThan(450);
  expect(await everythingOfTheirs()).toBe(before);
});

test('a token call for another institution is refused', async () => {
  const headers = { institutionId: theirs.institutionId, di_fiid: theirs.institutionId };
  const { loginId, password } = theirs.customer({ state: 'active' });
  const password1 = { grant_type: 'password', username: loginId, password };
  for (const answer of [
    await requestToken(app.http, ours.application('partner'), { grant_type: 'client_credentials' }, { headers }),
    await requestToken(app.http, ours.application('mobile'), password1, { headers }),
    await requestTokenV1(app.http, ours.application('legacy'), { grant_type: 'client_credentials' }, { headers }),
    await requestTokenV1(app.http, ours.application('legacy'), password1, { headers }),
  ]) {
    expect([401, 403]).toContain(answer.statusCode);
    expect(answer.body).not.toContain('access_token');
  }
  expect(await everythingOfTheirs()).toBe(before);
});

test('a token of another institution cannot be asked about, revoked or renewed', async () => {
  const { loginId, password } = theirs.customer({ state: 'active' });
  const pair = (await theirs.signIn(loginId, password)).json<{ access_token: string; refresh_token: string }>();
  before = await everythingOfTheirs();
  for (const name of ['partner', 'mobile'] as const) {
    for (const token of [pair.access_token, pair.refresh_token]) {
      expect((await introspectToken(app.http, ours.application(name), token)).json()).toEqual({ active: false });
      expect((await revokeToken(app.http, ours.application(name), token)).statusCode).toBe(400);
    }
  }
  const form = { grant_type: 'refresh_token', refresh_token: pair.refresh_token };
  expect((await requestToken(app.http, ours.application('mobile'), form)).statusCode).toBe(400);
  expect(await everythingOfTheirs()).toBe(before);
  const status = `/v1/user-status/${theirs.customer({ state: 'active' }).institutionUserId}?userIdType=INSTITUTION_USER_ID`;
  expect((await theirs.withToken(pair.access_token, 'GET', status)).statusCode).toBe(200);
});

test('a customer that two institutions both have is two customers', async () => {
  const { sql } = app.database;
  const shared = 'c'.repeat(32);
  const userId = 'C'.repeat(32);
  for (const { institutionId } of [ours, theirs]) {
    await sql`
      insert into institution_users (institution_id, institution_user_id, auth_id, customer_guid, user_type, user_role, login_name,
        first_name, last_name, registered_at)
      values (${institutionId}, ${userId}, ${shared}, ${shared}, 'RETAIL', 'PRIMARY', 'twice-known', 'Name', ${institutionId}, ${new Date()})`;
    await sql`
      insert into credentials (institution_id, institution_user_id, registration, is_locked, locked_at, failed_login_count)
      values (${institutionId}, ${userId}, 'approved', true, ${new Date()}, 5)`;
  }
  const token = await theirs.partnerToken();
  const profile = await theirs.withToken(token, 'GET', `/v1/customers/${shared}`);
  expect(profile.json()).toMatchObject({ fiId: theirs.institutionId, lastName: theirs.institutionId });
  const correlationId = randomUUID();
  const unlock = await theirs.withToken(token, 'PUT', `/v1/customers/${shared}:unlock-user`, { headers: { correlationId } });
  expect(unlock.statusCode).toBe(204);
  const locked = await sql`select institution_id from credentials where institution_user_id = ${userId} and is_locked`;
  expect(locked).toEqual([{ institution_id: ours.institutionId }]);
  const told = await sql`select institution_id from activities where trace_id = ${correlationId}`;
  expect(told).toEqual([{ institution_id: theirs.institutionId }]);
});
