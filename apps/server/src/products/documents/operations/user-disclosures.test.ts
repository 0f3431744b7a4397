import { randomUUID } from 'node:crypto';
import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { advanceClock, withSwitch } from '@openbranch/testkit/sandbox-calls';
import { createTestAccounts } from '@openbranch/testkit/test-accounts';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { listActivities } from '@openbranch/testkit/user-state';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

let app: TestApp;
let second: TestApp;
let api: ApiCaller;
let token: string;
/** May not see accounts. */
let plainToken: string;
/** Retail customers; the first of the seed has decided about everything already and stays out of it. */
let pat: Customer;
let sam: Customer;
let business: Customer;
let idOf: (name: string) => string;

/** Accounts of Pat. */
let checking: string;
let savings: string;
const otherLocation = 'b0'.repeat(16);

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits });
  second = await createTestApp({ sharedWith: app });
  api = createApiCaller(app);
  token = await api.partnerToken();
  plainToken = await api.partnerToken('disclosures:read', 'disclosures:write', 'institution-users:read');
  const [, one, other] = api.customers({ state: 'active', role: 'PRIMARY' });
  if (one === undefined || other === undefined) throw new Error('The sandbox has too few customers.');
  pat = one;
  sam = other;
  business = api.customer({ userType: 'BUSINESS' });
  const accounts = createTestAccounts(app, '00042');
  checking = (await accounts.open(pat.memberNumber)).accountId;
  savings = (await accounts.open(pat.memberNumber, { account_type: 'SAVINGS' })).accountId;
  const { sql } = app.database;
  await sql`
    insert into customers (institution_id, customer_id, customer_type, member_number) values ('00042', ${otherLocation}, 'BUSINESS', '998877')`;
  await sql`
    insert into institution_user_customers (institution_id, institution_user_id, customer_id)
    values ('00042', ${business.institutionUserId}, ${otherLocation})`;
  idOf = (name) => api.institution.disclosures.find((one) => one.name === name)?.institutionDisclosureId ?? '';
});
afterAll(async () => {
  await second.close();
  await app.close();
});
beforeEach(async () => {
  const { sql } = app.database;
  const users = [pat, sam, business].map(({ institutionUserId }) => institutionUserId);
  await sql`delete from institution_user_disclosures where institution_id = '00042' and institution_user_id = any(${users})`;
});

const path = '/v1/institution-user-disclosures';
const json = { 'content-type': 'application/json' };
type Query = Readonly<Record<string, string>>;

interface Row {
  readonly institutionUserDisclosureId: string;
  readonly institutionDisclosureName: string;
  readonly institutionUserDisclosureStatus: string;
  readonly institutionUserDisclosureStatusUpdateDateTime: string;
  readonly paperWaiver?: boolean;
  readonly accountId?: string;
}

const of = ({ loginId }: Customer, query: Query = {}): Query => ({ loginId, ...query });
const urlOf = (query: Query, id = '') => `${path}${id === '' ? '' : `/${id}`}?${new URLSearchParams(query)}`;
const send = (method: 'POST' | 'PUT' | 'DELETE', url: string, body: object | undefined, bearer = token) =>
  api.withToken(bearer, method, url, body === undefined ? {} : { headers: json, payload: JSON.stringify(body) });
const list = (query: Query, bearer = token) => api.withToken(bearer, 'GET', urlOf(query));
const rowsOf = async (query: Query, bearer = token): Promise<Row[]> => {
  const answer = await list(query, bearer);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json<{ institutionUserDisclosures: Row[] }>().institutionUserDisclosures;
};
const create = (query: Query, body: object, bearer = token) => send('POST', urlOf(query), body, bearer);
const update = (query: Query, body: object, bearer = token) => send('PUT', urlOf(query), body, bearer);
const updateById = (id: string, query: Query, body: object, bearer = token) => send('PUT', urlOf(query, id), body, bearer);
const remove = (query: Query, body?: object, bearer = token) => send('DELETE', urlOf(query), body, bearer);
const removeById = (id: string, query: Query, bearer = token) => send('DELETE', urlOf(query, id), undefined, bearer);

const accepts = (name: string, more: object = {}) => ({
  institutionDisclosureName: name,
  institutionUserDisclosureStatus: 'ACCEPTED',
  ...more,
});
const custom = (status = 'ENROLLED') => ({
  institutionDisclosureId: idOf('PAPERLESS TAX'),
  institutionUserDisclosureStatus: status,
});
const status = (value: string) => ({ institutionUserDisclosureStatus: value });
const statements = (accountId?: string, paperWaiver: boolean | undefined = true) =>
  accepts('OLS', { ...(accountId === undefined ? {} : { accountId }), paperWaiver });

/** Runs `work` while the institution chooses statements once for the user. */
async function withoutMultiStatement(work: () => Promise<void>): Promise<void> {
  expect((await api.control('PUT', '/policies/statements', { multiStatement: false })).statusCode).toBe(200);
  try {
    await work();
  } finally {
    await api.control('PUT', '/policies/statements', { multiStatement: true });
  }
}

