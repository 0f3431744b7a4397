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

const path = '/v1/alert-templates';
const content = (templateContentType: string, templateContent = 'Hola ñ', channelType = templateContentType.split('_')[0]) => ({
  channelType,
  templateContentType,
  templateContent,
});
const sms = content('SMS_BODY');
const mail = [content('EMAIL_SUBJECT', 'Hi'), content('EMAIL_BODY', '<p>${Name}</p>')];
let next = 0;
const createType = async () => {
  next += 1;
  const alertTypeName = `WORDED_${next}`;
  const body = { alertTypeName, alertCategory: 'CUSTOM', eventTypeDomain: 'NOTIFICATION', channels: 'EMAIL,SMS,PUSH,WEB' };
  return (await call('POST', '/v1/alert-types', body)).json();
};
const create = async (changes: object = {}) => {
  const { alertTypeName } = await createType();
  const answer = await call('POST', path, { alertTypeName, templateContents: [sms, ...mail], ...changes });
  expect([answer.statusCode, answer.body]).toEqual([201, expect.any(String)]);
  return answer.json();
};
const listed = async (query: string) => (await call('GET', `${path}${query}`)).json().alertTemplateResources;
const stateOf = async (id: number) => (await listed(`?id=${id}`))[0]?.state;

describe('a template', () => {
  test('is answered as it is kept: its id in every row, what samples send echoed', async () => {
    const type = await createType();
    const answer = await call('POST', path, {
      alertTypeResourceId: type.alertTypeId,
      locale: 'es-mx',
      vendor: 'somebody',
      externalSystem: 'SYSTEM',
      variableMap: { NAME: 'notification.Name', GREETING: '=Hola' },
      templateContents: [sms, ...mail],
    });
    const created = answer.json();
    const { alertTemplateResourceId } = created;
    expect([answer.statusCode, created]).toEqual([
      201,
      {
        alertTemplateResourceId,
        alertTypeResourceId: type.alertTypeId,
        alertTypeName: type.alertTypeName,
        locale: 'es_MX',
        state: 'DRAFT',
        externalSystem: 'SYSTEM',
        vendor: 'somebody',
        institutionId: api.institutionId,
        lastUpdatedDttm: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}[+-]\d{2}:\d{2}$/u),
        variableMap: { NAME: 'notification.Name', GREETING: '=Hola' },
        templateContents: [...mail, sms].map((row) => ({ ...row, alertTemplateResourceId })),
      },
    ]);
    expect(await listed(`?id=${alertTemplateResourceId}`)).toEqual([created]);
  });

  test('is found by type, state, locale and channel, which trims it', async () => {
    const { alertTemplateResourceId: id, alertTypeName } = await create({ locale: 'fr_CA' });
    const ids = async (query: string) =>
      (await listed(query)).map((one: { alertTemplateResourceId: number }) => one.alertTemplateResourceId);
    expect(await ids(`?alertTypeName=NOBODY&alertTypeName=${alertTypeName.toLowerCase()}`)).toEqual([id]);
    expect(await ids(`?alertTypeName=NOBODY,${alertTypeName}&state=DRAFT&locale=fr-ca`)).toEqual([id]);
    expect(await ids(`?alertTypeName=${alertTypeName}&state=PUBLISHED,ARCHIVED`)).toEqual([]);
    expect(await ids(`?alertTypeName=${alertTypeName}&channel=PUSH`)).toEqual([]);
    const [trimmed] = await listed(`?alertTypeName=${alertTypeName}&channel=SMS&channel=PUSH`);
    expect(trimmed.templateContents).toEqual([{ ...sms, alertTemplateResourceId: id }]);
  });

  test('of the platform stands in the list of every institution', async () => {
    const all = await listed('?alertTypeName=LOW_BALANCE&default=true');
    expect(all).toEqual([expect.objectContaining({ alertTemplateResourceId: 1, state: 'PUBLISHED', locale: 'en_US' })]);
    expect(all[0]).not.toHaveProperty('institutionId');
  });

  test('that is published archives the one before; one stays, however many are published at once', async () => {
    const first = await create({ state: 'PUBLISHED' });
    const { alertTypeName } = first;
    const drafts = await Promise.all(
      [1, 2, 3].map(async () => (await call('POST', path, { alertTypeName, templateContents: [sms] })).json()),
    );
    const published = await Promise.all(
      drafts.map(({ alertTemplateResourceId }) => call('PUT', path, { alertTemplateResourceId, state: 'PUBLISHED' })),
    );
    expect(published.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
    expect(await stateOf(first.alertTemplateResourceId)).toBe('ARCHIVED');
    expect(await listed(`?alertTypeName=${alertTypeName}&state=PUBLISHED`)).toHaveLength(1);
  });

  test('is found for a change by its rows, by its id, or as the newest draft of type and locale', async () => {
    const created = await create();
    const { alertTemplateResourceId: id, alertTypeName } = created;
    const inRows = { templateContents: [{ ...sms, templateContent: 'new', alertTemplateResourceId: id }] };
    expect((await call('PUT', path, inRows)).json().templateContents).toEqual(inRows.templateContents);
    expect((await call('PUT', path, { alertTypeName, vendor: 'me' })).json()).toMatchObject({
      alertTemplateResourceId: id,
      vendor: 'me',
      templateContents: inRows.templateContents,
    });
    expect((await call('PUT', path, { alertTemplateResourceId: id, vendor: '' })).json()).not.toHaveProperty('vendor');
  });

  test('that is archived can be a draft again', async () => {
    const { alertTemplateResourceId } = await create();
    for (const state of ['ARCHIVED', 'DRAFT'])
      expect((await call('PUT', path, { alertTemplateResourceId, state })).json().state).toBe(state);
  });
});

