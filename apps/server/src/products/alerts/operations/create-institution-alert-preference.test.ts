import { randomUUID } from 'node:crypto';
import { type ApiCaller, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { createJsonCall, type JsonCall } from '@openbranch/testkit/json-call';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let app: TestApp;
let api: ApiCaller;
let call: JsonCall;
let theirs: JsonCall;

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits });
  api = createApiCaller(app);
  call = createJsonCall(api, await api.partnerToken());
  const other = createApiCaller(app, 1);
  theirs = createJsonCall(other, await other.partnerToken());
});
afterAll(() => app.close());

const path = '/v1/institution-alert-preferences';
let next = 0;
/** A type that the institution offers on EMAIL and SMS, though not on WEB. */
const createType = async (): Promise<string> => {
  next += 1;
  const alertTypeName = `PRESUMED_${next}`;
  const type = { alertTypeName, alertCategory: 'CUSTOM', eventTypeDomain: 'ACCOUNT', channels: 'EMAIL,SMS,WEB' };
  expect((await call('POST', '/v1/alert-types', type)).statusCode).toBe(201);
  expect((await call('POST', '/v1/institution-alert-types', { alertTypeName, channelsOptd: 'EMAIL,SMS' })).statusCode).toBe(201);
  return alertTypeName;
};
const wish = (alertTypeName: string) => ({ alertTypeName, channelTypeName: 'EMAIL', alertOpted: true });
const create = async (changes: object = {}) => {
  const answer = await call('POST', path, { ...wish(await createType()), ...changes });
  expect([answer.statusCode, answer.body]).toEqual([201, expect.any(String)]);
  return answer.json();
};
const listed = async (query = '') => (await call('GET', `${path}${query}`)).json().fiAlertPreferences;

describe('what an institution presumes', () => {
  test('is answered and listed as it is kept, with its condition', async () => {
    const additionalInfo = { threshold: 100, comparator: 'LT', currencyCode: 'USD', note: 'kept' };
    const created = await create({ institutionAlertPrefId: 0, channelTypeName: 'sms', additionalInfo });
    expect(created).toEqual({
      institutionAlertPrefId: expect.any(Number),
      alertTypeName: expect.stringMatching(/^PRESUMED_/u),
      channelTypeName: 'SMS',
      alertOpted: true,
      institutionId: api.institutionId,
      additionalInfo,
    });
    expect(await listed(`?alertTypes=nobody,${created.alertTypeName.toLowerCase()}`)).toEqual([created]);
    expect(await listed()).toContainEqual(created);
    expect((await theirs('GET', path)).json().fiAlertPreferences).not.toContainEqual(created);
  });

  test('changes only in what is given', async () => {
    const created = await create({ additionalInfo: { threshold: 5 } });
    const { institutionAlertPrefId, ...kept } = created;
    const changed = await call('PUT', `${path}/${institutionAlertPrefId}`, { institutionAlertPrefId, alertOpted: false });
    expect([changed.statusCode, changed.json()]).toEqual([200, { ...kept, institutionAlertPrefId, alertOpted: false }]);
    const cleared = await call('PUT', `${path}/${institutionAlertPrefId}`, { additionalInfo: {} });
    expect(cleared.json()).not.toHaveProperty('additionalInfo');
  });

  test('ends by a delete', async () => {
    const { institutionAlertPrefId, alertTypeName } = await create();
    const answer = await call('DELETE', `${path}/${institutionAlertPrefId}`);
    expect([answer.statusCode, answer.body]).toEqual([204, '']);
    expect(await listed(`?alertTypes=${alertTypeName}`)).toEqual([]);
    expect(await refusalOf(call('DELETE', `${path}/${institutionAlertPrefId}`))).toEqual([400, 'PRMVAL_10011']);
  });

  test('is made once for one trace id and body, and answered again', async () => {
    const body = wish(await createType());
    const transactionId = randomUUID();
    const first = await call('POST', path, body, { transactionId });
    const again = await call('POST', path, body, { transactionId });
    expect([again.statusCode, again.headers['x-replayed'], again.json()]).toEqual([201, 'true', first.json()]);
    expect(await listed(`?alertTypes=${body.alertTypeName}`)).toHaveLength(1);
  });

  test('the older prefix is the same', async () => {
    expect((await call('GET', '/db-alerts-preferences/v1/institution-alert-preferences')).json()).toEqual({
      fiAlertPreferences: await listed(),
    });
  });
});