async function withDisabled(name: string, work: () => Promise<void>): Promise<void> {
  const enable = (isEnabled: boolean) => app.database.sql`
    update institution_disclosures set is_enabled = ${isEnabled} where institution_id = '00042' and institution_disclosure_id = ${idOf(name)}`;
  await enable(false);
  try {
    await work();
  } finally {
    await enable(true);
  }
}

const evidenceOf = ({ institutionUserId }: Customer, since = 0n) => app.database.sql`
  select event, definition_name, definition_version, definition_data, old_status, new_status, account_id, operation, client_id,
    is_by_user, trace_id, address, length(definition_hash) as hash_length, content_hash, evidence_id
  from disclosure_evidence
  where institution_id = '00042' and institution_user_id = ${institutionUserId} and evidence_id > ${since} order by evidence_id`;
async function evidenceSince(): Promise<bigint> {
  const [row] = await app.database.sql<{ last: bigint }[]>`
    select coalesce(max(evidence_id), 0) as last from disclosure_evidence where institution_id = '00042'`;
  return row?.last ?? 0n;
}

describe('the list of a user', () => {
  test('shows only what was decided, with ids, times with milliseconds and the offset of the institution', async () => {
    expect(await rowsOf(of(pat))).toEqual([]);
    expect((await create(of(pat), accepts('esign'))).statusCode).toBe(204);
    expect(await rowsOf(of(pat))).toEqual([
      {
        institutionUserDisclosureId: expect.stringMatching(/^[0-9A-F]{32}$/u),
        institutionId: '00042',
        institutionUserId: pat.institutionUserId,
        institutionDisclosureName: 'ESIGN',
        institutionDisclosureId: idOf('ESIGN'),
        institutionUserDisclosureStatus: 'ACCEPTED',
        institutionUserDisclosureStatusUpdateDateTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}-0[78]:00$/u),
      },
    ]);
  });

  test('is the same by member number, by login name in other letters, and for the own token of the user', async () => {
    await create({ hostUserId: pat.memberNumber }, accepts('IB'));
    const own = await api.userToken(pat);
    const expected = await rowsOf(of(pat));
    expect(expected).toHaveLength(1);
    expect(await rowsOf({ hostUserId: pat.memberNumber })).toEqual(expected);
    expect(await rowsOf({ loginId: pat.loginId.toUpperCase() })).toEqual(expected);
    for (const query of [{}, of(pat), { hostUserId: pat.memberNumber }, of(pat, { institutionCustomerId: pat.customerId })])
      expect(await rowsOf(query, own)).toEqual(expected);
  });

  test('is known to another process as soon as a decision is answered, and served under the old lead', async () => {
    await create(of(pat), accepts('IB'));
    const other = createApiCaller(second);
    for (const lead of ['', '/db-disclosures', '/digitalbanking/db-disclosures']) {
      const answer = await other.withToken(token, 'GET', `${lead}${urlOf(of(pat))}`);
      expect(answer.json().institutionUserDisclosures).toHaveLength(1);
    }
  });

  test('of a seeded customer who is active has the terms accepted, as sandbox.json says', async () => {
    const [first] = api.customers({ state: 'active' });
    if (first === undefined) throw new Error('The sandbox has no customer.');
    const rows = await rowsOf(of(first));
    expect(rows.map((row) => [row.institutionUserDisclosureId, row.institutionDisclosureName]).sort()).toEqual(
      first.disclosures.map((one) => [one.institutionUserDisclosureId, one.name]).sort(),
    );
    expect(rows.find((row) => row.institutionDisclosureName === 'IB')?.institutionUserDisclosureStatus).toBe('ACCEPTED');
  });
});