describe('L8 deletes one template', () => {
  const places = {
    'in the query': (id: number) => call('DELETE', `${path}?id=${id}`),
    'in the path': (id: number) => call('DELETE', `${path}/${id}`),
    'in the body': (id: number) => call('DELETE', path, { id }),
    'in the prefixed path': (id: number) => call('DELETE', `/db-alerts-management/v1/alert-templates/${id}`),
    'in the prefixed query': (id: number) => call('DELETE', `/db-alerts-management/v1/alert-templates?id=${id}`),
  };
  test.each(Object.entries(places))('whose id stands %s', async (_place, remove) => {
    const { alertTemplateResourceId: id } = await create();
    const answer = await remove(id);
    expect([answer.statusCode, answer.body]).toEqual([204, '']);
    expect(await listed(`?id=${id}`)).toEqual([]);
    expect(await refusalOf(remove(id))).toEqual([400, 'PRMSYS_10006']);
  });

  test('and without an id nothing: 400 PRMSYS_10015', async () => {
    const before = await listed('');
    expect(await refusalOf(call('DELETE', path))).toEqual([400, 'PRMSYS_10015']);
    expect(await refusalOf(call('DELETE', path, {}))).toEqual([400, 'PRMSYS_10015']);
    expect(await refusalOf(call('DELETE', `${path}?id=`))).toEqual([400, 'PRMVAL_10008']);
    expect(await listed('')).toEqual(before);
  });

  test('but not two: 400 PRMVAL_10001 where path, query and body differ', async () => {
    const { alertTemplateResourceId: id } = await create();
    expect(await refusalOf(call('DELETE', `${path}/${id}?id=${id + 1}`))).toEqual([400, 'PRMVAL_10001']);
    expect(await refusalOf(call('DELETE', `${path}?id=${id}`, { id: id + 1 }))).toEqual([400, 'PRMVAL_10001']);
    expect(await stateOf(id)).toBe('DRAFT');
  });

  test('and none of the platform: 403 PRMSYS_10004; none of another institution: 400 PRMSYS_10006', async () => {
    expect(await refusalOf(call('DELETE', `${path}?id=1`))).toEqual([403, 'PRMSYS_10004']);
    const { alertTemplateResourceId: id } = await create();
    expect(await refusalOf(theirs('DELETE', `${path}?id=${id}`))).toEqual([400, 'PRMSYS_10006']);
    expect((await theirs('GET', `${path}?id=${id}`)).json()).toEqual({ alertTemplateResources: [] });
  });
});

