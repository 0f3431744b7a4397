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

const path = '/v1/institution-alert-types';
let next = 0;
const createType = async (channels = 'EMAIL,SMS'): Promise<string> => {
  next += 1;
  const alertTypeName = `OPTED_${next}`;
  const body = {
    alertTypeName,
    alertCategory: 'CUSTOM',
    eventTypeDomain: 'NOTIFICATION',
    channels,
    externalSystem: `SYSTEM_${next}`,
  };
  expect((await call('POST', '/v1/alert-types', body)).statusCode).toBe(201);
  return alertTypeName;
};
const optIn = async (changes: object = {}) => {
  const answer = await call('POST', path, { alertTypeName: await createType(), channelsOptd: 'sms email', ...changes });
  expect([answer.statusCode, answer.body]).toEqual([201, expect.any(String)]);
  return answer.json();
};
const listed = async (query = '') => (await call('GET', `${path}${query}`)).json().institutionAlertTypes;

describe('what an institution opted into', () => {
  test('is answered and listed as it is kept', async () => {
    const created = await optIn({ reason: 'Pedido por el banco ñ' });
    expect(created).toEqual({
      institutionAlertTypeId: expect.any(Number),
      alertTypeName: expect.stringMatching(/^OPTED_/u),
      channelsOptd: 'EMAIL,SMS',
      statusOptd: 'ACTIVE',
      reason: 'Pedido por el banco ñ',
      institutionId: api.institutionId,
    });
    expect(await listed(`?alertTypeName=${created.alertTypeName.toLowerCase()}`)).toEqual([created]);
    expect(await listed(`?externalSystem=${created.alertTypeName.replace('OPTED', 'SYSTEM')}`)).toEqual([created]);
  });

  test('is every type of the platform in a fresh sandbox', async () => {
    expect((await theirs('GET', path)).json().institutionAlertTypes).toHaveLength(9);
  });

  test('is filtered by status', async () => {
    const { alertTypeName } = await optIn({ statusOptd: 'INACTIVE' });
    const inactive = await listed('?statusOptd=INACTIVE');
    expect(inactive.map((one: { alertTypeName: string }) => one.alertTypeName)).toContain(alertTypeName);
    expect(new Set(inactive.map((one: { statusOptd: string }) => one.statusOptd))).toEqual(new Set(['INACTIVE']));
    expect(await refusalOf(call('GET', `${path}?statusOptd=ASLEEP`))).toEqual([400, 'PRMVAL_10002']);
  });

  test('changes only in what is given', async () => {
    const created = await optIn({ reason: 'x' });
    const { institutionAlertTypeId } = created;
    const changed = await call('PUT', path, { institutionAlertTypeId, channelsOptd: 'EMAIL', reason: '' });
    const { reason: _gone, ...kept } = created;
    expect([changed.statusCode, changed.json()]).toEqual([200, { ...kept, channelsOptd: 'EMAIL' }]);
    expect((await call('PUT', path, { institutionAlertTypeId, statusOptd: 'INACTIVE' })).json()).toEqual({
      ...kept,
      channelsOptd: 'EMAIL',
      statusOptd: 'INACTIVE',
    });
  });

  test('follows the type when that is renamed', async () => {
    const { institutionAlertTypeId, alertTypeName } = await optIn();
    const [type] = (await call('GET', `/v1/alert-types?alertTypeName=${alertTypeName}`)).json().alertTypes;
    await call('PUT', '/v1/alert-types', { alertTypeId: type.alertTypeId, alertTypeName: `${alertTypeName}_NEW` });
    expect(await listed(`?alertTypeName=${alertTypeName}_NEW`)).toEqual([expect.objectContaining({ institutionAlertTypeId })]);
  });

  test('ends by a delete, which another institution cannot do', async () => {
    const { institutionAlertTypeId, alertTypeName } = await optIn();
    expect(await refusalOf(theirs('DELETE', `${path}/${institutionAlertTypeId}`))).toEqual([400, 'PRMSYS_10006']);
    expect(await refusalOf(theirs('PUT', path, { institutionAlertTypeId, reason: 'x' }))).toEqual([400, 'PRMSYS_10006']);
    const answer = await call('DELETE', `${path}/${institutionAlertTypeId}`);
    expect([answer.statusCode, answer.body]).toEqual([204, '']);
    expect(await listed(`?alertTypeName=${alertTypeName}`)).toEqual([]);
    expect(await refusalOf(call('DELETE', `${path}/${institutionAlertTypeId}`))).toEqual([400, 'PRMSYS_10006']);
  });
});