describe('a decision', () => {
  test('can be repeated: one row, and the time moves', async () => {
    await create(of(pat), accepts('IB'));
    const [before] = await rowsOf(of(pat));
    await advanceClock(app, '00042', 60);
    expect((await create(of(pat), accepts('IB'))).statusCode).toBe(204);
    const [after, ...others] = await rowsOf(of(pat));
    expect(others).toEqual([]);
    expect(after?.institutionUserDisclosureId).toBe(before?.institutionUserDisclosureId);
    const time = (row: Row | undefined) => Date.parse(row?.institutionUserDisclosureStatusUpdateDateTime ?? '');
    expect(time(after)).toBeGreaterThanOrEqual(time(before) + 60_000);
  });

  test.each(['2024-05-02T08:15:00.120-07:00', '2024-05-02T15:15:00.12Z', '1714662900'])(
    'bears the time that the caller says: %s',
    async (text) => {
      await create(of(pat), accepts('IB', { institutionUserDisclosureStatusUpdateDateTime: text }));
      const [row] = await rowsOf(of(pat));
      expect(row?.institutionUserDisclosureStatusUpdateDateTime).toMatch(/^2024-05-02T08:15:00\.(?:120|000)-07:00$/u);
    },
  );

  test('on a custom disclosure keeps one row through every way to name it, and is told five times', async () => {
    const since = await evidenceSince();
    const told = (await listActivities(app.database.sql, { institutionId: '00042', ...pat })).length;
    expect((await create(of(pat), custom())).statusCode).toBe(204);
    const [row] = await rowsOf(of(pat));
    const id = row?.institutionUserDisclosureId ?? '';
    expect(id).toMatch(/^[0-9A-F]{32}$/u);
    expect((await updateById(id.toLowerCase(), of(pat), status('ACCEPTED'))).statusCode).toBe(204);
    expect((await update(of(pat), custom('NOT_ENROLLED'))).statusCode).toBe(204);
    const sample = { institutionUserDisclosureId: idOf('PAPERLESS TAX').toLowerCase(), ...status('NOT_ACCEPTED') };
    expect((await update(of(pat), { ...sample, accountId: 'x', paperWaiver: 1 })).statusCode).toBe(204);
    expect(await rowsOf(of(pat))).toEqual([
      { ...row, ...status('NOT_ACCEPTED'), institutionUserDisclosureStatusUpdateDateTime: expect.any(String) },
    ]);
    expect((await removeById(id, of(pat))).statusCode).toBe(204);
    expect(await rowsOf(of(pat))).toEqual([]);
    const activities = (await listActivities(app.database.sql, { institutionId: '00042', ...pat })).slice(told);
    expect(activities.map(({ kind, details }) => [kind, details['oldStatus'], details['newStatus']])).toEqual([
      ['user_disclosure_created', null, 'ENROLLED'],
      ['user_disclosure_updated', 'ENROLLED', 'ACCEPTED'],
      ['user_disclosure_updated', 'ACCEPTED', 'NOT_ENROLLED'],
      ['user_disclosure_updated', 'NOT_ENROLLED', 'NOT_ACCEPTED'],
      ['user_disclosure_deleted', 'NOT_ACCEPTED', null],
    ]);
    expect((await evidenceOf(pat, since)).map(({ event }) => event)).toEqual([
      'created',
      'updated',
      'updated',
      'updated',
      'deleted',
    ]);
    // What was deleted can be decided anew, in another row.
    await create(of(pat), custom());
    expect((await rowsOf(of(pat)))[0]?.institutionUserDisclosureId).not.toBe(id);
  });

  test('leaves evidence: which text, by whom, from where, in which call', async () => {
    const since = await evidenceSince();
    const transactionId = randomUUID();
    const own = await api.userToken(pat);
    const headers = { ...json, transactionId, originating_ip: '203.0.113.77' };
    await api.withToken(own, 'POST', path, { headers, payload: JSON.stringify(accepts('ESIGN')) });
    const [evidence] = await evidenceOf(pat, since);
    expect(evidence).toMatchObject({
      event: 'created',
      definition_name: 'ESIGN',
      definition_version: 1,
      definition_data: 'https://docs.example.com/00042/esign.pdf',
      old_status: null,
      new_status: 'ACCEPTED',
      operation: 'createUserDisclosure',
      client_id: api.application('mobile').clientId,
      is_by_user: true,
      trace_id: transactionId,
      address: '203.0.113.77',
      hash_length: 32,
      content_hash: null,
    });
  });

  test('that comes several times at once makes one row, and every call is answered 204', async () => {
    const callers = [api, createApiCaller(second)];
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        callers[index % 2]?.withToken(token, 'POST', urlOf(of(sam)), { headers: json, payload: JSON.stringify(accepts('IB')) }),
      ),
    );
    expect(answers.map((answer) => answer?.statusCode)).toEqual(Array.from({ length: 8 }, () => 204));
    expect(await rowsOf(of(sam))).toHaveLength(1);
    const events = (await evidenceOf(sam)).map(({ event }) => event);
    expect(events.slice(-8).sort()).toEqual(['created', ...Array.from({ length: 7 }, () => 'updated')]);
  });

  test('about a disabled disclosure is refused with 400 DSC_12015, and old rows stay listed', async () => {
    await create(of(pat), custom());
    const [row] = await rowsOf(of(pat));
    await withDisabled('PAPERLESS TAX', async () => {
      expect(await refusalOf(create(of(pat), custom()))).toEqual([400, 'DSC_12015']);
      expect(await refusalOf(update(of(pat), custom()))).toEqual([400, 'DSC_12015']);
      expect(await refusalOf(updateById(row?.institutionUserDisclosureId ?? '', of(pat), status('ACCEPTED')))).toEqual([
        400,
        'DSC_12015',
      ]);
      expect(await rowsOf(of(pat))).toEqual([row]);
    });
    expect(await refusalOf(create(of(pat), { ...custom(), institutionDisclosureId: 'A'.repeat(32) }))).toEqual([
      400,
      'DSC_12015',
    ]);
  });

  test('can be answered by the list with 200, as old pages have it (DI-2)', async () => {
    await withSwitch(app, '00042', 'disclosures.create_answer', ['200', '204'], async () => {
      const answer = await create(of(pat), accepts('IB'));
      expect(answer.statusCode).toBe(200);
      expect(answer.json().institutionUserDisclosures).toEqual(await rowsOf(of(pat)));
    });
  });
});

