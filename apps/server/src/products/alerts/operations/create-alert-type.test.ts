import { type ApiCaller, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { createJsonCall, type JsonCall } from '@openbranch/testkit/json-call';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { withSwitch } from '@openbranch/testkit/sandbox-calls';
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

const path = '/v1/alert-types';
const saveUp = {
  alertTypeName: 'custom_saveup_alert',
  displayAlertTypeName: 'Ahorro',
  description: 'Una meta alcanzada: ¡bien!',
  alertCategory: 'CUSTOM',
  eventTypeDomain: 'NotificationEvent',
  applicableAccountTypes: 'savings; checking',
  channels: 'sms|EMAIL, email',
  externalSystem: 'DEVEX_REGISTRATION_00042',
  additionalInfo: { unit: 'USD' },
  userInputType: 'NA',
};
let next = 0;
const create = async (changes: object = {}) => {
  next += 1;
  const answer = await call('POST', path, { ...saveUp, alertTypeName: `TYPE_${next}`, ...changes });
  expect([answer.statusCode, answer.body]).toEqual([201, expect.any(String)]);
  return answer.json();
};
const listed = async (query = '') => (await call('GET', `${path}${query}`)).json().alertTypes;

describe('a type of an institution', () => {
  test('is answered as it is kept: capitals, channels in their order, what samples send echoed', async () => {
    const answer = await call('POST', path, saveUp);
    expect([answer.statusCode, answer.json()]).toEqual([
      201,
      {
        ...saveUp,
        alertTypeId: expect.any(Number),
        alertTypeName: 'CUSTOM_SAVEUP_ALERT',
        eventTypeDomain: 'NOTIFICATION',
        applicableAccountTypes: 'CHECKING,SAVINGS',
        channels: 'EMAIL,SMS',
        status: 'ACTIVE',
        institutionId: api.institutionId,
      },
    ]);
  });

  test('stands in the list beside those of the platform, by name, found whatever the case', async () => {
    await create();
    const names = (await listed()).map(({ alertTypeName }: { alertTypeName: string }) => alertTypeName);
    expect(names).toEqual([...names].sort());
    expect(names).toEqual(expect.arrayContaining(['LOW_BALANCE', 'PARTNER_NOTICE', 'CUSTOM_SAVEUP_ALERT']));
    expect(await listed('?alertTypeName=low_balance')).toEqual([
      expect.objectContaining({ eventTypeDomain: 'ACCOUNT', channels: 'EMAIL,SMS,PUSH,WEB', applicableAccountTypes: 'ALL' }),
    ]);
    expect((await listed('?alertTypeName=low_balance'))[0]).not.toHaveProperty('institutionId');
    expect(await listed('?alertCategory=security')).toHaveLength(4);
    expect((await listed('?externalSystem=devex_registration_00042')).length).toBeGreaterThan(0);
    expect(await listed('?alertTypeName=NOBODY')).toEqual([]);
  });

  test('belongs to its institution: another one sees, changes and deletes nothing of it, and may use the name', async () => {
    const { alertTypeId, alertTypeName } = await create();
    expect((await theirs('GET', `${path}?alertTypeName=${alertTypeName}`)).json()).toEqual({ alertTypes: [] });
    expect(await refusalOf(theirs('PUT', path, { alertTypeId, description: 'x' }))).toEqual([400, 'PRMSYS_10006']);
    expect(await refusalOf(theirs('DELETE', `${path}/${alertTypeId}`))).toEqual([400, 'PRMSYS_10006']);
    expect((await theirs('POST', path, { ...saveUp, alertTypeName })).statusCode).toBe(201);
  });

  test('changes only in what is given; an empty text clears, a name may change', async () => {
    const { alertTypeId, ...created } = await create();
    const changed = await call('PUT', path, { alertTypeId, description: '', status: 'INACTIVE', alertTypeName: 'renamed_type' });
    const { description: _gone, ...kept } = created;
    expect([changed.statusCode, changed.json()]).toEqual([
      200,
      { ...kept, alertTypeId, alertTypeName: 'RENAMED_TYPE', status: 'INACTIVE' },
    ]);
    expect(await listed('?alertTypeName=RENAMED_TYPE')).toEqual([changed.json()]);
  });

  test('goes for good with templates, opt-in and preferences', async () => {
    const { alertTypeId, alertTypeName } = await create({ channels: 'WEB' });
    await call('POST', '/v1/institution-alert-types', { alertTypeName, channelsOptd: 'WEB' });
    await call('POST', '/v1/alert-templates', {
      alertTypeName,
      templateContents: [{ channelType: 'WEB', templateContentType: 'WEB_BODY', templateContent: 'x' }],
    });
    const preference = { alertTypeName, channelTypeName: 'WEB', alertOpted: true };
    expect((await call('POST', '/v1/institution-alert-preferences', preference)).statusCode).toBe(201);
    const answer = await call('DELETE', `${path}/${alertTypeId}`);
    expect([answer.statusCode, answer.body]).toEqual([204, '']);
    for (const table of ['alert_types', 'alert_templates', 'institution_alert_types', 'institution_alert_preferences'])
      expect(await app.database.sql`select 1 from ${app.database.sql(table)} where alert_type_id = ${alertTypeId}`).toEqual([]);
    expect(await refusalOf(call('DELETE', `${path}/${alertTypeId}`))).toEqual([400, 'PRMSYS_10006']);
  });

  test('is written to the activity log', async () => {
    const { alertTypeName } = await create();
    const [activity] = await app.database.sql`
      select details from activities where kind = 'alert_type_created' order by activity_id desc limit 1`;
    expect(activity?.['details']).toEqual({ alertTypeName });
  });
});

test('204 PRMSYS_10005: a name that exists answers nothing and changes nothing, on the platform and in the institution', async () => {
  for (const alertTypeName of ['LOW_BALANCE', (await create()).alertTypeName]) {
    const before = await listed(`?alertTypeName=${alertTypeName}`);
    const answer = await call('POST', path, { ...saveUp, alertTypeName, description: 'another' });
    expect([answer.statusCode, answer.body]).toEqual([204, '']);
    expect(await listed(`?alertTypeName=${alertTypeName}`)).toEqual(before);
  }
});

test('204 PRMSYS_10005 is 400 PRMSYS_10007 where the institution wants it so (AL-1)', async () => {
  await withSwitch(app, api.institutionId, 'alerts.existing_name', ['400', '204'], async () => {
    expect(await refusalOf(call('POST', path, { ...saveUp, alertTypeName: 'LOGIN' }))).toEqual([400, 'PRMSYS_10007']);
  });
});

test('of two creates at once one makes the type and the other answers 204', async () => {
  const body = { ...saveUp, alertTypeName: 'AT_ONCE' };
  const answers = await Promise.all([call('POST', path, body), call('POST', path, body), call('POST', path, body)]);
  expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([201, 204, 204]);
});

describe('refusals of L2 and L3', () => {
  test.each([
    ['400 PRMSYS_10002 malformedInput', '{"alertTypeName":', 400, 'PRMSYS_10002'],
    ['400 PRMSYS_10002 malformedInput: a list', '[]', 400, 'PRMSYS_10002'],
    ['400 PRMSYS_10007 idExists', { ...saveUp, alertTypeId: 1 }, 400, 'PRMSYS_10007'],
    ['400 PRMSYS_10015 attributeMissing', { ...saveUp, channels: null }, 400, 'PRMSYS_10015'],
    ['400 PRMSYS_10015 attributeMissing: no body', undefined, 400, 'PRMSYS_10015'],
    ['400 PRMSYS_10016 notPrintableAscii', { ...saveUp, alertCategory: 'CAFÉ' }, 400, 'PRMSYS_10016'],
    ['400 PRMVAL_10002 valueInvalid', { ...saveUp, status: 'SLEEPING' }, 400, 'PRMVAL_10002'],
    ['400 PRMVAL_10002 valueInvalid: account type', { ...saveUp, applicableAccountTypes: 'PIGGY' }, 400, 'PRMVAL_10002'],
    ['400 PRMVAL_10003 institutionInvalid', { ...saveUp, institutionId: '99999' }, 400, 'PRMVAL_10003'],
    ['400 PRMVAL_10005 channelInvalid', { ...saveUp, channels: 'EMAIL,FAX' }, 400, 'PRMVAL_10005'],
    ['400 PRMVAL_10006 alertTypeInvalid: name', { ...saveUp, alertTypeName: '!' }, 400, 'PRMVAL_10006'],
    ['400 PRMVAL_10006 alertTypeInvalid: domain', { ...saveUp, eventTypeDomain: 'WEATHER' }, 400, 'PRMVAL_10006'],
    ['400 PRMVAL_10007 fieldRequired', { ...saveUp, alertTypeName: '' }, 400, 'PRMVAL_10007'],
    ['400 PRMVAL_10007 fieldRequired: no channel', { ...saveUp, channels: ' , ' }, 400, 'PRMVAL_10007'],
    ['400 PRMVAL_10008 fieldInvalid', { ...saveUp, alertCategory: 'x'.repeat(33) }, 400, 'PRMVAL_10008'],
    ['400 PRMVAL_10008 fieldInvalid: type', { ...saveUp, alertTypeName: 7 }, 400, 'PRMVAL_10008'],
    ['400 PRMVAL_10008 fieldInvalid: map', { ...saveUp, additionalInfo: { a: 1 } }, 400, 'PRMVAL_10008'],
    ['400 PRMVAL_10008 fieldInvalid: zero character', { ...saveUp, description: 'a\u0000' }, 400, 'PRMVAL_10008'],
  ])('%s', async (_title, body, status, code) => {
    expect(await refusalOf(call('POST', path, body))).toEqual([status, code]);
  });

  test.each([
    ['400 PRMSYS_10006 idUnknown', { alertTypeId: 999_999, description: 'x' }, 400, 'PRMSYS_10006'],
    ['403 PRMSYS_10004 notOwner', { alertTypeId: 1, description: 'x' }, 403, 'PRMSYS_10004'],
    ['400 PRMSYS_10015 attributeMissing', { description: 'x' }, 400, 'PRMSYS_10015'],
    ['400 PRMVAL_10008 fieldInvalid', { alertTypeId: 'one' }, 400, 'PRMVAL_10008'],
  ])('a change: %s', async (_title, body, status, code) => {
    expect(await refusalOf(call('PUT', path, body))).toEqual([status, code]);
  });

  test('a change to the name of another type: 400 PRMVAL_10006', async () => {
    const { alertTypeId } = await create();
    for (const alertTypeName of ['LOGIN', (await create()).alertTypeName])
      expect(await refusalOf(call('PUT', path, { alertTypeId, alertTypeName }))).toEqual([400, 'PRMVAL_10006']);
  });

  test('a delete of a type of the platform: 403 PRMSYS_10004; of no number: 400 PRMVAL_10008', async () => {
    expect(await refusalOf(call('DELETE', `${path}/1`))).toEqual([403, 'PRMSYS_10004']);
    expect(await refusalOf(call('DELETE', `${path}/one`))).toEqual([400, 'PRMVAL_10008']);
    expect(await refusalOf(call('DELETE', `${path}/0`))).toEqual([400, 'PRMVAL_10008']);
  });
});

test('the older prefix is the same', async () => {
  const answer = await call('GET', '/db-alerts-management/v1/alert-types?alertTypeName=LOGIN');
  expect([answer.statusCode, answer.json().alertTypes.length]).toEqual([200, 1]);
});
