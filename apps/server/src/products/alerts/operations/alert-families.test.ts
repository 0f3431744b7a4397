import type { Operation } from '@openbranch/contract/operation';
import { operations } from '@openbranch/contract/operations';
import { type ApiCaller, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { changeApplication } from '@openbranch/testkit/change-application';
import { eventually } from '@openbranch/testkit/eventually';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let app: TestApp;
let api: ApiCaller;
let token: string;

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits });
  api = createApiCaller(app);
  token = await api.partnerToken();
});
afterAll(() => app.close());

/** Every operation of the families ALM and ALP, at each of its paths. */
const alerts = Object.values(operations).filter((one: Operation) => ['ALM', 'ALP'].includes(one.family.name));
const forms = alerts.flatMap((operation: Operation) =>
  [operation.path, ...(operation.aliases ?? [])].map((path) => ({
    id: operation.id,
    method: operation.method,
    url: path.replace(/\{[^}]+\}/gu, '1'),
    scopes: operation.scopes,
    takesBody: operation.bodyFormat !== undefined,
    // Where the edge looks at the body, it must be one that passes.
    payload: operation.hasOwnBodyRules === true ? '{}' : JSON.stringify(operation.example.body ?? {}),
  })),
);
type Form = (typeof forms)[number];
type Headers = Readonly<Record<string, string | string[] | undefined>>;

const send = ({ method, url, takesBody, payload }: Form, headers: Headers = {}, bearer = token) =>
  api.withToken(bearer, method, url, {
    headers: { ...(takesBody ? { 'content-type': 'application/json' } : {}), ...headers },
    ...(takesBody ? { payload } : {}),
  });

test('all of L1 to L21 and the preview are here', () => {
  expect(alerts).toHaveLength(22);
  expect(forms.length).toBeGreaterThan(44);
});

describe.each(forms)('$method $url', (form) => {
  test('401 PRMSYS_10004: no token, no bearer token, an unknown one, one of V1', async () => {
    const legacy = /<access_token>([^<]+)</u.exec((await signInLegacy()).body)?.[1] ?? '';
    expect(await refusalOf(send(form, { authorization: undefined }))).toEqual([401, 'PRMSYS_10004']);
    expect(await refusalOf(send(form, { authorization: 'Basic abc' }))).toEqual([401, 'PRMSYS_10004']);
    expect(await refusalOf(send(form, { authorization: 'Bearer nonsense' }))).toEqual([401, 'PRMSYS_10004']);
    expect(await refusalOf(send(form, {}, legacy))).toEqual([401, 'PRMSYS_10004']);
  });

  test('400 PRMSYS_10015, PRMSYS_10002, PRMSYS_10016 and PRMVAL_10003: the headers', async () => {
    expect(await refusalOf(send(form, { transactionId: undefined }))).toEqual([400, 'PRMSYS_10015']);
    expect(await refusalOf(send(form, { transactionId: 'x'.repeat(65) }))).toEqual([400, 'PRMSYS_10002']);
    expect(await refusalOf(send(form, { 'x-long': 'x'.repeat(8200) }))).toEqual([400, 'PRMSYS_10002']);
    expect(await refusalOf(send(form, { 'x-odd': 'é' }))).toEqual([400, 'PRMSYS_10016']);
    expect(await refusalOf(send(form, { institutionId: '99999' }))).toEqual([400, 'PRMVAL_10003']);
    expect(await refusalOf(send(form, { fiid: '99999' }))).toEqual([400, 'PRMVAL_10003']);
  });

  test('the trace id is echoed', async () => {
    expect((await send(form, { transactionId: 'my trace' })).headers['transactionid']).toBe('my trace');
  });
});

async function signInLegacy() {
  const { loginId, password } = api.customer({ state: 'active' });
  return api.signInV1(loginId, password);
}

test.each(forms)('403 PRMSYS_10004: a token without the scope cannot $method $url', async (form) => {
  const all = ['alertMgmt:read', 'alertMgmt:write', 'alertPref:read', 'alertPref:write'];
  const without = await api.partnerToken(...all.filter((scope) => !form.scopes.some((needed) => needed === scope)));
  expect(await refusalOf(send(form, {}, without))).toEqual([403, 'PRMSYS_10004']);
});