describe('refusals', () => {
  const login = { alertTypeName: 'LOGIN', channelTypeName: 'EMAIL', alertOpted: true };
  test.each([
    ['400 PRMVAL_10012 nullNotAllowed: empty', {}, 400, 'PRMVAL_10012'],
    ['400 PRMVAL_10012 nullNotAllowed: absent', { ...login, alertOpted: null }, 400, 'PRMVAL_10012'],
    ['400 PRMVAL_10007 fieldRequired', { ...login, alertTypeName: '' }, 400, 'PRMVAL_10007'],
    ['400 PRMVAL_10006 alertTypeInvalid', { ...login, alertTypeName: '!' }, 400, 'PRMVAL_10006'],
    ['400 PRMVAL_10009 typeNotForInstitution', { ...login, alertTypeName: 'NOBODY' }, 400, 'PRMVAL_10009'],
    ['400 PRMVAL_10005 channelInvalid', { ...login, channelTypeName: 'FAX' }, 400, 'PRMVAL_10005'],
    [
      '400 PRMVAL_10015 channelNotConfigured',
      { ...login, alertTypeName: 'USER_LOCKED', channelTypeName: 'WEB' },
      400,
      'PRMVAL_10015',
    ],
    ['400 PRMVAL_10003 institutionInvalid', { ...login, institutionId: '99999' }, 400, 'PRMVAL_10003'],
    ['400 PRMVAL_10008 fieldInvalid', { ...login, alertOpted: 'yes' }, 400, 'PRMVAL_10008'],
    ['400 PRMVAL_10008 fieldInvalid: threshold', { ...login, additionalInfo: { threshold: 0.001 } }, 400, 'PRMVAL_10008'],
    ['400 PRMVAL_10002 valueInvalid', { ...login, additionalInfo: { comparator: 'EQ' } }, 400, 'PRMVAL_10002'],
    ['400 PRMSYS_10016 notPrintableAscii', { ...login, alertTypeName: 'LÓGIN' }, 400, 'PRMSYS_10016'],
    ['400 PRMSYS_10002 malformedInput', '{', 400, 'PRMSYS_10002'],
  ])('%s', async (_title, body, status, code) => {
    expect(await refusalOf(call('POST', path, body))).toEqual([status, code]);
  });

  test('400 PRMVAL_10013 preferenceInvalid: a second one for type and channel, by create and by change', async () => {
    const one = await create();
    expect(await refusalOf(call('POST', path, wish(one.alertTypeName)))).toEqual([400, 'PRMVAL_10013']);
    const other = (await call('POST', path, { ...wish(one.alertTypeName), channelTypeName: 'SMS' })).json();
    expect(await refusalOf(call('PUT', `${path}/${other.institutionAlertPrefId}`, { channelTypeName: 'EMAIL' }))).toEqual([
      400,
      'PRMVAL_10013',
    ]);
  });

  test('400 PRMVAL_10009 typeNotForInstitution: the opt-in is not active', async () => {
    const alertTypeName = await createType();
    const [optIn] = (await call('GET', `/v1/institution-alert-types?alertTypeName=${alertTypeName}`)).json()
      .institutionAlertTypes;
    const { institutionAlertTypeId } = optIn;
    await call('PUT', '/v1/institution-alert-types', { institutionAlertTypeId, statusOptd: 'INACTIVE' });
    expect(await refusalOf(call('POST', path, wish(alertTypeName)))).toEqual([400, 'PRMVAL_10009']);
  });

  test('400 PRMVAL_10012 nullNotAllowed: a change without a body', async () => {
    const { institutionAlertPrefId } = await create();
    for (const body of [undefined, '', {}, { alertOpted: null }])
      expect(await refusalOf(call('PUT', `${path}/${institutionAlertPrefId}`, body))).toEqual([400, 'PRMVAL_10012']);
  });

  test('400 PRMVAL_10011 institutionPreferenceUnknown: no such row, or that of another institution', async () => {
    const { institutionAlertPrefId } = await create();
    expect(await refusalOf(call('PUT', `${path}/999999`, { alertOpted: true }))).toEqual([400, 'PRMVAL_10011']);
    expect(await refusalOf(theirs('PUT', `${path}/${institutionAlertPrefId}`, { alertOpted: false }))).toEqual([
      400,
      'PRMVAL_10011',
    ]);
    expect(await refusalOf(theirs('DELETE', `${path}/${institutionAlertPrefId}`))).toEqual([400, 'PRMVAL_10011']);
  });

  test('400 PRMAPS_10008 preferenceMismatch: another id in the body; 400 PRMVAL_10008: no number in the path', async () => {
    const { institutionAlertPrefId: id } = await create();
    const body = { institutionAlertPrefId: id + 1, alertOpted: true };
    expect(await refusalOf(call('PUT', `${path}/${id}`, body))).toEqual([400, 'PRMAPS_10008']);
    expect(await refusalOf(call('PUT', `${path}/one`, { alertOpted: true }))).toEqual([400, 'PRMVAL_10008']);
  });
});