describe('online statements', () => {
  const onAccount = (accountType = 'CHECKING') => of(pat, { accountType });

  test('are for each account while the institution wants it, else once for the user', async () => {
    expect((await create(of(pat), statements())).statusCode).toBe(204);
    expect((await create(onAccount(), statements(checking, false))).statusCode).toBe(204);
    const both = await rowsOf(of(pat));
    expect(both.map(({ accountId, paperWaiver }) => [accountId, paperWaiver])).toEqual([
      [undefined, undefined],
      [checking, false],
    ]);
    await withoutMultiStatement(async () => {
      const rows = await rowsOf(of(pat));
      expect(rows.map(({ accountId, paperWaiver }) => [accountId, paperWaiver])).toEqual([[undefined, true]]);
      expect(await refusalOf(create(onAccount(), statements(checking)))).toEqual([501, 'DSC_10003']);
      const accountRow = both[1]?.institutionUserDisclosureId ?? '';
      expect(await refusalOf(removeById(accountRow, of(pat)))).toEqual([400, 'DSC_13001']);
      const named = { institutionDisclosureName: 'OLS', accountId: checking };
      expect(await refusalOf(remove(onAccount(), named))).toEqual([501, 'DSC_10003']);
    });
    expect(await rowsOf(of(pat))).toEqual(both);
  });

  test('of accounts are shown to tokens that may see accounts only, and decided by those only: 401 DSC_11003', async () => {
    await create(onAccount(), statements(checking));
    const [row] = await rowsOf(of(pat));
    expect(await rowsOf(of(pat), plainToken)).toEqual([]);
    expect(await refusalOf(create(onAccount(), statements(checking), plainToken))).toEqual([401, 'DSC_11003']);
    const named = { institutionDisclosureName: 'OLS', accountId: checking };
    expect(await refusalOf(remove(onAccount(), named, plainToken))).toEqual([401, 'DSC_11003']);
    expect(await refusalOf(removeById(row?.institutionUserDisclosureId ?? '', of(pat), plainToken))).toEqual([401, 'DSC_11003']);
  });

  test('without paperWaiver: 400 DSC_12017; paperWaiver or an account with another kind: 400 DSC_12004', async () => {
    expect(await refusalOf(create(of(pat), accepts('OLS')))).toEqual([400, 'DSC_12017']);
    expect(await refusalOf(create(of(pat), accepts('IB', { paperWaiver: true })))).toEqual([400, 'DSC_12004']);
    expect(await refusalOf(create(onAccount(), accepts('IB', { accountId: checking })))).toEqual([400, 'DSC_12004']);
  });

  test('are changed by deciding anew: a change is 501 DSC_10003 by whatever name', async () => {
    await create(of(pat), statements());
    const id = (await rowsOf(of(pat)))[0]?.institutionUserDisclosureId ?? '';
    for (const named of [
      { institutionDisclosureName: 'ols' },
      { institutionDisclosureId: idOf('OLS') },
      { institutionUserDisclosureId: idOf('OLS') },
      { institutionUserDisclosureId: id },
    ])
      expect(await refusalOf(update(of(pat), { ...named, ...status('NOT_ACCEPTED') }))).toEqual([501, 'DSC_10003']);
    expect(await refusalOf(updateById(id, of(pat), status('NOT_ACCEPTED')))).toEqual([501, 'DSC_10003']);
    expect((await create(of(pat), { ...statements(), ...status('NOT_ACCEPTED') })).statusCode).toBe(204);
    expect((await rowsOf(of(pat)))[0]).toMatchObject({ institutionUserDisclosureId: id, ...status('NOT_ACCEPTED') });
  });

  test('need the type of the account: 400 DSC_12006; an account: 400 DSC_12016; of this user: 400 DSC_13001', async () => {
    const decide = (query: Query, accountId?: string) => refusalOf(create(query, statements(accountId)));
    expect(await decide(of(pat), checking)).toEqual([400, 'DSC_12006']);
    expect(await decide(onAccount('checking'), checking)).toEqual([400, 'DSC_12006']);
    expect(await decide(onAccount('SAVINGS'), checking)).toEqual([400, 'DSC_12006']);
    expect(await decide(onAccount())).toEqual([400, 'DSC_12016']);
    expect(await decide(onAccount(), 'X'.repeat(43))).toEqual([400, 'DSC_13001']);
    expect(await decide(of(sam, { accountType: 'CHECKING' }), checking)).toEqual([400, 'DSC_13001']);
    expect(await decide(onAccount(), 'not an account')).toEqual([400, 'DSC_12004']);
  });

  test('of an account are deleted once: then 400 DSC_13001, and the evidence stays', async () => {
    const since = await evidenceSince();
    const named = { institutionDisclosureName: 'ols', accountId: checking };
    await create(onAccount(), statements(checking));
    await create(of(pat, { accountType: 'SAVINGS' }), statements(savings));
    expect((await remove(onAccount(), named)).statusCode).toBe(204);
    expect(await refusalOf(remove(onAccount(), named))).toEqual([400, 'DSC_13001']);
    expect((await rowsOf(of(pat))).map(({ accountId }) => accountId)).toEqual([savings]);
    const evidence = await evidenceOf(pat, since);
    expect(evidence.map((one) => [one['event'], one['account_id'], one['old_status'], one['new_status']])).toEqual([
      ['created', checking, null, 'ACCEPTED'],
      ['created', savings, null, 'ACCEPTED'],
      ['deleted', checking, 'ACCEPTED', null],
    ]);
    const [told] = (await listActivities(app.database.sql, { institutionId: '00042', ...pat })).slice(-1);
    expect(told).toMatchObject({ kind: 'user_disclosure_deleted', details: { disclosure: 'OLS', accountId: checking } });
  });

  test('are deleted by query parameters too, where a client sends no body with DELETE', async () => {
    await create(onAccount(), statements(checking));
    const named = { institutionDisclosureName: 'OLS', accountId: checking };
    const query = of(pat, { ...named, accountType: 'CHECKING' });
    expect(await refusalOf(remove(query, { ...named, accountId: savings }))).toEqual([400, 'DSC_12012']);
    expect(await refusalOf(remove(query, { ...named, institutionDisclosureName: 'IB' }))).toEqual([400, 'DSC_12012']);
    expect((await remove(query)).statusCode).toBe(204);
    expect(await rowsOf(of(pat))).toEqual([]);
  });

  test('deletions that are unfit: 400 DSC_12005, DSC_12004, DSC_12016, DSC_12006 and 501 DSC_10003', async () => {
    await create(onAccount(), statements(checking));
    const named = { institutionDisclosureName: 'OLS', accountId: checking };
    expect(await refusalOf(remove(onAccount()))).toEqual([400, 'DSC_12005']);
    expect(await refusalOf(remove(onAccount(), { accountId: checking }))).toEqual([400, 'DSC_12004']);
    expect(await refusalOf(remove(onAccount(), { ...named, accountId: 'short' }))).toEqual([400, 'DSC_12004']);
    expect(await refusalOf(remove(onAccount(), { institutionDisclosureName: 'OLS' }))).toEqual([400, 'DSC_12016']);
    expect(await refusalOf(remove(of(pat), named))).toEqual([400, 'DSC_12006']);
    expect(await refusalOf(remove(onAccount('SAVINGS'), named))).toEqual([400, 'DSC_12006']);
    for (const name of ['IB', 'ESIGN', 'PAPERLESS TAX'])
      expect(await refusalOf(remove(onAccount(), { ...named, institutionDisclosureName: name }))).toEqual([501, 'DSC_10003']);
    expect(await rowsOf(of(pat))).toHaveLength(1);
  });

  test('of an account that the core has closed can still be deleted', async () => {
    await create(onAccount(), statements(checking));
    const closed = 'Z'.repeat(43);
    await app.database.sql`
      update institution_user_disclosures set account_id = ${closed}
      where institution_id = '00042' and institution_user_id = ${pat.institutionUserId}`;
    const named = { institutionDisclosureName: 'OLS', accountId: closed };
    expect((await remove(onAccount('SAVINGS'), named)).statusCode).toBe(204);
  });

  test('where the core needs a CIF number and has none: 400 DSC_13005', async () => {
    const { sql } = app.database;
    await withSwitch(app, '00042', 'user.cif_number', ['required', 'off'], async () => {
      await sql`update customers set cif_number = null where institution_id = '00042' and customer_id = ${pat.customerId}`;
      expect(await refusalOf(create(of(pat), statements()))).toEqual([400, 'DSC_13005']);
      const named = { institutionDisclosureName: 'OLS', accountId: checking };
      expect(await refusalOf(remove(onAccount(), named))).toEqual([400, 'DSC_13005']);
      expect((await create(of(pat), accepts('IB'))).statusCode).toBe(204);
      await sql`update customers set cif_number = 'C1' where institution_id = '00042' and customer_id = ${pat.customerId}`;
      expect((await create(of(pat), statements())).statusCode).toBe(204);
    });
  });
});

