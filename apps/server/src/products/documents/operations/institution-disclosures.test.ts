import { randomUUID } from 'node:crypto';
import { type ApiCaller, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { withSwitch } from '@openbranch/testkit/sandbox-calls';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let app: TestApp;
let second: TestApp;
let api: ApiCaller;
let token: string;
beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits });
  second = await createTestApp({ sharedWith: app });
  api = createApiCaller(app);
  token = await api.partnerToken();
});
afterAll(async () => {
  await second.close();
  await app.close();
});

const path = '/v1/institution-disclosures';
const json = { 'content-type': 'application/json' };
const url = 'https://docs.example.org/ols.pdf';
const withUrl = { institutionDisclosureData: url, institutionDisclosureDataType: 'URL' };
const newName = () => `Custom ${randomUUID().slice(0, 8)}`;

type Headers = Readonly<Record<string, string | string[] | undefined>>;
const list = (bearer = token, headers: Headers = {}) => api.withToken(bearer, 'GET', path, { headers });
const create = (body: object | string, bearer = token, headers: Headers = {}) =>
  api.withToken(bearer, 'POST', path, {
    headers: { ...json, ...headers },
    payload: typeof body === 'string' ? body : JSON.stringify(body),
  });
const update = (id: string, body: object, bearer = token) =>
  api.withToken(bearer, 'PUT', `${path}/${id}`, { headers: json, payload: JSON.stringify(body) });
const createNew = async (change: object = {}) =>
  (await create({ institutionDisclosureName: newName(), ...withUrl, institutionDisclosureStatus: true, ...change })).json<{
    institutionDisclosureId: string;
    institutionDisclosureName: string;
  }>();
const listed = async (id: string, caller: ApiCaller = api) =>
  (await caller.withToken(token, 'GET', path))
    .json<{ institutionDisclosures: Record<string, unknown>[] }>()
    .institutionDisclosures.find((one) => one['institutionDisclosureId'] === id);

describe('the disclosures of an institution', () => {
  test('are listed by name, with those that a fresh sandbox has', async () => {
    const answer = await list();
    expect(answer.statusCode).toBe(200);
    const { institutionDisclosures } = answer.json();
    expect(institutionDisclosures.map((one: Record<string, string>) => one['institutionDisclosureName'])).toEqual([
      'ESIGN',
      'IB',
      'OLS',
      'PAPERLESS TAX',
    ]);
    expect(institutionDisclosures[1]).toEqual({
      institutionDisclosureId: expect.stringMatching(/^[0-9A-F]{32}$/u),
      institutionId: '00042',
      institutionDisclosureName: 'IB',
      institutionDisclosureData: 'https://docs.example.com/00042/ib.pdf',
      institutionDisclosureDataType: 'URL',
      institutionDisclosureStatus: true,
    });
    expect(answer.body).toBe((await list(token, { institutionId: '00042' })).body);
  });

  test('are added with 200, not enabled unless it is said, and are served under the old lead too', async () => {
    const name = newName();
    const answer = await create({ institutionDisclosureName: name });
    expect(answer.statusCode, answer.body).toBe(200);
    expect(answer.json()).toEqual({
      institutionDisclosureId: expect.stringMatching(/^[0-9A-F]{32}$/u),
      institutionId: '00042',
      institutionDisclosureName: name,
      institutionDisclosureStatus: false,
    });
    const aliases = [`/digitalbanking/db-disclosures${path}`, `/db-disclosures${path}/`, `/digitalbanking/stage${path}`];
    for (const alias of aliases) expect((await api.withToken(token, 'GET', alias)).body).toContain(name);
  });

  test('are replaced: what is left out goes, an id in lower case is accepted', async () => {
    const { institutionDisclosureId: id } = await createNew();
    const name = newName();
    const body = { institutionDisclosureId: id, institutionDisclosureName: name };
    const answer = await update(id.toLowerCase(), body);
    expect(answer.statusCode, answer.body).toBe(200);
    const expected = {
      institutionDisclosureId: id,
      institutionId: '00042',
      institutionDisclosureName: name,
      institutionDisclosureStatus: false,
    };
    expect(answer.json()).toEqual(expected);
    expect(await listed(id)).toEqual(expected);
    expect((await update(id, { ...body, institutionDisclosureId: id.toLowerCase(), ...withUrl })).json()).toEqual({
      ...expected,
      ...withUrl,
    });
  });

  test('are known to another process as soon as they are answered', async () => {
    const other = createApiCaller(second);
    const { institutionDisclosureId: id } = await createNew();
    expect(await listed(id, other)).toMatchObject({ institutionDisclosureStatus: true });
    const name = newName();
    await update(id, { institutionDisclosureId: id, institutionDisclosureName: name });
    expect(await listed(id, other)).toMatchObject({ institutionDisclosureName: name, institutionDisclosureStatus: false });
  });

  test('of the system are written in capitals, and count a new version for each new text', async () => {
    const all = (await list()).json<{ institutionDisclosures: Record<string, string>[] }>().institutionDisclosures;
    const ib = all.find((one) => one['institutionDisclosureName'] === 'IB');
    const id = ib?.['institutionDisclosureId'] ?? '';
    const changed = { ...ib, institutionDisclosureName: 'ib', institutionDisclosureData: 'https://docs.example.org/ib-2.pdf' };
    expect((await update(id, changed)).json().institutionDisclosureName).toBe('IB');
    expect((await update(id, changed)).statusCode).toBe(200);
    const rows = await app.database.sql`
      select version from institution_disclosures where institution_id = '00042' and institution_disclosure_id = ${id}`;
    expect(rows).toEqual([{ version: 2 }]);
  });

  test('are told in the activity log when they are added or changed', async () => {
    const { institutionDisclosureId: id } = await createNew();
    await update(id, { institutionDisclosureId: id, institutionDisclosureName: newName() });
    const rows = await app.database.sql`
      select kind, operation, details from activities
      where institution_id = '00042' and details ->> 'institutionDisclosureId' = ${id} order by activity_id`;
    expect(rows).toMatchObject([
      { kind: 'disclosure_created', operation: 'createInstitutionDisclosure', details: { isEnabled: true, version: 1 } },
      { kind: 'disclosure_updated', operation: 'updateInstitutionDisclosure', details: { isEnabled: false, version: 2 } },
    ]);
  });

  test('cannot be given the same name twice by parallel calls', async () => {
    const name = newName();
    const answers = await Promise.all([name, name.toUpperCase(), name].map((one) => create({ institutionDisclosureName: one })));
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 400, 400]);
  });
});

