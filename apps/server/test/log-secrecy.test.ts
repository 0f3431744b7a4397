import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiCaller, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { eventually } from '@openbranch/testkit/eventually';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { basicAuthorization, introspectToken, requestToken, requestTokenV1, revokeToken } from '@openbranch/testkit/token-calls';
import { afterAll, beforeAll, expect, test } from 'vitest';

let app: TestApp;
let api: ApiCaller;
let folder: string;
let logFile: string;
/** Whatever must not be in the log, by what it is. */
const secrets = new Map<string, string>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openbranch-secrecy-'));
  logFile = join(folder, 'openbranch.log');
  app = await createTestApp({ logFile, prepare: withoutLimits });
  api = createApiCaller(app);
  rememberSeed();
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

function remember(what: string, secret: string | undefined): string {
  if (secret === undefined || secret === '') throw new Error(`There is no ${what} to look for.`);
  secrets.set(what, secret);
  return secret;
}

function rememberSeed(): void {
  remember('sandbox key', app.sandbox.sandboxKey);
  remember('master key', app.keyRing.key('sandbox').export().toString('base64'));
  for (const { applications } of app.sandbox.institutions) {
    for (const application of applications) {
      remember(`secret of ${application.name}`, application.clientSecret);
      remember(`basic value of ${application.name}`, basicAuthorization(application).slice('Basic '.length));
    }
  }
  for (const { customers } of app.seed.institutions) {
    for (const customer of customers) {
      remember(`password of ${customer.loginName}`, app.seed.passwordOf(customer));
      remember(`login name ${customer.loginName}`, customer.loginName);
      remember(`member number of ${customer.loginName}`, customer.memberNumber);
      remember(`address of ${customer.loginName}`, customer.emailAddress);
      remember(`last name of ${customer.loginName}`, customer.lastName);
      remember(`customer id of ${customer.loginName}`, customer.customerId);
      remember(`user id of ${customer.loginName}`, customer.institutionUserId);
      remember(`auth id of ${customer.loginName}`, customer.authId);
    }
  }
}

/** Remembers the tokens of an answer, and the part of a JWT that has the claims. */
function rememberTokens(what: string, body: string): { accessToken: string; refreshToken: string } {
  const find = (name: string) => new RegExp(`(?:"${name}":"|<${name}>)([^"<]+)`, 'u').exec(body)?.[1] ?? '';
  const accessToken = remember(`access token of ${what}`, find('access_token'));
  remember(`claims of ${what}`, accessToken.split('.')[1]);
  const refreshToken = find('refresh_token');
  if (refreshToken !== '') remember(`refresh token of ${what}`, refreshToken);
  return { accessToken, refreshToken };
}

async function identityJourney(): Promise<string[]> {
  const { http } = app;
  const mobile = api.application('mobile');
  const { loginId, password } = api.customer({ state: 'active' });
  const wrong = remember('wrong password', 'wr0ng-passw0rd-of-the-journey');
  remember('unknown login name', 'unknown.login.of.the.journey');
  const partner = rememberTokens(
    'partner',
    (await requestToken(http, api.application('partner'), { grant_type: 'client_credentials' })).body,
  );
  const user = rememberTokens('user', (await api.signIn(loginId, password)).body);
  const renewal = { grant_type: 'refresh_token', refresh_token: user.refreshToken };
  const renewed = rememberTokens('renewal', (await requestToken(http, mobile, renewal)).body);
  rememberTokens('V1 user', (await api.signInV1(loginId, password)).body);
  const legacy = await requestTokenV1(http, api.application('legacy'), { grant_type: 'client_credentials' });
  rememberTokens('V1 partner', legacy.body);
  for (let attempt = 0; attempt < 6; attempt += 1) await (attempt % 2 === 0 ? api.signIn : api.signInV1)(loginId, wrong);
  await api.signIn('unknown.login.of.the.journey', wrong);
  await introspectToken(http, mobile, renewed.accessToken);
  await revokeToken(http, mobile, renewed.refreshToken);
  // Refusals of every kind, each with something secret where it does not belong.
  await requestToken(http, { ...mobile, clientSecret: wrong }, { grant_type: 'password', username: loginId, password });
  await requestToken(http, mobile, { grant_type: password, username: loginId });
  await requestToken(http, mobile, `grant_type=password&username=${loginId}&username=${password}`);
  await requestToken(http, mobile, `grant_type=password&password=%zz${password}`, {
    headers: { 'content-type': `text/${password}` },
  });
  await requestToken(
    http,
    mobile,
    { token: user.accessToken },
    { url: `/oauth2/v1/token?password=${password}&token=${user.accessToken}` },
  );
  return [partner.accessToken, user.accessToken];
}

