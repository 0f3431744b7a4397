import { type Answer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { requestToken, requestTokenV1 } from '@openbranch/testkit/token-calls';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** Who has not proved who they are cannot tell a user who is there from one who is not, nor what is wrong with it. */
let app: TestApp;
const traceId = '11111111-1111-4111-8111-111111111111';

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits });
});
afterAll(() => app.close());

/** Everything of an answer that reaches the caller, but for the clock. */
function seenOf({ statusCode, headers, body }: Answer) {
  const { date: _date, ...others } = headers;
  return { statusCode, headers: others, body };
}

function attempts(): [who: string, username: string, password: string][] {
  const api = createApiCaller(app);
  const active = api.customer({ state: 'active' });
  return [
    ['an unknown user', 'nobody.of.that.name', 'wrong-password-1'],
    ['an unknown user with a password of another', 'nobody.of.that.name', active.password],
    ['a user of another institution', createApiCaller(app, 1).customer({ state: 'active' }).loginId, active.password],
    ['a wrong password', active.loginId, 'wrong-password-1'],
    ['a wrong password again', active.loginId, 'wrong-password-2'],
    ['a locked user', api.customer({ state: 'locked' }).loginId, api.customer({ state: 'locked' }).password],
    ['a locked user, wrong password', api.customer({ state: 'locked' }).loginId, 'wrong-password-1'],
    ['a user on hold', api.customer({ state: 'onHold' }).loginId, api.customer({ state: 'onHold' }).password],
    ['a user on hold, wrong password', api.customer({ state: 'onHold' }).loginId, 'wrong-password-1'],
    [
      'a user who must choose a new password',
      api.customer({ state: 'reset' }).loginId,
      api.customer({ state: 'reset' }).password,
    ],
  ];
}

test('V2 sign-ins that are refused all look alike: status, body, header names and values', async () => {
  const { application } = createApiCaller(app);
  const form = { grant_type: 'password' };
  const seen = [];
  for (const [, username, password] of attempts()) {
    const headers = { transactionId: traceId };
    seen.push(seenOf(await requestToken(app.http, application('mobile'), { ...form, username, password }, { headers })));
  }
  expect(seen[0]).toMatchObject({
    statusCode: 401,
    body: '{"code":"CMN_90015","message":"the user credentials are not valid"}',
  });
  for (const one of seen) expect(one).toEqual(seen[0]);
});

test('V1 sign-ins that are refused all look alike, a business user included', async () => {
  const api = createApiCaller(app);
  const business = api.customer({ userType: 'BUSINESS' });
  const seen = [];
  for (const [, username, password] of [...attempts(), ['a business user', business.loginId, business.password]]) {
    const form = { grant_type: 'password', username: username ?? '', password: password ?? '' };
    seen.push(seenOf(await requestTokenV1(app.http, api.application('legacy'), form, { headers: { di_tid: traceId } })));
  }
  expect(seen[0]?.statusCode).toBe(401);
  expect(seen[0]?.body).toContain('<errorCode>90001</errorCode>');
  for (const one of seen) expect(one).toEqual(seen[0]);
});

test('the attempt that locks looks like the ones before it and after it', async () => {
  const { application, customers } = createApiCaller(app);
  const user = customers({ state: 'active' })[1];
  const seen = [];
  for (let attempt = 1; attempt <= 7; attempt += 1) {
    const form = { grant_type: 'password', username: user?.loginId ?? '', password: `wrong-password-${attempt}` };
    seen.push(seenOf(await requestToken(app.http, application('mobile'), form, { headers: { transactionId: traceId } })));
  }
  for (const one of seen) expect(one).toEqual(seen[0]);
});

test('what belongs to another institution answers as what does not exist', async () => {
  const api = createApiCaller(app);
  const other = createApiCaller(app, 1).customer({ state: 'locked' });
  const token = await api.partnerToken();
  const none = '0123456789abcdef'.repeat(2);
  const contact = { contactMethodId: other.contactMethods[0]?.id, email: { emailAddress: 'new@example.com' } };
  const entry = { passcode: '123456', resetSession: 'x'.repeat(32), newPassword: 'Brand-new-42' };
  const pairs: ['GET' | 'PUT' | 'POST', theirs: string, nobodys: string, body?: object][] = [
    ['GET', `/ux-users/v1/customers/${other.customerId}/contact-methods`, `/ux-users/v1/customers/${none}/contact-methods`],
    ['PUT', `/v1/customers/${other.customerId}:reset-password`, `/v1/customers/${none}:reset-password`, contact],
    ['PUT', `/v1/customers/${other.customerId}:contact-info`, `/v1/customers/${none}:contact-info`, contact],
    ['POST', `/v1/password-resets/${other.customerId}:verify`, `/v1/password-resets/${none}:verify`, entry],
    ['POST', `/v1/password-resets/${other.customerId}:complete`, `/v1/password-resets/${none}:complete`, entry],
    ['GET', `/v1/institution-users/${other.institutionUserId}`, `/v1/institution-users/${none}`],
    ['GET', `/v2/institution-users/${other.institutionUserId}`, `/v2/institution-users/${none}`],
    [
      'GET',
      `/v1/institution-user-disclosures?loginId=${other.loginId}`,
      '/v1/institution-user-disclosures?loginId=nobody.of.that.name',
    ],
    ['GET', `/v1/customers/${other.customerId}`, `/v1/customers/${none}`],
    ['GET', `/v1/customers/${other.loginId}?userIdType=LOGIN_ID`, '/v1/customers/nobody?userIdType=LOGIN_ID'],
    ['PUT', `/v1/customers/${other.customerId}:unlock-user`, `/v1/customers/${none}:unlock-user`],
    [
      'GET',
      `/v1/user-status/${other.institutionUserId}?userIdType=INSTITUTION_USER_ID`,
      `/v1/user-status/${none}?userIdType=INSTITUTION_USER_ID`,
    ],
    ['GET', `/v1/user-status/${other.memberNumber}?userIdType=HOST_USER_ID`, '/v1/user-status/999999?userIdType=HOST_USER_ID'],
    ['GET', `/v1/user-status/${other.loginId}?userIdType=LOGIN_ID`, '/v1/user-status/nobody?userIdType=LOGIN_ID'],
  ];
  for (const [method, theirs, nobodys, body] of pairs) {
    const headers = { correlationId: traceId, transactionId: traceId, 'content-type': 'application/json' };
    const payload = body === undefined ? {} : { payload: JSON.stringify(body) };
    const answers = [theirs, nobodys].map((url) => api.withToken(token, method, url, { headers, ...payload }));
    const [one, two] = (await Promise.all(answers)).map(seenOf);
    expect(one?.statusCode, theirs).toBe(/password-resets|disclosures/u.test(theirs) ? 400 : 404);
    expect(one).toEqual(two);
  }
});