describe('a change', () => {
  test('is by id of the disclosure, of the row, or by the names IB and ESIGN, which must agree: else 400 DSC_12012', async () => {
    await create(of(pat), accepts('ESIGN'));
    await create(of(pat), custom());
    const [esign, paperless] = await rowsOf(of(pat));
    const change = (body: object) => refusalOf(update(of(pat), { ...body, ...status('NOT_ACCEPTED') }));
    const byName = { institutionDisclosureName: 'eSign' };
    const byRow = { institutionUserDisclosureId: esign?.institutionUserDisclosureId };
    const byId = { institutionDisclosureId: idOf('ESIGN') };
    for (const body of [byName, byRow, byId, { ...byName, ...byRow, ...byId }]) expect((await change(body))[0]).toBe(204);
    const other = { institutionUserDisclosureId: paperless?.institutionUserDisclosureId };
    for (const body of [
      { ...byName, ...other },
      { ...byId, ...other },
      { ...byName, institutionDisclosureId: idOf('IB') },
    ])
      expect(await change(body)).toEqual([400, 'DSC_12012']);
  });

  test('never makes a row: 400 DSC_13001', async () => {
    expect(await refusalOf(update(of(pat), accepts('IB')))).toEqual([400, 'DSC_13001']);
    expect(await refusalOf(update(of(pat), custom()))).toEqual([400, 'DSC_13001']);
    expect(await rowsOf(of(pat))).toEqual([]);
  });

  test('by the id of the row wants ids in the body that agree: else 400 DSC_12012', async () => {
    await create(of(pat), accepts('IB'));
    const id = (await rowsOf(of(pat)))[0]?.institutionUserDisclosureId ?? '';
    const change = (body: object) => refusalOf(updateById(id, of(pat), { ...body, ...status('NOT_ACCEPTED') }));
    expect(await change({ institutionDisclosureId: idOf('ESIGN') })).toEqual([400, 'DSC_12012']);
    expect(await change({ institutionUserDisclosureId: idOf('ESIGN') })).toEqual([400, 'DSC_12012']);
    expect(await change({ institutionDisclosureName: 'ESIGN' })).toEqual([400, 'DSC_12012']);
    const agreeing = { institutionDisclosureId: idOf('IB'), institutionUserDisclosureId: id, institutionDisclosureName: 'ib' };
    expect((await change(agreeing))[0]).toBe(204);
  });

  test('of a row of another user, of another institution, or of nobody looks the same: 400 DSC_13001', async () => {
    await create(of(sam), custom());
    const others = (await rowsOf(of(sam)))[0]?.institutionUserDisclosureId ?? '';
    const theirs = app.sandbox.institutions[1]?.customers[0]?.disclosures[0]?.institutionUserDisclosureId ?? '';
    const nobodys = randomUUID().replaceAll('-', '').toUpperCase();
    expect(theirs).toMatch(/^[0-9A-F]{32}$/u);
    const calls: ((id: string) => ReturnType<typeof update>)[] = [
      (id) => updateById(id, of(pat), status('ACCEPTED')),
      (id) => update(of(pat), { institutionUserDisclosureId: id, ...status('ACCEPTED') }),
      (id) => removeById(id, of(pat)),
    ];
    for (const call of calls) {
      const answers = await Promise.all([others, theirs, nobodys].map(call));
      const [one] = answers;
      expect([one?.statusCode, one?.json().code]).toEqual([400, 'DSC_13001']);
      for (const answer of answers) expect([answer.statusCode, answer.body]).toEqual([one?.statusCode, one?.body]);
    }
    expect(await rowsOf(of(sam))).toHaveLength(1);
  });

  test.each([
    ['names nothing', {}],
    ['names a custom disclosure by its name only', { institutionDisclosureName: 'PAPERLESS TAX' }],
    ['has no status', { institutionDisclosureName: 'IB', institutionUserDisclosureStatus: undefined }],
    ['has a status that is none', { institutionDisclosureName: 'IB', institutionUserDisclosureStatus: 'YES' }],
    ['has a status of another kind', { institutionDisclosureName: 'IB', institutionUserDisclosureStatus: 'ENROLLED' }],
    [
      'lies in the future',
      { institutionDisclosureName: 'IB', institutionUserDisclosureStatusUpdateDateTime: '2090-01-01T00:00:00Z' },
    ],
    [
      'has a time that is none',
      { institutionDisclosureName: 'IB', institutionUserDisclosureStatusUpdateDateTime: '2024-02-30T00:00:00Z' },
    ],
    [
      'has a time without offset',
      { institutionDisclosureName: 'IB', institutionUserDisclosureStatusUpdateDateTime: '2024-02-20T00:00:00' },
    ],
    ['has an id that is none', { institutionDisclosureId: 'x' }],
  ])('or a decision that %s: 400 DSC_12004', async (_what, body) => {
    await create(of(pat), accepts('IB'));
    const sent = { institutionUserDisclosureStatus: 'ACCEPTED', ...body };
    expect(await refusalOf(update(of(pat), sent))).toEqual([400, 'DSC_12004']);
    expect(await refusalOf(create(of(pat), sent))).toEqual([400, 'DSC_12004']);
  });

  test('or a decision with a name of 21 characters: 400 DSC_12011; id and name that disagree: 400 DSC_12004', async () => {
    expect(await refusalOf(create(of(pat), accepts('a'.repeat(21))))).toEqual([400, 'DSC_12011']);
    const both = accepts('ESIGN', { institutionDisclosureId: idOf('IB') });
    expect(await refusalOf(create(of(pat), both))).toEqual([400, 'DSC_12004']);
  });
});