test('disclosures that are given the same name at once: one gets it, the other is refused with 400 DSC_12004', async () => {
  const made = await Promise.all([createNew(), createNew()]);
  const name = newName();
  const answers = await Promise.all(
    made.map(({ institutionDisclosureId: id }) => update(id, { institutionDisclosureId: id, institutionDisclosureName: name })),
  );
  expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 400]);
  expect(answers.find(({ statusCode }) => statusCode === 400)?.json().code).toBe('DSC_12004');
});

describe('refusals', () => {
  test.each([
    ['no token', 401, 'DSC_11001', { authorization: undefined }],
    ['not a bearer token', 401, 'DSC_11001', { authorization: 'Basic abc' }],
    ['an unknown token', 401, 'DSC_11002', { authorization: 'Bearer abc' }],
    ['no transactionId', 400, 'DSC_12002', { transactionId: undefined }],
    ['a transactionId that is too long', 400, 'DSC_12003', { transactionId: 'a'.repeat(65) }],
    ['a header that is not printable ASCII', 400, 'DSC_12001', { 'x-note': 'caf\u00e9' }],
    ['headers that are too long', 400, 'DSC_12007', { 'x-note': 'a'.repeat(8200) }],
    ['a callingAppId that is too long', 400, 'DSC_12013', { callingAppId: 'a'.repeat(65) }],
    ['an originating_ip that is none', 400, 'DSC_99997', { originating_ip: 'home' }],
    ['another institution in the header', 400, 'DSC_10002', { institutionId: '00077' }],
  ])('%s: %i %s', async (_what, status, code, headers: Headers) => {
    expect(await refusalOf(list(token, headers))).toEqual([status, code]);
  });

  test('a token without the scope: 401 DSC_11003, 403 where the institution wants it (CR-55)', async () => {
    const other = await api.partnerToken('institution-users:read');
    const reader = await api.partnerToken('disclosures:read');
    expect(await refusalOf(list(other))).toEqual([401, 'DSC_11003']);
    expect(await refusalOf(create({ institutionDisclosureName: newName() }, reader))).toEqual([401, 'DSC_11003']);
    await withSwitch(app, '00042', 'disclosures.unauthorised_http', ['403', '401'], async () => {
      expect(await refusalOf(list(other))).toEqual([403, 'DSC_11003']);
    });
  });

  test('a token of a customer may read, and changes nothing: 401 DSC_11003', async () => {
    const customer = await api.userToken(api.customer({ state: 'active' }));
    const { institutionDisclosureId: id } = await createNew();
    expect((await list(customer)).statusCode).toBe(200);
    expect(await refusalOf(create({ institutionDisclosureName: newName() }, customer))).toEqual([401, 'DSC_11003']);
    const body = { institutionDisclosureId: id, institutionDisclosureName: newName() };
    expect(await refusalOf(update(id, body, customer))).toEqual([401, 'DSC_11003']);
  });

  test.each([
    ['an empty body', 400, 'DSC_12005', ''],
    ['a blank body', 400, 'DSC_12005', '  \n'],
    ['null', 400, 'DSC_12005', 'null'],
    ['a body that is not JSON', 400, 'DSC_10002', '{"institutionDisclosureName"'],
    ['a text that is not printable ASCII', 400, 'DSC_12001', '{"institutionDisclosureName":"caf\u00e9"}'],
    ['a body of more than 1 MiB', 400, 'DSC_12014', JSON.stringify({ a: 'a'.repeat(1_048_576) })],
    ['a list', 400, 'DSC_12004', '[]'],
    ['nesting without end', 400, 'DSC_10002', '['.repeat(100_000)],
  ])('%s: %i %s', async (_what, status, code, body) => {
    expect(await refusalOf(create(body))).toEqual([status, code]);
  });

  test('no body at all: 400 DSC_12005; another media type: 400 DSC_99997', async () => {
    expect(await refusalOf(api.withToken(token, 'POST', path))).toEqual([400, 'DSC_12005']);
    expect(await refusalOf(create('<a/>', token, { 'content-type': 'application/xml' }))).toEqual([400, 'DSC_99997']);
  });

  test.each([
    ['a name of 21 characters', 'DSC_12011', { institutionDisclosureName: 'a'.repeat(21) }],
    ['a URL of more than 2048 characters', 'DSC_12011', { institutionDisclosureData: `https://a.example/${'a'.repeat(2048)}` }],
    ['no name', 'DSC_12004', { institutionDisclosureName: undefined }],
    ['an empty name', 'DSC_12004', { institutionDisclosureName: '' }],
    ['a name with a blank before it', 'DSC_12004', { institutionDisclosureName: ' IB' }],
    ['data without a type', 'DSC_12004', { institutionDisclosureDataType: undefined }],
    ['a type without data', 'DSC_12004', { institutionDisclosureData: undefined }],
    ['a type that cannot be written', 'DSC_12004', { institutionDisclosureDataType: 'RAW' }],
    ['a type that is unknown', 'DSC_12004', { institutionDisclosureDataType: 'HTML' }],
    ['data that are no URL', 'DSC_12004', { institutionDisclosureData: 'terms' }],
    ['a URL of a file', 'DSC_12004', { institutionDisclosureData: 'file:///etc/passwd' }],
    ['a URL with a password', 'DSC_12004', { institutionDisclosureData: 'https://me:secret@docs.example.org/a' }],
    ['a status that is a text', 'DSC_12004', { institutionDisclosureStatus: 'true' }],
    ['an id of its own', 'DSC_12004', { institutionDisclosureId: 'A'.repeat(32) }],
    ['another institution', 'DSC_12004', { institutionId: '00077' }],
    ['a name that is taken, in other letters', 'DSC_12004', { institutionDisclosureName: 'esign' }],
  ])('%s: 400 %s', async (_what, code, change) => {
    const body = { institutionDisclosureName: newName(), ...withUrl, ...change };
    expect(await refusalOf(create(body))).toEqual([400, code]);
  });

  test('a change whose ids differ: 400 DSC_12012; without the id in the body: 400 DSC_12004', async () => {
    const { institutionDisclosureId: id, institutionDisclosureName: name } = await createNew();
    const { institutionDisclosureId: other } = await createNew();
    const change = (body: object) => refusalOf(update(id, { institutionDisclosureName: name, ...body }));
    expect(await change({ institutionDisclosureId: other })).toEqual([400, 'DSC_12012']);
    expect(await change({})).toEqual([400, 'DSC_12004']);
    expect(await change({ institutionDisclosureId: id, institutionId: '00077' })).toEqual([400, 'DSC_12004']);
    expect(await change({ institutionDisclosureId: id, institutionDisclosureName: 'Ib' })).toEqual([400, 'DSC_12004']);
    expect(await change({ institutionDisclosureId: id, institutionDisclosureData: url })).toEqual([400, 'DSC_12004']);
  });

  test('a disclosure that is not there, or of another institution, is unknown: 400 DSC_12015', async () => {
    const theirs = app.sandbox.institutions[1]?.disclosures[0]?.institutionDisclosureId ?? '';
    const nobodys = randomUUID().replaceAll('-', '').toUpperCase();
    const answers = await Promise.all(
      [theirs, nobodys].map((id) =>
        api.withToken(token, 'PUT', `${path}/${id}`, {
          headers: { ...json, transactionId: 'the-same' },
          payload: JSON.stringify({ institutionDisclosureId: id, institutionDisclosureName: newName() }),
        }),
      ),
    );
    expect(await refusalOf(Promise.resolve(answers[0] ?? { statusCode: 0, body: '' }))).toEqual([400, 'DSC_12015']);
    expect(answers[0]?.body).toBe(answers[1]?.body);
  });

  test.each([
    ['GET', `${path}/4D8E2F6A0B14C5D9E3F7A1B5C9D3E7F1`],
    ['DELETE', `${path}/4D8E2F6A0B14C5D9E3F7A1B5C9D3E7F1`],
    ['DELETE', path],
    ['GET', `${path}/1/2`],
    ['GET', '/db-disclosures/v1/nothing'],
  ] as const)('%s %s is no operation: 400 DSC_90000', async (method, one) => {
    const answer = await api.withToken(token, method, one);
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'DSC_90000']);
  });

  test('a database that fails answers 500 DSC_99999 with a reference and nothing else', async () => {
    await app.database.sql`alter table institution_disclosures rename column name to other_name`;
    const answer = await list();
    await app.database.sql`alter table institution_disclosures rename column other_name to name`;
    expect([answer.statusCode, answer.json().code]).toEqual([500, 'DSC_99999']);
    expect(answer.body).not.toContain('name"');
  });
});