describe('refusals', () => {
  const named = { alertTypeName: 'LOGIN', templateContents: [sms] };
  test.each([
    ['400 PRMSYS_10008 nameUnknown', { ...named, alertTypeName: 'NOBODY' }, 400, 'PRMSYS_10008'],
    ['400 PRMSYS_10006 idUnknown: type', { ...named, alertTypeResourceId: 99_999 }, 400, 'PRMSYS_10006'],
    ['400 PRMSYS_10007 idExists', { ...named, alertTemplateResourceId: 1 }, 400, 'PRMSYS_10007'],
    ['400 PRMSYS_10015 attributeMissing: type', { templateContents: [sms] }, 400, 'PRMSYS_10015'],
    ['400 PRMSYS_10015 attributeMissing: contents', { alertTypeName: 'LOGIN' }, 400, 'PRMSYS_10015'],
    ['400 PRMSYS_10016 notPrintableAscii', { ...named, vendor: 'ñ' }, 400, 'PRMSYS_10016'],
    ['400 PRMVAL_10002 valueInvalid: id and name disagree', { ...named, alertTypeResourceId: 1 }, 400, 'PRMVAL_10002'],
    ['400 PRMVAL_10002 valueInvalid: state', { ...named, state: 'NEW' }, 400, 'PRMVAL_10002'],
    ['400 PRMVAL_10002 valueInvalid: twice', { ...named, templateContents: [sms, sms] }, 400, 'PRMVAL_10002'],
    ['400 PRMVAL_10003 institutionInvalid', { ...named, institutionId: '99999' }, 400, 'PRMVAL_10003'],
    [
      '400 PRMVAL_10005 channelInvalid: unknown',
      { ...named, templateContents: [content('SMS_BODY', 'x', 'FAX')] },
      400,
      'PRMVAL_10005',
    ],
    [
      '400 PRMVAL_10005 channelInvalid: other',
      { ...named, templateContents: [content('SMS_BODY', 'x', 'PUSH')] },
      400,
      'PRMVAL_10005',
    ],
    ['400 PRMVAL_10007 fieldRequired: empty', { ...named, templateContents: [] }, 400, 'PRMVAL_10007'],
    [
      '400 PRMVAL_10007 fieldRequired: half a mail',
      { ...named, state: 'PUBLISHED', templateContents: [mail[0]] },
      400,
      'PRMVAL_10007',
    ],
    [
      '400 PRMVAL_10008 fieldInvalid: length',
      { ...named, templateContents: [content('SMS_BODY', 'x'.repeat(481))] },
      400,
      'PRMVAL_10008',
    ],
    [
      '400 PRMVAL_10008 fieldInvalid: lines',
      { ...named, templateContents: [content('EMAIL_SUBJECT', 'a\r\nb')] },
      400,
      'PRMVAL_10008',
    ],
    ['400 PRMVAL_10008 fieldInvalid: locale', { ...named, locale: 'english' }, 400, 'PRMVAL_10008'],
  ])('%s', async (_title, body, status, code) => {
    expect(await refusalOf(call('POST', path, body))).toEqual([status, code]);
  });

  test('400 PRMSYS_10001 concurrentChange: what was read is older than what is there', async () => {
    const { alertTemplateResourceId, lastUpdatedDttm } = await create();
    const first = await call('PUT', path, { alertTemplateResourceId, lastUpdatedDttm, vendor: 'one' });
    expect(first.statusCode).toBe(200);
    expect(
      await refusalOf(call('PUT', path, { alertTemplateResourceId, lastUpdatedDttm: '2020-01-01T00:00:00Z', vendor: 'two' })),
    ).toEqual([400, 'PRMSYS_10001']);
    expect((await listed(`?id=${alertTemplateResourceId}`))[0].vendor).toBe('one');
  });

  test('400 PRMVAL_10002 valueInvalid: what is published is no draft again', async () => {
    const { alertTemplateResourceId } = await create({ state: 'PUBLISHED' });
    expect(await refusalOf(call('PUT', path, { alertTemplateResourceId, state: 'DRAFT' }))).toEqual([400, 'PRMVAL_10002']);
  });

  test('400 PRMSYS_10006 idUnknown: no such template, no draft, or that of another institution', async () => {
    const { alertTemplateResourceId } = await create();
    expect(await refusalOf(call('PUT', path, { alertTemplateResourceId: 999_999 }))).toEqual([400, 'PRMSYS_10006']);
    expect(await refusalOf(call('PUT', path, { alertTypeName: 'LOGIN' }))).toEqual([400, 'PRMSYS_10006']);
    expect(await refusalOf(theirs('PUT', path, { alertTemplateResourceId, vendor: 'x' }))).toEqual([400, 'PRMSYS_10006']);
  });

  test('400 PRMVAL_10001 pathBodyMismatch: rows of two templates; 400 PRMSYS_10015: none named', async () => {
    const rows = [
      { ...sms, alertTemplateResourceId: 10_001 },
      { ...content('PUSH_BODY'), alertTemplateResourceId: 10_002 },
    ];
    expect(await refusalOf(call('PUT', path, { templateContents: rows }))).toEqual([400, 'PRMVAL_10001']);
    expect(await refusalOf(call('PUT', path, { vendor: 'x' }))).toEqual([400, 'PRMSYS_10015']);
  });

  test('403 PRMSYS_10004 notOwner: templates of the platform, and default=true', async () => {
    expect(await refusalOf(call('PUT', path, { alertTemplateResourceId: 1, vendor: 'x' }))).toEqual([403, 'PRMSYS_10004']);
    expect(await refusalOf(call('POST', `${path}?default=true`, named))).toEqual([403, 'PRMSYS_10004']);
    expect(await refusalOf(call('PUT', `${path}?default=TRUE`, named))).toEqual([403, 'PRMSYS_10004']);
  });

  test.each([
    ['?channel=FAX', 'PRMVAL_10005'],
    ['?state=NEW', 'PRMVAL_10002'],
    ['?locale=english', 'PRMVAL_10002'],
    ['?default=perhaps', 'PRMVAL_10002'],
    ['?id=one', 'PRMVAL_10008'],
  ])('the list with %s: 400 %s', async (query, code) => {
    expect(await refusalOf(call('GET', `${path}${query}`))).toEqual([400, code]);
  });
});