describe('a deletion by id', () => {
  const idOfNew = async (body: object, query = of(pat)): Promise<string> => {
    await create(query, body);
    return (await rowsOf(of(pat))).at(-1)?.institutionUserDisclosureId ?? '';
  };

  test('takes custom disclosures and online statements, and is 501 DSC_10003 for the terms', async () => {
    for (const name of ['IB', 'ESIGN'])
      expect(await refusalOf(removeById(await idOfNew(accepts(name)), of(pat)))).toEqual([501, 'DSC_10003']);
    for (const body of [custom(), statements()]) expect((await removeById(await idOfNew(body), of(pat))).statusCode).toBe(204);
    const ofAccount = await idOfNew(statements(checking), of(pat, { accountType: 'CHECKING' }));
    expect((await removeById(ofAccount, of(pat))).statusCode).toBe(204);
    expect(await refusalOf(removeById(ofAccount, of(pat)))).toEqual([400, 'DSC_13001']);
  });

  test('takes more or less where the institution wants it (DI-1)', async () => {
    await withSwitch(app, '00042', 'disclosures.delete_by_id', ['account-level OLS', 'custom and OLS'], async () => {
      expect(await refusalOf(removeById(await idOfNew(custom()), of(pat)))).toEqual([501, 'DSC_10003']);
      const ofAccount = await idOfNew(statements(checking), of(pat, { accountType: 'CHECKING' }));
      const rows = await rowsOf(of(pat));
      const id = rows.find(({ accountId }) => accountId !== undefined)?.institutionUserDisclosureId ?? ofAccount;
      expect((await removeById(id, of(pat))).statusCode).toBe(204);
    });
    await withSwitch(app, '00042', 'disclosures.delete_by_id', ['any', 'custom and OLS'], async () => {
      await create(of(pat), accepts('IB'));
      const ib = (await rowsOf(of(pat))).find((row) => row.institutionDisclosureName === 'IB');
      expect((await removeById(ib?.institutionUserDisclosureId ?? '', of(pat))).statusCode).toBe(204);
    });
  });
});

