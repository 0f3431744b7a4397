import { randomUUID } from 'node:crypto';
import { type ApiCaller, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { eventually } from '@openbranch/testkit/eventually';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { requestTokenV1 } from '@openbranch/testkit/token-calls';
import { listActivities } from '@openbranch/testkit/user-state';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { lockDecisions } from '../store/user-disclosures.ts';

let app: TestApp;
let api: ApiCaller;
let token: string;
let legacyToken: string;
let members = 7_000_000;

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits, runsJobs: true });
  api = createApiCaller(app);
  token = await api.partnerToken();
  const answer = await requestTokenV1(app.http, api.application('legacy'), { grant_type: 'client_credentials' });
  legacyToken = /<access_token>([^<]+)</u.exec(answer.body)?.[1] ?? '';
});
afterAll(() => app.close());
beforeEach(async () => {
  await api.control('PUT', '/switches/registration.disclosure_gate', { value: 'pend' });
  await setRequired(['IB', 'ESIGN']);
});

const json = { 'content-type': 'application/json' };
const path = '/v1/institution-user-disclosures';
const password = 'Blue@kite7';
const newMember = () => {
  members += 1;
  return String(members);
};
const loginOf = (member: string) => `login${member}`;
const setRequired = (requiredDisclosures: readonly string[]) =>
  api.control('PUT', '/policies/registration', { requiredDisclosures });

function register(memberNumber: string, acceptedDisclosure: string, traceId = randomUUID()) {
  const FICustomer = {
    memberNumber,
    person: {
      personName: { firstName: 'Pat', lastName: 'Demo' },
      contactInfo: {
        emailAddress: `pat.${memberNumber}@example.com`,
        postalAddress: [{ address1: '12 Sample Row', city: 'Springdale', state: 'NJ', postalCode: '07047', country: 'USA' }],
        phoneNumber: [{ number: '2015550142' }],
      },
      birthDate: '1989-10-09',
    },
    channelInfos: { channelInfo: [{ channelType: 'TPV_API', credential: { loginId: loginOf(memberNumber), password } }] },
    acceptedDisclosure,
    ssn: '900112233',
    motherMaidenName: 'Sample',
  };
  return app.http.inject({
    method: 'POST',
    url: '/registration/v4/fis/00042/fiCustomers',
    headers: { ...json, authorization: `Bearer ${legacyToken}`, di_tid: traceId, originating_ip: '203.0.113.5' },
    payload: JSON.stringify({ FICustomer }),
  });
}

const decide = (method: 'POST' | 'PUT', member: string, name: string, status = 'ACCEPTED') =>
  api.withToken(token, method, `${path}?loginId=${loginOf(member)}`, {
    headers: json,
    payload: JSON.stringify({ institutionDisclosureName: name, institutionUserDisclosureStatus: status }),
  });
const rowsOf = async (member: string) =>
  (await api.withToken(token, 'GET', `${path}?loginId=${loginOf(member)}`)).json().institutionUserDisclosures;
const profileOf = async (member: string) =>
  (await api.withToken(token, 'GET', `/v1/customers/${loginOf(member)}?userIdType=LOGIN_ID`)).json();
const signIn = async (member: string) => (await api.signIn(loginOf(member), password)).statusCode;
const welcomesTo = async (member: string) =>
  (
    await api.call('GET', `/sandbox/v1/inbox?to=pat.${member}@example.com`, {
      headers: { 'x-sandbox-key': app.sandbox.sandboxKey },
    })
  )
    .json<{ messages: { template: string }[] }>()
    .messages.filter(({ template }) => template === 'welcome').length;

test('a registration that waits is completed by the acceptance of the last required disclosure, and only by that', async () => {
  const member = newMember();
  expect((await register(member, 'false')).statusCode).toBe(200);
  expect(await signIn(member)).toBe(401);
  expect((await profileOf(member)).userStatus).toMatchObject({ registered: false, active: false, acceptedDisclosure: false });

  expect((await decide('POST', member, 'OLS')).statusCode).toBe(400);
  expect((await decide('POST', member, 'IB')).statusCode).toBe(204);
  expect((await decide('POST', member, 'ESIGN', 'NOT_ACCEPTED')).statusCode).toBe(204);
  expect(await signIn(member)).toBe(401);
  expect(await welcomesTo(member)).toBe(0);

  expect((await decide('PUT', member, 'ESIGN')).statusCode).toBe(204);
  expect(await signIn(member)).toBe(200);
  const profile = await profileOf(member);
  expect(profile.userStatus).toMatchObject({ registered: true, approved: true, active: true, acceptedDisclosure: true });
  await eventually(async () => expect(await welcomesTo(member)).toBe(1));

  const institutionUserId: string = profile.userId;
  const told = (await listActivities(app.database.sql, { institutionId: '00042', institutionUserId })).filter(
    ({ kind }) => kind === 'user_registered',
  );
  expect(told.map(({ details, operation }) => [details['state'], operation])).toEqual([
    ['pending_disclosure', 'registerCustomer'],
    ['approved', 'updateUserDisclosure'],
  ]);
  // The same member is registered now.
  const again = await register(member, 'true');
  expect([again.statusCode, /<errorCode>(\d+)</u.exec(again.body)?.[1]]).toEqual([409, '26331']);
});