describe('a preview', () => {
  const preview = async (body: object) => {
    const answer = await call('POST', `${path}/previews`, body);
    expect([answer.statusCode, answer.body]).toEqual([200, expect.any(String)]);
    return answer.json().rendered;
  };

  test('shows a value escaped in mail and raw in a text message, names what has no value, and counts text messages', async () => {
    const templateContents = [
      { templateContentType: 'EMAIL_BODY', templateContent: '<p>${Name} ${Gone}</p>' },
      { templateContentType: 'SMS_BODY', templateContent: '${Name}' },
      { templateContentType: 'EMAIL_SUBJECT', templateContent: 'For ${Line}' },
    ];
    const event = { notification: { Name: '<b>&"', Line: 'a\r\nBcc: x@example.com' } };
    expect(await preview({ templateContents, event })).toEqual([
      { templateContentType: 'EMAIL_BODY', text: '<p>&lt;b&gt;&amp;&quot; </p>', unresolved: ['Gone'] },
      { templateContentType: 'SMS_BODY', text: '<b>&"', unresolved: [], smsParts: 1, smsEncoding: 'GSM-7' },
      { templateContentType: 'EMAIL_SUBJECT', text: 'For a Bcc: x@example.com', unresolved: [] },
    ]);
  });

  test('of a content that could not be kept is refused: 400 PRMVAL_10008', async () => {
    const templateContents = [{ templateContentType: 'SMS_BODY', templateContent: 'x'.repeat(481) }];
    expect(await refusalOf(call('POST', `${path}/previews`, { templateContents, event: {} }))).toEqual([400, 'PRMVAL_10008']);
    expect(await refusalOf(call('POST', `${path}/previews`, { event: {} }))).toEqual([400, 'PRMSYS_10002']);
  });
});

test('every template of the platform says what happened, with every value in its place', async () => {
  const event = {
    eventDetails: { eventOccured: '2026-05-02T08:15:00-07:00' },
    account: { accountNumber: '000123456789', availableBalance: { currencyCode: 'USD', amount: 72.1 } },
    transaction: { amount: { currencyCode: 'USD', amount: 20 } },
    notification: { message: 'hello' },
  };
  for (const template of await listed('?default=true')) {
    const templateContents = template.templateContents.map((row: Record<string, unknown>) => ({
      templateContentType: row['templateContentType'],
      templateContent: row['templateContent'],
    }));
    const body = {
      templateContents,
      event,
      ...(template.variableMap === undefined ? {} : { variableMap: template.variableMap }),
    };
    for (const { text, unresolved } of (await call('POST', `${path}/previews`, body)).json().rendered) {
      expect([template.alertTypeName, unresolved]).toEqual([template.alertTypeName, []]);
      expect(text).not.toMatch(/\$\{|000123/u);
    }
  }
});