describe('whom a call is about', () => {
  test('is said by exactly one of hostUserId and loginId: else 400 DSC_10009', async () => {
    expect(await refusalOf(list({}))).toEqual([400, 'DSC_10009']);
    expect(await refusalOf(list({ ...of(pat), hostUserId: pat.memberNumber }))).toEqual([400, 'DSC_10009']);
    expect(await refusalOf(list({ loginId: ' ' }))).toEqual([400, 'DSC_10009']);
    expect(await refusalOf(list({ hostUserId: 'a b' }))).toEqual([400, 'DSC_10009']);
  });

  test('must be there, and by member number a retail user: else 400 DSC_13001', async () => {
    const theirs = createApiCaller(app, 1).customer({ state: 'active' });
    expect(await refusalOf(list({ loginId: 'nobody.there' }))).toEqual([400, 'DSC_13001']);
    expect(await refusalOf(list({ hostUserId: '99' }))).toEqual([400, 'DSC_13001']);
    expect(await refusalOf(list({ loginId: theirs.loginId }))).toEqual([400, 'DSC_13001']);
    expect(await refusalOf(list({ hostUserId: business.memberNumber }))).toEqual([400, 'DSC_13001']);
  });

  test('is nobody else for the token of a user: 401 DSC_11003', async () => {
    const own = await api.userToken(pat);
    for (const query of [of(sam), { hostUserId: sam.memberNumber }, { loginId: 'nobody.there' }, { hostUserId: '99' }]) {
      expect(await refusalOf(list(query, own))).toEqual([401, 'DSC_11003']);
      expect(await refusalOf(create(query, accepts('IB'), own))).toEqual([401, 'DSC_11003']);
    }
  });

  test('wants both scopes: else 401 DSC_11003', async () => {
    const query = of(pat);
    for (const scopes of [['disclosures:read'], ['institution-users:read']])
      expect(await refusalOf(list(query, await api.partnerToken(...scopes)))).toEqual([401, 'DSC_11003']);
    const reader = await api.partnerToken('disclosures:read', 'institution-users:read');
    expect((await list(query, reader)).statusCode).toBe(200);
    for (const answer of [
      create(query, accepts('IB'), reader),
      update(query, accepts('IB'), reader),
      updateById('A'.repeat(32), query, accepts('IB'), reader),
      remove(query, {}, reader),
      removeById('A'.repeat(32), query, reader),
    ])
      expect(await refusalOf(answer)).toEqual([401, 'DSC_11003']);
  });

  test('may be told by the old spelling of the scope', async () => {
    const old = await api.partnerToken('disclosure:reads', 'institution-users:read');
    expect((await list(of(pat), old)).statusCode).toBe(200);
  });
});

