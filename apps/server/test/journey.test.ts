import { type Client, createClient, isOpenbranchError } from '@openbranch/sdk';
import { type Customer, createApiCaller } from '@openbranch/testkit/api-caller';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyActivities } from '../src/platform/audit/verify-activities.ts';

/** What an institution's developers do on their first day, through the SDK and over TCP. */
let app: TestApp;
let baseUrl: string;
let partner: Client;
let pat: Customer;
const institutionId = '00042';

beforeAll(async () => {
  app = await createTestApp({ publicUrl: () => baseUrl });
  baseUrl = await app.http.listen({ port: 0, host: '127.0.0.1' });
  const api = createApiCaller(app);
  pat = api.customer({ state: 'active' });
  partner = createClient({ baseUrl, institutionId, ...keysOf('partner'), sandboxKey: app.sandbox.sandboxKey });
});
afterAll(() => app.close());

function keysOf(name: 'partner' | 'mobile' | 'legacy') {
  const { clientId, clientSecret } = createApiCaller(app).application(name);
  return { clientId, clientSecret };
}

/** A new client each time: whoever signs in anew opens the mobile application anew. */
function asUser(password: string): Client {
  return createClient({ baseUrl, institutionId, ...keysOf('mobile'), user: { username: pat.loginId, password } });
}
const ownStatus = (client: Client) =>
  client.getUserStatus({ institutionUserId: pat.institutionUserId, userIdType: 'INSTITUTION_USER_ID' });
const reject = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

test('a customer signs in, is locked by wrong passwords, is unlocked by the partner and signs in again', async () => {
  const before = await ownStatus(asUser(pat.password));
  expect(before).toMatchObject({ active: true, additionalInfo: { failedLoginCount: 0 } });
  expect(before.additionalInfo.lastLoginDateTime).toBeDefined();

  for (let attempt = 1; attempt <= 5; attempt += 1) {
    const refused = await reject(ownStatus(asUser(`wrong-password-${attempt}`)));
    expect(isOpenbranchError(refused, 'requestToken', 'userCredentialsInvalid')).toBe(true);
    expect((await ownStatus(partner)).additionalInfo.failedLoginCount).toBe(attempt);
  }
  const { customerId } = pat;
  expect(await ownStatus(partner)).toEqual({
    institutionUserId: pat.institutionUserId,
    locked: true,
    registered: true,
    approved: true,
    additionalInfo: { ...before.additionalInfo, failedLoginCount: 5 },
  });
  expect((await partner.getCustomer({ customerId })).userStatus).toMatchObject({ locked: true, active: false });
  expect(isOpenbranchError(await reject(ownStatus(asUser(pat.password))), 'requestToken', 'userCredentialsInvalid')).toBe(true);

  expect(await partner.unlockUser({ customerId })).toBeUndefined();
  expect(await ownStatus(partner)).toMatchObject({ active: true, additionalInfo: { failedLoginCount: 0 } });
  expect(isOpenbranchError(await reject(partner.unlockUser({ customerId })), 'unlockUser', 'userNotLocked')).toBe(true);

  const client = asUser(pat.password);
  expect(await ownStatus(client)).toMatchObject({ active: true });
  expect(await client.getCustomer({ customerId })).toMatchObject({
    userId: pat.institutionUserId,
    userName: pat.loginId,
    customers: [{ customerId, memberNumber: pat.memberNumber }],
  });
  const someoneElse = createApiCaller(app).customer({ state: 'locked' });
  const refused = await reject(client.getCustomer({ customerId: someoneElse.customerId }));
  expect(isOpenbranchError(refused, 'getCustomer', 'customerNotCovered')).toBe(true);
});

test('a user goes on with refresh tokens when the clock has moved past the access token', async () => {
  const client = asUser(pat.password);
  expect(await ownStatus(client)).toMatchObject({ active: true });
  await partner.advanceClock({ institutionId, body: { seconds: 1801 } });
  expect(await ownStatus(client)).toMatchObject({ active: true });
});

test('a reset of the sandbox ends what users had, and leaves the partner its token', async () => {
  const client = asUser(pat.password);
  await ownStatus(client);
  const { customerId } = createApiCaller(app).customer({ state: 'locked' });
  await partner.unlockUser({ customerId });
  await partner.resetInstitution({ institutionId });
  expect((await partner.getCustomer({ customerId })).userStatus.locked).toBe(true);
  expect(await partner.getClock({ institutionId })).toMatchObject({ offsetSeconds: 0 });
  // The client signs in anew by itself, with the password that the sandbox has again.
  expect(await ownStatus(client)).toMatchObject({ active: true });
});

test('the legacy partner gets its V1 token in XML, which opens no V2 operation', async () => {
  const legacy = createClient({ baseUrl, institutionId, ...keysOf('legacy') });
  const answer = await legacy.requestTokenV1({ form: { grant_type: 'password', username: pat.loginId, password: pat.password } });
  expect(answer).toMatchObject({ di_fiid: institutionId, di_ficustomer: pat.customerId, di_member_number: pat.memberNumber });
  const response = await fetch(`${baseUrl}/v1/customers/${pat.customerId}`, {
    headers: { authorization: `Bearer ${answer.access_token}`, correlationId: crypto.randomUUID() },
  });
  expect([response.status, await response.json()]).toMatchObject([400, { code: 'UXU_10001' }]);
});

test('the activity log of the day verifies', async () => {
  await app.jobs.find(({ name }) => name === 'seal_activities')?.run();

  const found = await verifyActivities(app.database.sql, app.keyRing, institutionId);
  expect(found).toMatchObject({ unsealedRows: 0, broken: undefined });
  expect(found.rows).toBeGreaterThan(3);
});