test('403 PRMSYS_10004: whoever signed in changes no catalogue, no template and no default of the institution', async () => {
  const { clientId } = api.application('mobile');
  await changeApplication(app, clientId, {
    allowed_scopes: ['alertMgmt:read', 'alertMgmt:write', 'alertPref:read', 'alertPref:write'],
  });
  const pat = await eventually(async () => {
    const found = await api.userToken(api.customer({ state: 'active', userType: 'RETAIL', role: 'PRIMARY' }));
    const answer = await api.withToken(found, 'GET', '/v1/alert-types');
    return answer.statusCode === 200 ? found : undefined;
  });
  const ofInstitution = forms.filter(({ id }) =>
    /^(?:create|update|delete)(?:Institution\w+|AlertType|AlertTemplate)$/u.test(id),
  );
  expect(new Set(ofInstitution.map(({ id }) => id)).size).toBe(12);
  for (const form of ofInstitution) {
    const answer = await send(form, {}, pat);
    expect([form.id, answer.statusCode, answer.json()]).toEqual([
      form.id,
      403,
      { code: 'PRMSYS_10004', message: expect.stringContaining('only the institution itself') },
    ]);
  }
});

test('400 PRMSYS_10002: a body that is too large, of another media type, or nested without end', async () => {
  const post = (payload: string, contentType = 'application/json') =>
    refusalOf(api.withToken(token, 'POST', '/v1/alert-types', { headers: { 'content-type': contentType }, payload }));
  expect(await post(JSON.stringify({ description: 'x'.repeat(1_100_000) }))).toEqual([400, 'PRMSYS_10002']);
  expect(await post('<a/>', 'application/xml')).toEqual([400, 'PRMSYS_10002']);
  expect(await post('['.repeat(200_000))).toEqual([400, 'PRMSYS_10002']);
  expect(await post('{"__proto__":{}}')).toEqual([400, 'PRMSYS_10002']);
});

test('500 CMN_90001 and 500 CMN_90002: quota and spike of the application', async () => {
  const { clientId } = api.application('mobile');
  const mobile = await api.userToken(api.customer({ state: 'active', userType: 'RETAIL', role: 'PRIMARY' }));
  const call = () => refusalOf(api.withToken(mobile, 'GET', '/v1/alert-preferences'));
  await changeApplication(app, clientId, { spike_per_second: 1 });
  await eventually(async () => expect(await call()).toEqual([500, 'CMN_90002']));
  await changeApplication(app, clientId, { spike_per_second: 0, quota_per_day: 1 });
  await eventually(async () => expect(await call()).toEqual([500, 'CMN_90001']));
});

test('an application of one institution sees and changes nothing of another, by any id', async () => {
  const other = createApiCaller(app, 1);
  const theirs = await other.partnerToken();
  const { sql } = app.database;
  const everything = async () =>
    JSON.stringify([
      await sql`select to_jsonb(t)::text as row from alert_types t where institution_id = ${other.institutionId} order by 1`,
      await sql`select to_jsonb(t)::text as row from institution_alert_types t where institution_id = ${other.institutionId} order by 1`,
      await sql`select to_jsonb(t)::text as row from institution_alert_preferences t where institution_id = ${other.institutionId} order by 1`,
      await sql`select to_jsonb(t)::text as row from alert_templates t where institution_id = ${other.institutionId} order by 1`,
    ]);
  const answer = await other.withToken(theirs, 'GET', '/v1/institution-alert-types');
  const [{ institutionAlertTypeId }] = answer.json().institutionAlertTypes;
  const [preference] = (await other.withToken(theirs, 'GET', '/v1/institution-alert-preferences')).json().fiAlertPreferences;
  const before = await everything();
  const ids = [institutionAlertTypeId, preference.institutionAlertPrefId];
  for (const form of forms) {
    if (form.method === 'GET' || form.method === 'POST') continue;
    for (const id of ids) {
      const url = form.url.replace(/\/1$/u, `/${id}`);
      await send({ ...form, url });
    }
  }
  expect(await everything()).toBe(before);
});

test('a reset of the sandbox brings back the seeded catalogue and nothing else', async () => {
  const read = async () => [
    (await api.withToken(token, 'GET', '/v1/alert-types'))
      .json()
      .alertTypes.map((one: { alertTypeName: string }) => one.alertTypeName),
    (await api.withToken(token, 'GET', '/v1/institution-alert-types')).json().institutionAlertTypes.length,
  ];
  expect((await api.control('POST', ':reset')).statusCode).toBe(204);
  const seeded = await read();
  await api.withToken(token, 'POST', '/v1/alert-types', {
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify({ alertTypeName: 'GONE_SOON', alertCategory: 'X', eventTypeDomain: 'USER', channels: 'WEB' }),
  });
  expect(await read()).not.toEqual(seeded);
  expect((await api.control('POST', ':reset')).statusCode).toBe(204);
  expect(await read()).toEqual(seeded);
});