describe('locations', () => {
  test('are needed of a business user, and must be one of the user: else 400 DSC_11004', async () => {
    expect(await refusalOf(list(of(business)))).toEqual([400, 'DSC_11004']);
    for (const institutionCustomerId of [pat.customerId, 'x', ''])
      expect(await refusalOf(list(of(business, { institutionCustomerId })))).toEqual([400, 'DSC_11004']);
    expect(await refusalOf(list(of(pat, { institutionCustomerId: business.customerId })))).toEqual([400, 'DSC_11004']);
    expect(await rowsOf(of(pat, { institutionCustomerId: pat.customerId.toUpperCase() }))).toEqual([]);
  });

  test('have decisions of their own, which another location does not see', async () => {
    const here = of(business, { institutionCustomerId: business.customerId });
    const there = of(business, { institutionCustomerId: otherLocation });
    expect((await create(here, accepts('ESIGN'))).statusCode).toBe(204);
    expect((await create(here, custom())).statusCode).toBe(204);
    expect(await rowsOf(there)).toEqual([]);
    expect((await create(there, { ...accepts('ESIGN'), ...status('NOT_ACCEPTED') })).statusCode).toBe(204);
    expect((await rowsOf(here)).map((row) => row.institutionUserDisclosureStatus)).toEqual(['ACCEPTED', 'ENROLLED']);
    expect((await rowsOf(there)).map((row) => row.institutionUserDisclosureStatus)).toEqual(['NOT_ACCEPTED']);
    const id = (await rowsOf(here))[1]?.institutionUserDisclosureId ?? '';
    expect(await refusalOf(removeById(id, there))).toEqual([400, 'DSC_13001']);
    expect(await refusalOf(updateById(id, there, status('ACCEPTED')))).toEqual([400, 'DSC_13001']);
    expect((await removeById(id, here)).statusCode).toBe(204);
  });
});

describe('refusals of the edge', () => {
  test.each([
    ['no token', 401, 'DSC_11001', { authorization: undefined }],
    ['an unknown token', 401, 'DSC_11002', { authorization: 'Bearer abc' }],
    ['no transactionId', 400, 'DSC_12002', { transactionId: undefined }],
    ['a transactionId that is too long', 400, 'DSC_12003', { transactionId: 'a'.repeat(65) }],
    ['a header that is not printable ASCII', 400, 'DSC_12001', { 'x-note': 'caf\u00e9' }],
    ['headers that are too long', 400, 'DSC_12007', { 'x-note': 'a'.repeat(8200) }],
    ['a callingAppId that is too long', 400, 'DSC_12013', { callingAppId: 'a'.repeat(65) }],
    ['another institution in the header', 400, 'DSC_10002', { institutionId: '00077' }],
  ])('%s: %i %s', async (_what, httpStatus, code, headers: Record<string, string | undefined>) => {
    for (const [method, url] of [
      ['GET', path],
      ['POST', path],
      ['PUT', path],
      ['DELETE', path],
      ['PUT', `${path}/1`],
      ['DELETE', `${path}/1`],
    ] as const)
      expect(await refusalOf(api.withToken(token, method, url, { headers }))).toEqual([httpStatus, code]);
  });

  test.each([
    ['no body', 400, 'DSC_12005', ''],
    ['a body that is not JSON', 400, 'DSC_10002', '{'],
    ['a body that is not printable ASCII', 400, 'DSC_12001', '{"institutionDisclosureName":"caf\u00e9"}'],
    ['a body of more than 1 MiB', 400, 'DSC_12014', `{"a":"${'a'.repeat(1_048_576)}"}`],
  ])('%s: %i %s', async (_what, httpStatus, code, payload) => {
    for (const [method, url] of [
      ['POST', urlOf(of(pat))],
      ['PUT', urlOf(of(pat))],
      ['PUT', urlOf(of(pat), 'A'.repeat(32))],
      ['DELETE', urlOf(of(pat))],
    ] as const)
      expect(await refusalOf(api.withToken(token, method, url, { headers: json, payload }))).toEqual([httpStatus, code]);
  });

  test('a transactionId that is no UUID, where the institution wants one: 400 DSC_10009', async () => {
    await withSwitch(app, '00042', 'trace.strict_uuid', [true, false], async () => {
      const headers = { transactionId: 'call-1' };
      expect(await refusalOf(api.withToken(token, 'GET', urlOf(of(pat)), { headers }))).toEqual([400, 'DSC_10009']);
      expect(await refusalOf(api.withToken(token, 'GET', '/v1/institution-disclosures', { headers }))).toEqual([
        400,
        'DSC_99997',
      ]);
    });
  });

  test('another method: 400 DSC_90000, with the methods that there are', async () => {
    const answer = await api.withToken(token, 'GET', `${path}/1`);
    expect([answer.statusCode, answer.json().code, answer.headers['allow']]).toEqual([400, 'DSC_90000', 'PUT, DELETE']);
  });
});

test('a reset of the sandbox brings the disclosures and decisions of the seed back', async () => {
  const own = createApiCaller(app);
  await create(of(pat), accepts('ESIGN'));
  await app.database.sql`update institution_disclosures set is_enabled = false where institution_id = '00042'`;
  expect((await own.control('POST', ':reset')).statusCode).toBe(204);
  expect((await rowsOf(of(pat))).map((row) => row.institutionDisclosureName)).toEqual(['IB']);
  const definitions = (await api.withToken(token, 'GET', '/v1/institution-disclosures')).json<{
    institutionDisclosures: { institutionDisclosureStatus: boolean }[];
  }>().institutionDisclosures;
  expect(definitions.map((one) => one.institutionDisclosureStatus)).toEqual([true, true, true, true]);
  expect((await evidenceOf(pat)).map(({ operation }) => operation)).toEqual(['sandbox seed']);
});