describe('refusals', () => {
  test('204 PRMSYS_10005: a second row for a type changes nothing', async () => {
    const created = await optIn();
    const answer = await call('POST', path, { alertTypeName: created.alertTypeName, channelsOptd: 'SMS' });
    expect([answer.statusCode, answer.body]).toEqual([204, '']);
    expect(await listed(`?alertTypeName=${created.alertTypeName}`)).toEqual([created]);
  });

  test.each([
    ['400 PRMSYS_10008 nameUnknown', { alertTypeName: 'NOBODY', channelsOptd: 'SMS' }, 400, 'PRMSYS_10008'],
    ['400 PRMSYS_10015 attributeMissing', { alertTypeName: 'LOGIN' }, 400, 'PRMSYS_10015'],
    ['400 PRMVAL_10007 fieldRequired', { alertTypeName: '', channelsOptd: 'SMS' }, 400, 'PRMVAL_10007'],
    ['400 PRMVAL_10005 channelInvalid: unknown', { alertTypeName: 'LOGIN', channelsOptd: 'FAX' }, 400, 'PRMVAL_10005'],
    [
      '400 PRMVAL_10005 channelInvalid: not of the type',
      { alertTypeName: 'USER_LOCKED', channelsOptd: 'WEB' },
      400,
      'PRMVAL_10005',
    ],
    [
      '400 PRMVAL_10003 institutionInvalid',
      { alertTypeName: 'LOGIN', channelsOptd: 'SMS', institutionId: '1' },
      400,
      'PRMVAL_10003',
    ],
    [
      '400 PRMVAL_10008 fieldInvalid',
      { alertTypeName: 'LOGIN', channelsOptd: 'SMS', reason: 'x'.repeat(256) },
      400,
      'PRMVAL_10008',
    ],
    ['400 PRMVAL_10002 valueInvalid', { alertTypeName: 'LOGIN', channelsOptd: 'SMS', statusOptd: 'ON' }, 400, 'PRMVAL_10002'],
    ['400 PRMSYS_10016 notPrintableAscii', { alertTypeName: 'LÓGIN', channelsOptd: 'SMS' }, 400, 'PRMSYS_10016'],
  ])('%s', async (_title, body, status, code) => {
    expect(await refusalOf(call('POST', path, body))).toEqual([status, code]);
  });

  test('400 PRMSYS_10007 idExists: a new row with an id that exists', async () => {
    const { institutionAlertTypeId } = await optIn();
    const body = { institutionAlertTypeId, alertTypeName: await createType(), channelsOptd: 'SMS' };
    expect(await refusalOf(call('POST', path, body))).toEqual([400, 'PRMSYS_10007']);
  });

  test.each([
    ['400 PRMSYS_10006 idUnknown', { institutionAlertTypeId: 999_999 }, 400, 'PRMSYS_10006'],
    ['400 PRMSYS_10015 attributeMissing', { channelsOptd: 'SMS' }, 400, 'PRMSYS_10015'],
  ])('a change: %s', async (_title, body, status, code) => {
    expect(await refusalOf(call('PUT', path, body))).toEqual([status, code]);
  });

  test('a change to another type: 400 PRMVAL_10002, to an unknown one 400 PRMSYS_10008', async () => {
    const { institutionAlertTypeId } = await optIn();
    expect(await refusalOf(call('PUT', path, { institutionAlertTypeId, alertTypeName: 'LOGIN' }))).toEqual([400, 'PRMVAL_10002']);
    expect(await refusalOf(call('PUT', path, { institutionAlertTypeId, alertTypeName: 'NOBODY' }))).toEqual([
      400,
      'PRMSYS_10008',
    ]);
  });
});