async function customerJourney(tokens: readonly string[]): Promise<void> {
  const { customerId, loginId, institutionUserId, memberNumber } = api.customer({ state: 'active' });
  for (const token of tokens) {
    await api.withToken(token, 'GET', `/v1/customers/${customerId}`);
    await api.withToken(token, 'GET', `/ux-users/v1/customers/${loginId}?userIdType=LOGIN_ID`);
    await api.withToken(token, 'GET', `/v1/user-status/${memberNumber}?userIdType=HOST_USER_ID`);
    await api.withToken(token, 'GET', `/v1/user-status/${institutionUserId}?userIdType=${loginId}`);
    await api.withToken(token, 'PUT', `/v1/customers/${customerId}:unlock-user`, { payload: loginId });
    await api.withToken(token, 'PUT', `/v1/customers/${loginId}:unlock-user`);
    await api.withToken(token, 'GET', `/nowhere/${loginId}?token=${token}`);
    await api.withToken(token, 'POST', `/v1/customers/${customerId}`);
    await api.withToken(`${token}x`, 'GET', `/v1/customers/${customerId}`);
    await api.withToken(token, 'GET', `/v1/customers/${customerId}`, {
      headers: { correlationId: loginId, 'user-agent': loginId },
    });
  }
}

/** Sends what waits, as a process with background work does. */
async function deliverAll(): Promise<void> {
  const deliver = app.jobs.find(({ name }) => name === 'deliver_message');
  const waiting = await app.database.sql<{ institution_id: string; message_id: string }[]>`
    select institution_id, message_id from messages where status = 'queued'`;
  for (const row of waiting) await deliver?.run({ institutionId: row.institution_id, messageId: row.message_id });
}

const first = () => api.customer({ state: 'active', userType: 'RETAIL' });
const messages = async (template: string) =>
  (await app.inbox.list({ institutionIds: [api.institutionId], limit: 100 })).filter((one) => one.template === template);
const sendForm = (path: string, fields: Record<string, string>) =>
  api.call('POST', path, {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ institution: api.institutionId, ...fields }).toString(),
  });

/** From a new address over the passcode to the new password, by the API and on the page, with something wrong on the way. */
async function recoveryJourney(token: string): Promise<void> {
  const { customerId, loginId, contactMethods } = api.customers({ state: 'active', userType: 'RETAIL' })[1] ?? first();
  const headers = { 'content-type': 'application/json' };
  const send = (method: 'POST' | 'PUT', url: string, body: object) =>
    api.withToken(token, method, url, { headers, payload: JSON.stringify(body) });
  const emailAddress = remember('new address', 'brand.new.address@journey.example');
  const newPassword = remember('new password', 'Brand-new-42-journey');
  await send('PUT', `/v1/customers/${customerId}:contact-info`, { email: { emailAddress } });
  await send('PUT', `/v1/customers/${customerId}:contact-info`, { email: { emailAddress: newPassword } });
  const contactMethodId = contactMethods.find(({ protocol }) => protocol === 'SMS')?.id;
  expect((await send('PUT', `/v1/customers/${customerId}:reset-password`, { contactMethodId })).statusCode).toBe(204);
  await deliverAll();
  const passcode = remember('passcode', (await messages('passcode'))[0]?.passcode);
  await send('POST', `/v1/password-resets/${customerId}:verify`, { passcode: newPassword });
  await sendForm('/recover/send', { loginName: loginId, channel: 'SMS' });
  await sendForm('/recover/verify', { loginName: loginId, passcode: 'x' });
  const opened = (await send('POST', `/v1/password-resets/${customerId}:verify`, { passcode })).json();
  const session = remember('reset session', opened.resetSession);
  await send('POST', `/v1/password-resets/${customerId}:complete`, { resetSession: session, newPassword: `${newPassword} ` });
  await sendForm('/recover/complete', { session, newPassword, repeatedPassword: `${newPassword}x` });
  const set = await sendForm('/recover/complete', { session, newPassword, repeatedPassword: newPassword });
  expect(set.statusCode).toBe(200);
  await deliverAll();
  const disownToken = remember(
    'token of the link',
    /token=(\w+)/u.exec((await messages('password-changed'))[0]?.text ?? '')?.[1],
  );
  await api.call('GET', `/recover/not-me?institution=${api.institutionId}&token=${disownToken}`);
  expect((await sendForm('/recover/not-me', { token: disownToken })).statusCode).toBe(200);
  await api.call('GET', `/sandbox/v1/inbox?to=${emailAddress}`, { headers: { 'x-sandbox-key': app.sandbox.sandboxKey } });
  await api.withToken(token, 'GET', `/v1/institution-user-disclosures?loginId=${loginId}`);
}