test('a registration whose disclosures are accepted leaves them ACCEPTED with its own time, and their evidence', async () => {
  const member = newMember();
  const traceId = randomUUID();
  expect((await register(member, 'true', traceId)).statusCode).toBe(200);
  const rows = await rowsOf(member);
  expect(rows).toMatchObject([
    { institutionDisclosureName: 'ESIGN', institutionUserDisclosureStatus: 'ACCEPTED' },
    { institutionDisclosureName: 'IB', institutionUserDisclosureStatus: 'ACCEPTED' },
  ]);
  const [user] = await app.database.sql<{ registered_at: Date; institution_user_id: string }[]>`
    select registered_at, institution_user_id from institution_users where institution_id = '00042' and login_name = ${loginOf(member)}`;
  for (const row of rows)
    expect(Date.parse(row.institutionUserDisclosureStatusUpdateDateTime)).toBe(user?.registered_at.getTime());
  const evidence = await app.database.sql`
    select definition_name, new_status, operation, trace_id, address, is_by_user from disclosure_evidence
    where institution_id = '00042' and institution_user_id = ${user?.institution_user_id ?? ''} order by definition_name`;
  const expected = {
    new_status: 'ACCEPTED',
    operation: 'registerCustomer',
    trace_id: traceId,
    address: '203.0.113.5',
    is_by_user: false,
  };
  expect(evidence).toEqual([
    { definition_name: 'ESIGN', ...expected },
    { definition_name: 'IB', ...expected },
  ]);
});

test('the repeated registration completes too, and keeps the rows that were accepted before', async () => {
  const member = newMember();
  await register(member, 'false');
  await decide('POST', member, 'IB');
  const [before] = await rowsOf(member);
  expect((await register(member, 'true')).statusCode).toBe(200);
  const rows = await rowsOf(member);
  expect(rows).toHaveLength(2);
  expect(rows[1].institutionUserDisclosureId).toBe(before.institutionUserDisclosureId);
  expect(await signIn(member)).toBe(200);
});

test('with approval on, the last acceptance leaves the user to the back office', async () => {
  await api.control('PUT', '/policies/registration', { requiredDisclosures: ['IB'], needsApproval: true });
  const member = newMember();
  await register(member, 'false');
  await decide('POST', member, 'IB');
  expect((await profileOf(member)).userStatus).toMatchObject({ registered: true, approved: false, active: false });
  expect(await signIn(member)).toBe(401);
});

test('parallel acceptances of everything complete the registration once', async () => {
  const member = newMember();
  await register(member, 'false');
  const answers = await Promise.all(['IB', 'ESIGN', 'IB', 'ESIGN', 'IB', 'ESIGN'].map((name) => decide('POST', member, name)));
  expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array.from({ length: 6 }, () => 204));
  expect(await signIn(member)).toBe(200);
  await eventually(async () => expect(await welcomesTo(member)).toBe(1));
  const institutionUserId: string = (await profileOf(member)).userId;
  const told = await listActivities(app.database.sql, { institutionId: '00042', institutionUserId });
  expect(told.filter(({ kind }) => kind === 'user_registered')).toHaveLength(2);
});

test('a repeated registration and an acceptance at the same moment wait for each other in one order, never each for the other', async () => {
  const member = newMember();
  await register(member, 'false');
  const institutionUserId: string = (await profileOf(member)).userId;
  const { sql } = app.database;
  let repeated: Promise<number> | undefined;
  const freeCredentials = await sql.begin(async (tx) => {
    // As an acceptance does: first its decisions, then the credential.
    await lockDecisions(tx, { institutionId: '00042', institutionUserId, institutionCustomerId: undefined });
    repeated = register(member, 'true').then(({ statusCode }) => statusCode);
    await eventually(async () => {
      const waiting = await sql`
        select 1 from pg_locks
        where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())`;
      return waiting.length > 0;
    });
    const free = await tx`
      select 1 from credentials
      where institution_id = '00042' and institution_user_id = ${institutionUserId} for update skip locked`;
    return free.length;
  });
  expect(freeCredentials).toBe(1);
  expect(await repeated).toBe(200);
  expect(await signIn(member)).toBe(200);
});

test('who was let in without acceptance bears the flag once everything is accepted', async () => {
  await api.control('PUT', '/switches/registration.disclosure_gate', { value: 'off' });
  await setRequired(['IB']);
  const member = newMember();
  await register(member, 'false');
  expect((await profileOf(member)).acceptedDisclosure).toBe(false);
  await decide('POST', member, 'IB');
  expect((await profileOf(member)).acceptedDisclosure).toBe(true);
});
