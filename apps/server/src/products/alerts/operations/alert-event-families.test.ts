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

const formsOf = (family: string) =>
  Object.values(operations)
    .filter((one: Operation) => one.family.name === family)
    .flatMap((operation: Operation) =>
      [operation.path, ...(operation.aliases ?? [])].map((path) => ({
        method: operation.method,
        url: path.replace(/\{[^}]+\}/gu, '1'),
        scopes: operation.scopes,
        takesBody: operation.bodyFormat !== undefined,
        payload: operation.hasOwnBodyRules === true ? '{}' : JSON.stringify(operation.example.body ?? {}),
      })),
    );
const history = formsOf('ALH');
const events = formsOf('ALE');
type Form = (typeof history)[number];
type Headers = Readonly<Record<string, string | string[] | undefined>>;
const send = ({ method, url, takesBody, payload }: Form, headers: Headers = {}, bearer = token) =>
  api.withToken(bearer, method, url, {
    headers: { ...(takesBody ? { 'content-type': 'application/json' } : {}), ...headers },
    ...(takesBody ? { payload } : {}),
  });
const legacyToken = async () => {
  const { loginId, password } = api.customer({ state: 'active' });
  return /<access_token>([^<]+)</u.exec((await api.signInV1(loginId, password)).body)?.[1] ?? '';
};
const all = ['alertMgmt:read', 'alertPref:read', 'alertHist:read', 'alerts:publish'];
const without = (form: Form) => api.partnerToken(...all.filter((scope) => !form.scopes.some((needed) => needed === scope)));

test('L22 and L23 at both spellings, read flag, explanation and simulation; L24 at both spellings', () => {
  expect(history).toHaveLength(7);
  expect(events).toHaveLength(2);
});

describe.each(history)('$method $url', (form) => {
  test('401 PRMSYS_10004: no token, no bearer token, an unknown one, one of V1; 403 PRMSYS_10004 without the scope', async () => {
    expect(await refusalOf(send(form, { authorization: undefined }))).toEqual([401, 'PRMSYS_10004']);
    expect(await refusalOf(send(form, { authorization: 'Basic abc' }))).toEqual([401, 'PRMSYS_10004']);
    expect(await refusalOf(send(form, {}, 'nonsense'))).toEqual([401, 'PRMSYS_10004']);
    expect(await refusalOf(send(form, {}, await legacyToken()))).toEqual([401, 'PRMSYS_10004']);
    expect(await refusalOf(send(form, {}, await without(form)))).toEqual([403, 'PRMSYS_10004']);
  });

  test('400 PRMSYS_10003 and PRMVAL_10003: the headers', async () => {
    expect(await refusalOf(send(form, { transactionId: undefined }))).toEqual([400, 'PRMSYS_10003']);
    expect(await refusalOf(send(form, { transactionId: 'x'.repeat(65) }))).toEqual([400, 'PRMSYS_10003']);
    expect(await refusalOf(send(form, { 'x-long': 'x'.repeat(8200) }))).toEqual([400, 'PRMSYS_10003']);
    expect(await refusalOf(send(form, { 'x-odd': 'é' }))).toEqual([400, 'PRMSYS_10003']);
    expect(await refusalOf(send(form, { institutionId: '99999' }))).toEqual([400, 'PRMVAL_10003']);
    expect(await refusalOf(send(form, { fiid: '99999' }))).toEqual([400, 'PRMVAL_10003']);
  });
});

describe.each(events)('$method $url', (form) => {
  test('500 PRMSYS_10013 without Authorization, 401 PRMSYS_10004 with a bad token, 403 PRMSYS_10004 without the scope', async () => {
    expect(await refusalOf(send(form, { authorization: undefined }))).toEqual([500, 'PRMSYS_10013']);
    expect(await refusalOf(send(form, { authorization: 'Basic abc' }))).toEqual([401, 'PRMSYS_10004']);
    expect(await refusalOf(send(form, {}, 'nonsense'))).toEqual([401, 'PRMSYS_10004']);
    expect(await refusalOf(send(form, {}, await legacyToken()))).toEqual([401, 'PRMSYS_10004']);
    expect(await refusalOf(send(form, {}, await without(form)))).toEqual([403, 'PRMSYS_10004']);
  });

  test('500 PRMSYS_10007, PRMSYS_10002 and PRMSYS_10008: the headers; 500 PRMSYS_10002: body and media type', async () => {
    expect(await refusalOf(send(form, { transactionId: undefined }))).toEqual([500, 'PRMSYS_10007']);
    expect(await refusalOf(send(form, { transactionId: 'x'.repeat(65) }))).toEqual([500, 'PRMSYS_10007']);
    expect(await refusalOf(send(form, { 'x-long': 'x'.repeat(8200) }))).toEqual([500, 'PRMSYS_10002']);
    expect(await refusalOf(send(form, { 'x-odd': 'é' }))).toEqual([500, 'PRMSYS_10002']);
    expect(await refusalOf(send(form, { institutionId: '99999' }))).toEqual([500, 'PRMSYS_10008']);
    expect(await refusalOf(send(form, { fiid: '99999' }))).toEqual([500, 'PRMSYS_10008']);
    expect(await refusalOf(send(form, { 'content-type': 'application/xml' }))).toEqual([500, 'PRMSYS_10002']);
    expect(await refusalOf(send({ ...form, payload: '['.repeat(200_000) }))).toEqual([500, 'PRMSYS_10002']);
    expect(await refusalOf(send({ ...form, payload: `"${'x'.repeat(1_100_000)}"` }))).toEqual([500, 'PRMSYS_10002']);
  });
});

test('500 CMN_90001 and 500 CMN_90002: quota and spike of the application, in both families', async () => {
  const { clientId } = api.application('partner');
  const forms = [history, events].flatMap(([first]) => first ?? []);
  const answered = async () => JSON.stringify(await Promise.all(forms.map((form) => refusalOf(send(form)))));
  const both = (code: string) =>
    JSON.stringify([
      [500, code],
      [500, code],
    ]);
  await changeApplication(app, clientId, { spike_per_second: 1 });
  await eventually(async () => {
    await answered();
    return (await answered()) === both('CMN_90002');
  });
  await changeApplication(app, clientId, { spike_per_second: 0, quota_per_day: 1 });
  await eventually(async () => (await answered()) === both('CMN_90001'));
});