async function sandboxJourney(): Promise<void> {
  const { loginId, password } = api.customer({ state: 'active' });
  await api.control('GET', '/clock');
  await api.control('PUT', '/clock', { now: password });
  await api.control('POST', '/clock:advance', { seconds: 1, loginId });
  await api.control('GET', '/switches');
  await api.control('PUT', `/switches/${loginId}`, { value: password });
  await api.control('PUT', '/policies/lockout', { maxFailed: 5, autoUnlockMinutes: 0 });
  await api.control('POST', ':reset');
  await api.call('GET', '/sandbox/v1/institutions/00042/clock', { headers: { 'x-sandbox-key': password } });
}

/** Unexpected errors whose message or details quote rows: a broken constraint, a missing column, a bad stored value. */
async function brokenJourney(tokens: readonly string[]): Promise<number> {
  const { sql } = app.database;
  const { loginId, password, customerId } = api.customer({ state: 'active' });
  await sql`alter table credentials add constraint broken check (last_login_at is null or institution_user_id = '') not valid`;
  const answers = [await api.signIn(loginId, password), await api.signInV1(loginId, password)];
  await sql`alter table credentials drop constraint broken`;
  await sql`alter table institution_users rename column last_name to name_away`;
  answers.push(await api.signIn(loginId, password));
  for (const token of tokens) answers.push(await api.withToken(token, 'GET', `/v1/customers/${customerId}`));
  await sql`alter table institution_users rename column name_away to last_name`;
  return answers.filter(({ statusCode }) => statusCode === 500).length;
}

test('no secret, token, password or personal data of a whole journey is in the log', async () => {
  const tokens = await identityJourney();
  await customerJourney(tokens);
  await recoveryJourney(tokens[0] ?? '');
  const errors = await brokenJourney(tokens);
  expect(errors).toBeGreaterThanOrEqual(4);
  await sandboxJourney();
  for (const job of app.jobs) if (job.schedule !== undefined) await job.run();
  const last = randomUUID();
  await api.withToken('none', 'GET', '/v1/user-status/x', { headers: { transactionId: last } });
  const log = await eventually(async () => {
    const text = await readFile(logFile, 'utf8');
    return text.includes(last) ? text : undefined;
  });

  const lines = log.trim().split('\n');
  expect(lines.length).toBeGreaterThan(50);
  expect(lines.filter((line) => line.includes('"unexpected error"'))).toHaveLength(errors);
  const lower = log.toLowerCase();
  expect(secrets.size).toBeGreaterThan(150);
  const found = [...secrets].filter(([, secret]) =>
    [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64').slice(0, -4)].some((form) =>
      lower.includes(form.toLowerCase()),
    ),
  );
  expect(found).toEqual([]);
});

test('a line has operation, trace id, institution, application, status and duration', async () => {
  const correlationId = randomUUID();
  const { customerId } = api.customer({ state: 'onHold' });
  await api.withToken(await api.partnerToken(), 'PUT', `/digitalbanking/customers/${customerId}:unlock-user`, {
    headers: { correlationId },
  });
  const line = await eventually(async () =>
    (await readFile(logFile, 'utf8')).split('\n').find((one) => one.includes(correlationId)),
  );
  expect(JSON.parse(line)).toEqual({
    level: 30,
    time: expect.any(String),
    operation: 'unlockUser',
    method: 'PUT',
    form: '/customers/:customerId/@unlock-user',
    status: 400,
    code: 'UXU_99999',
    traceId: correlationId,
    institution: '00042',
    application: 'partner-00042',
    durationMs: expect.any(Number),
  });
});
