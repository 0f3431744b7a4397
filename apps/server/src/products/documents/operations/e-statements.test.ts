import { randomUUID } from 'node:crypto';
import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { withPolicies } from '@openbranch/testkit/change-policies';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { advanceClock, withSwitch } from '@openbranch/testkit/sandbox-calls';
import {
  createTestAccounts,
  type OpenedAccount,
  type TestAccounts,
  withoutSeededAccounts,
} from '@openbranch/testkit/test-accounts';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { listActivities } from '@openbranch/testkit/user-state';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

let app: TestApp;
let api: ApiCaller;
let accounts: TestAccounts;
let token: string;
let pat: Customer;
let sam: Customer;
let business: Customer;
let checking: OpenedAccount;
let savings: OpenedAccount;
let ofSam: OpenedAccount;

beforeAll(async () => {
  app = await createTestApp({
    prepare: async (sql) => {
      await withoutLimits(sql);
      await withoutSeededAccounts(sql);
    },
  });
  api = createApiCaller(app);
  accounts = createTestAccounts(app, '00042');
  const [one, other] = api.customers({ state: 'active', role: 'PRIMARY' });
  if (one === undefined || other === undefined) throw new Error('The sandbox has too few customers.');
  [pat, sam] = [one, other];
  business = api.customer({ userType: 'BUSINESS' });
  token = await api.partnerToken('accounts:read', 'disclosures:read', 'disclosures:write', 'institution-users:read');
  checking = await accounts.open(pat.memberNumber);
  savings = await accounts.open(pat.memberNumber, { account_type: 'SAVINGS' });
  ofSam = await accounts.open(sam.memberNumber);
});
afterAll(() => app.close());
beforeEach(() => app.database.sql`delete from institution_user_disclosures where institution_id = '00042'`);

interface Preference {
  readonly paperWaiver: boolean;
  readonly [member: string]: unknown;
}
type Query = Readonly<Record<string, string>>;

const json = { 'content-type': 'application/json' };
const of = ({ loginId }: Customer): Query => ({ loginId });
const send = (method: 'PUT' | 'POST', path: string, query: Query, body?: unknown, bearer = token) =>
  api.withToken(bearer, method, `${path}?${new URLSearchParams(query)}`, {
    headers: json,
    ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
const preferenceOf = (account: { readonly accountId: string }, query: Query = of(pat), bearer = token) =>
  api.withToken(bearer, 'GET', `/v1/e-statements/${account.accountId}/disclosures?${new URLSearchParams(query)}`);
const preferencesOf = async (account: OpenedAccount, customer = pat): Promise<Preference[]> => {
  const answer = await preferenceOf(account, of(customer));
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json<{ institutionUserDisclosures: Preference[] }>().institutionUserDisclosures;
};
const choose = (body: unknown, query: Query = of(pat), bearer = token) =>
  send('PUT', '/v1/e-statements/preference', query, body, bearer);
const chooseAll = (body: unknown, query: Query = of(pat), bearer = token) =>
  send('PUT', '/v2/e-statements/user/preferences', query, body, bearer);
const report = (body?: unknown, bearer = token) => send('POST', '/v1/reports/e-statements', {}, body, bearer);

/** What a user decides about online statements; of all accounts when none is named. */
async function decide(customer: Customer, account?: OpenedAccount, status = 'ACCEPTED', more: object = {}): Promise<void> {
  const type = account?.accountId === savings.accountId ? 'SAVINGS' : 'CHECKING';
  const answer = await send(
    'POST',
    '/v1/institution-user-disclosures',
    { ...of(customer), ...(account === undefined ? {} : { accountType: type }) },
    {
      institutionDisclosureName: 'OLS',
      institutionUserDisclosureStatus: status,
      paperWaiver: true,
      ...(account === undefined ? {} : { accountId: account.accountId }),
      ...more,
    },
  );
  expect(answer.statusCode, answer.body).toBe(204);
}
const electronic = (accountId: string, activateEstatement = true) => ({ activateEstatement, accountId });
const withoutMultiStatement = (work: () => Promise<void>) =>
  withPolicies(app, '00042', { statements: { multiStatement: false } }, work);

describe('the preference of an account', () => {
  test('is shown once it was accepted, with its user in lower case and times without milliseconds', async () => {
    expect(await preferencesOf(checking)).toEqual([]);
    await decide(pat, checking);
    expect(await preferencesOf(checking)).toEqual([
      {
        id: expect.stringMatching(/^[0-9A-F]{32}$/u),
        institutionId: '00042',
        institutionUserId: pat.institutionUserId.toLowerCase(),
        accountId: checking.accountId,
        paperWaiver: true,
        institutionDisclosureName: 'OLS',
        institutionDisclosureId: expect.stringMatching(/^[0-9A-F]{32}$/u),
        institutionDisclosureStatus: 'ACCEPTED',
        institutionUserDisclosureStatusUpdateDateTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-0[78]:00$/u),
      },
    ]);
    expect(await preferencesOf(savings)).toEqual([]);
    await withSwitch(app, '00042', 'est.user_id_case', ['upper', 'lower'], async () => {
      expect((await preferencesOf(checking))[0]?.['institutionUserId']).toBe(pat.institutionUserId);
    });
    const alias = `/digitalbanking/ux-users/v1/e-statements/${checking.accountId}/disclosures?loginId=${pat.loginId}`;
    expect((await api.withToken(token, 'GET', alias)).json().institutionUserDisclosures).toHaveLength(1);
  });

  test('of an account of somebody else, or of none, is as empty as that of one nobody decided about', async () => {
    await decide(sam, ofSam);
    for (const account of [ofSam, { accountId: 'x'.repeat(43) }, savings]) {
      const answer = await preferenceOf(account);
      expect([answer.statusCode, answer.body]).toEqual([200, '{"institutionUserDisclosures":[]}']);
    }
  });

  test('can be chosen after acceptance, which is 400 UXESTMT_11012 and 400 UXESTMT_11013 before', async () => {
    expect(await refusalOf(choose(electronic(checking.accountId)))).toEqual([400, 'UXESTMT_11012']);
    await decide(pat, checking, 'NOT_ACCEPTED');
    expect(await refusalOf(choose(electronic(checking.accountId)))).toEqual([400, 'UXESTMT_11013']);
    await decide(pat, checking);
    const answer = await choose(electronic(checking.accountId, false));
    expect([answer.statusCode, answer.body]).toEqual([204, '']);
    expect(await preferencesOf(checking)).toMatchObject([{ paperWaiver: false, institutionDisclosureStatus: 'ACCEPTED' }]);
    expect((await choose(electronic(checking.accountId))).statusCode).toBe(204);
    expect(await preferencesOf(checking)).toMatchObject([{ paperWaiver: true }]);
    const told = (await listActivities(app.database.sql, { ...pat, institutionId: '00042' })).at(-1);
    expect(told).toMatchObject({ kind: 'user_disclosure_updated', details: { disclosure: 'OLS', paperWaiver: true } });
  });

  test('answers 200 without a body where the institution wants that (CR-57)', async () => {
    await decide(pat, checking);
    await withSwitch(app, '00042', 'est.preference_answer', ['200', '204'], async () => {
      const answer = await choose(electronic(checking.accountId));
      expect([answer.statusCode, answer.body]).toEqual([200, '']);
    });
  });

  test('is read in its other spelling too (CR-59), with a statement type that is ignored, and a time of its own', async () => {
    await decide(pat, checking);
    const body = {
      activateEStatement: false,
      accountId: checking.accountId,
      statementType: 'OLS',
      disclosureStatusUpdatedAt: '2026-01-05T08:00:00-08:00',
    };
    expect((await choose(body)).statusCode).toBe(204);
    expect(await preferencesOf(checking)).toMatchObject([
      { paperWaiver: false, institutionUserDisclosureStatusUpdateDateTime: '2026-01-05T08:00:00-08:00' },
    ]);
  });

  test.each([
    ['no preference (400 UXESTMT_11010)', { activateEstatement: undefined }, 400, 'UXESTMT_11010'],
    ['no account (400 UXESTMT_11010)', { accountId: null }, 400, 'UXESTMT_11010'],
    ['a preference that is no boolean (400 UXESTMT_11018)', { activateEstatement: 'true' }, 400, 'UXESTMT_11018'],
    ['an account that is no id (400 UXESTMT_11018)', { accountId: 'abc' }, 400, 'UXESTMT_11018'],
    ['a time to come (400 UXESTMT_11018)', { disclosureStatusUpdatedAt: '2999-01-01T00:00:00Z' }, 400, 'UXESTMT_11018'],
    ['a time that is none (400 UXESTMT_11018)', { disclosureStatusUpdatedAt: 'yesterday' }, 400, 'UXESTMT_11018'],
    ['an account of nobody (400 UXESTMT_11012)', { accountId: 'x'.repeat(43) }, 400, 'UXESTMT_11012'],
  ])('is refused with %s', async (_what, more, status, code) => {
    await decide(pat, checking);
    expect(await refusalOf(choose({ ...electronic(checking.accountId), ...more }))).toEqual([status, code]);
  });

  test('is refused where OLS is disabled: 404 UXESTMT_88891', async () => {
    await decide(pat, checking);
    const enable = (isEnabled: boolean) => app.database.sql`
      update institution_disclosures set is_enabled = ${isEnabled} where institution_id = '00042' and name = 'OLS'`;
    await enable(false);
    expect(await refusalOf(choose(electronic(checking.accountId)))).toEqual([404, 'UXESTMT_88891']);
    await enable(true);
  });

  test('of an account that is no longer the user is refused: 400 UXESTMT_11012', async () => {
    const lost = await accounts.open(pat.memberNumber);
    await decide(pat, lost);
    await app.database.sql`
      delete from account_holders where institution_id = '00042' and account_key = ${lost.accountKey}`;
    expect(await refusalOf(choose(electronic(lost.accountId)))).toEqual([400, 'UXESTMT_11012']);
    expect((await preferenceOf(lost)).json()).toEqual({ institutionUserDisclosures: [] });
  });
});

describe('the preference of a user', () => {
  test('changes every accepted account: 204; a refused one is named by 206, and the others are changed', async () => {
    await decide(pat);
    await decide(pat, checking);
    await decide(pat, savings);
    const all = await chooseAll({ activateEstatement: false });
    expect([all.statusCode, all.body]).toEqual([204, '']);
    for (const account of [checking, savings]) expect(await preferencesOf(account)).toMatchObject([{ paperWaiver: false }]);
    await decide(pat, savings, 'NOT_ACCEPTED');
    const some = await chooseAll({ activateEstatement: true });
    expect(some.statusCode).toBe(206);
    expect(some.json()).toEqual({ updatedAccounts: [checking.accountId], failedAccounts: [savings.accountId] });
    expect(await preferencesOf(checking)).toMatchObject([{ paperWaiver: true }]);
    expect(await preferencesOf(savings)).toMatchObject([{ institutionDisclosureStatus: 'NOT_ACCEPTED' }]);
  });

  test('names an account that is no longer the user as failed', async () => {
    const lost = await accounts.open(pat.memberNumber);
    await decide(pat);
    await decide(pat, lost);
    await app.database.sql`
      delete from account_holders where institution_id = '00042' and account_key = ${lost.accountKey}`;
    const answer = await chooseAll({ activateEstatement: false });
    expect([answer.statusCode, answer.json()]).toEqual([206, { updatedAccounts: [], failedAccounts: [lost.accountId] }]);
  });

  test('keeps what it names as changed when another account breaks', async () => {
    const { sql } = app.database;
    await decide(pat);
    await decide(pat, checking);
    await decide(pat, savings);
    await sql`create function break_one() returns trigger language plpgsql as $$ begin raise exception 'broken'; end $$`;
    await sql.unsafe(
      `create trigger break_one before insert or update on institution_user_disclosures for each row when (new.account_id = '${savings.accountId}') execute function break_one()`,
    );
    try {
      const answer = await chooseAll({ activateEstatement: false });
      expect([answer.statusCode, answer.json()]).toEqual([
        206,
        { updatedAccounts: [checking.accountId], failedAccounts: [savings.accountId] },
      ]);
      expect(await preferencesOf(checking)).toMatchObject([{ paperWaiver: false }]);
      expect(await preferencesOf(savings)).toMatchObject([{ paperWaiver: true }]);
    } finally {
      await sql`drop trigger break_one on institution_user_disclosures`;
      await sql`drop function break_one`;
    }
  });

  test('needs the acceptance of the user (400 UXESTMT_11013) and of some account (400 UXESTMT_11020)', async () => {
    await decide(pat, checking);
    expect(await refusalOf(chooseAll({ activateEstatement: true }))).toEqual([400, 'UXESTMT_11013']);
    await decide(pat, undefined, 'NOT_ACCEPTED');
    expect(await refusalOf(chooseAll({ activateEstatement: true }))).toEqual([400, 'UXESTMT_11013']);
    await app.database.sql`delete from institution_user_disclosures where institution_id = '00042'`;
    await decide(pat);
    expect(await refusalOf(chooseAll({ activateEstatement: true }))).toEqual([400, 'UXESTMT_11020']);
    expect(await refusalOf(chooseAll({}))).toEqual([400, 'UXESTMT_11010']);
    expect(await refusalOf(chooseAll({ activateEstatement: 1 }))).toEqual([400, 'UXESTMT_11018']);
  });

  test('is the one of the user where statements are chosen once', async () => {
    await withoutMultiStatement(async () => {
      expect(await refusalOf(chooseAll({ activateEstatement: false }))).toEqual([400, 'UXESTMT_11013']);
      await decide(pat);
      expect((await chooseAll({ activateEstatement: false })).statusCode).toBe(204);
      const listed = await api.withToken(token, 'GET', `/v1/institution-user-disclosures?loginId=${pat.loginId}`);
      expect(listed.json().institutionUserDisclosures).toMatchObject([{ institutionDisclosureName: 'OLS', paperWaiver: false }]);
    });
  });

  test('is refused for each account where the institution wants it only once (DI-5): 400 UXESTMT_11021', async () => {
    await decide(pat);
    await decide(pat, checking);
    await withSwitch(app, '00042', 'est.user_preferences', ['multi_statement_off', 'always'], async () => {
      expect(await refusalOf(chooseAll({ activateEstatement: true }))).toEqual([400, 'UXESTMT_11021']);
    });
  });
});

test('what is about single accounts is refused where statements are chosen once: 400 UXESTMT_11021', async () => {
  await withoutMultiStatement(async () => {
    expect(await refusalOf(preferenceOf(checking))).toEqual([400, 'UXESTMT_11021']);
    expect(await refusalOf(choose(electronic(checking.accountId)))).toEqual([400, 'UXESTMT_11021']);
    expect(await refusalOf(report({ customerId: pat.customerId }))).toEqual([400, 'UXESTMT_11021']);
  });
});

interface Report {
  readonly totalCount: number;
  readonly statementOptInReport: readonly Readonly<Record<string, unknown>>[];
}

describe('the report', () => {
  const numbersOf = ({ statementOptInReport: rows }: Report) => rows.map(({ accountNumber }) => accountNumber);
  const last4 = ({ accountNumber }: OpenedAccount): string => accountNumber.slice(-4);

  test('has a record for each account that a customer has accepted', async () => {
    await decide(pat, checking);
    await decide(pat, savings, 'ACCEPTED', { paperWaiver: false });
    const answer = await report({ customerId: pat.customerId });
    expect(answer.statusCode).toBe(200);
    const told = {
      userId: expect.stringMatching(/^[0-9a-f]{32}$/u),
      userName: pat.loginId,
      optInDateTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-0[78]:00$/u),
    };
    expect(answer.json()).toEqual({
      totalCount: 2,
      statementOptInReport: [
        { ...told, accountNumber: last4(checking), accountType: 'CHECKING', optInEstatement: true, optInPaperStatement: false },
        { ...told, accountNumber: last4(savings), accountType: 'SAVINGS', optInEstatement: false, optInPaperStatement: true },
      ],
    });
  });

  test('shows whole numbers to whoever may see them', async () => {
    await decide(pat, checking);
    const unmasked = ['accounts:read', 'accounts:read_unmasked', 'disclosures:read', 'institution-users:read'];
    const bearer = await api.partnerToken(...unmasked);
    expect(numbersOf((await report({ customerId: pat.customerId }, bearer)).json())).toEqual([checking.accountNumber]);
  });

  test('shows no number where the mask of the institution is none: 500 UXESTMT_99998', async () => {
    await decide(pat, checking);
    await withPolicies(app, api.institutionId, { accounts: { maskFormat: '' } }, async () => {
      const { statusCode, body } = await report({ customerId: pat.customerId });
      expect([statusCode, body]).toEqual([500, expect.stringContaining('"code":"UXESTMT_99998"')]);
      expect(body).not.toContain(checking.accountNumber);
    });
  });

  test('takes a type of account in any case', async () => {
    await decide(pat, checking);
    await decide(pat, savings);
    const answer = await report({ customerId: pat.customerId, accountType: 'checking' });
    expect([answer.statusCode, numbersOf(answer.json())]).toEqual([200, [last4(checking)]]);
    expect(answer.json().totalCount).toBe(1);
    expect(await refusalOf(report({ customerId: pat.customerId, accountType: 'MORTGAGE_LOAN' }))).toEqual([404, 'UXESTMT_88888']);
  });

  test('leaves out what is not accepted, and says so by 206; nothing left is 404 UXESTMT_88888', async () => {
    await decide(pat, checking);
    await decide(pat, savings, 'NOT_ACCEPTED');
    const answer = await report({ customerId: pat.customerId });
    expect([answer.statusCode, numbersOf(answer.json())]).toEqual([206, [last4(checking)]]);
    await decide(pat, checking, 'NOT_ACCEPTED');
    expect(await refusalOf(report({ customerId: pat.customerId }))).toEqual([404, 'UXESTMT_88888']);
  });

  test('counts the rows of all pages', async () => {
    await decide(pat, checking);
    await decide(pat, savings);
    const pages = [];
    for (const offset of [0, 1, 2]) pages.push((await report({ customerId: pat.customerId, limit: 1, offset })).json<Report>());
    expect(pages.map(({ totalCount }) => totalCount)).toEqual([2, 2, 2]);
    expect(pages.map(numbersOf)).toEqual([[last4(checking)], [last4(savings)], []]);
  });

  test('is about decisions of the time between two dates, at most 90 days apart', async () => {
    await decide(pat, checking, 'ACCEPTED', { institutionUserDisclosureStatusUpdateDateTime: '2026-03-01T00:00:00-08:00' });
    await decide(pat, savings, 'ACCEPTED', { institutionUserDisclosureStatusUpdateDateTime: '2026-05-30T23:59:59-07:00' });
    const between = async (fromDate: string, toDate: string) => {
      const answer = await report({ customerId: pat.customerId, fromDate, toDate });
      return answer.statusCode === 200 ? numbersOf(answer.json()) : answer.json<{ code: string }>().code;
    };
    expect(await between('01-03-2026', '30-05-2026')).toEqual([last4(checking), last4(savings)]);
    expect(await between('02-03-2026', '30-05-2026')).toEqual([last4(savings)]);
    expect(await between('2026-03-01T07:59:59Z', '2026-03-01T08:00:00Z')).toEqual([last4(checking)]);
    expect(await between('01-03-2026', '31-05-2026')).toBe('UXESTMT_11015');
  });

  const dates: [string, object, number, string][] = [
    ['91 days (400 UXESTMT_11015)', { fromDate: '01-01-2026', toDate: '02-04-2026' }, 400, 'UXESTMT_11015'],
    ['dates the wrong way round (400 UXESTMT_11016)', { fromDate: '02-01-2026', toDate: '01-01-2026' }, 400, 'UXESTMT_11016'],
    ['month before day (DI-7, 400 UXESTMT_11017)', { fromDate: '04-30-2023', toDate: '01-05-2023' }, 400, 'UXESTMT_11017'],
    ['one date only (400 UXESTMT_11018)', { fromDate: '01-01-2026' }, 400, 'UXESTMT_11018'],
    ['equal dates (400 UXESTMT_11019)', { fromDate: '01-01-2026', toDate: '01-01-2026' }, 400, 'UXESTMT_11019'],
    ['an unknown type of account (400 UXESTMT_11018)', { accountType: 'piggy bank' }, 400, 'UXESTMT_11018'],
    ['a page of none (400 UXESTMT_11018)', { limit: 0 }, 400, 'UXESTMT_11018'],
    ['a customer that nobody knows (404 UXESTMT_88888)', { customerId: 'ab'.repeat(16) }, 404, 'UXESTMT_88888'],
    ['a customer that is none (404 UXESTMT_88888)', { customerId: 'x' }, 404, 'UXESTMT_88888'],
    ['no customer (CR-58, 400 UXESTMT_11010)', { customerId: undefined }, 400, 'UXESTMT_11010'],
  ];
  test.each(dates)('is refused with %s', async (_what, body, status, code) => {
    expect(await refusalOf(report({ customerId: pat.customerId, ...body }))).toEqual([status, code]);
  });

  test('is refused without a body (400 UXESTMT_11010), and about a business (404 UXESTMT_88888)', async () => {
    expect(await refusalOf(report())).toEqual([400, 'UXESTMT_11010']);
    expect(await refusalOf(report({ customerId: business.customerId }))).toEqual([404, 'UXESTMT_88888']);
  });

  test('is refused to the token of a user: 403 UXESTMT_10003', async () => {
    expect(await refusalOf(report({ customerId: pat.customerId }, await api.userToken(pat)))).toEqual([403, 'UXESTMT_10003']);
  });

  test('is about every customer, and the last 90 days, where the institution wants that (CR-58)', async () => {
    await decide(sam, ofSam);
    await decide(pat, checking);
    await decide(pat, savings, 'ACCEPTED', { institutionUserDisclosureStatusUpdateDateTime: '2025-01-01T00:00:00Z' });
    await withSwitch(app, '00042', 'est.report_all', [true, false], async () => {
      const ordered = [pat, sam].map(({ loginId }) => loginId).sort();
      for (const body of [undefined, {}]) {
        const answer = await report(body);
        expect(answer.statusCode).toBe(200);
        expect(answer.json<Report>().statementOptInReport.map(({ userName }) => userName)).toEqual(ordered);
      }
      await decide(sam, ofSam, 'NOT_ACCEPTED');
      expect((await report()).statusCode).toBe(206);
    });
  });

  test('wraps its records and writes numbers as the institution wants (DI-6, DI-8)', async () => {
    await decide(pat, checking);
    const body = { customerId: pat.customerId };
    await withSwitch(app, '00042', 'est.report_wrapper', ['StatementOptInReport', 'statementOptInReport'], async () => {
      expect((await report(body)).json()).toMatchObject({ totalCount: 1, StatementOptInReport: [{ optInEstatement: true }] });
    });
    await withSwitch(app, '00042', 'est.report_wrapper', ['statementReports', 'statementOptInReport'], async () => {
      expect((await report(body)).json()).toMatchObject({
        statementReports: [{ optInEstatement: 'Yes', optInPaperStatement: 'No' }],
      });
    });
    await withSwitch(app, '00042', 'est.report_account_number', ['number', 'string'], async () => {
      expect(numbersOf((await report(body)).json())).toEqual([Number(last4(checking))]);
    });
  });
});

describe.each([
  ['getAccountStatementPreference', 'GET', '/v1/e-statements/{accountId}/disclosures'],
  ['updateAccountStatementPreference', 'PUT', '/v1/e-statements/preference'],
  ['updateUserStatementPreferences', 'PUT', '/v2/e-statements/user/preferences'],
  ['createStatementOptInReport', 'POST', '/v1/reports/e-statements'],
] as const)('a refused call says why: %s', (name, method, template) => {
  const path = (): string => template.replace('{accountId}', checking.accountId);
  const isReport = name === 'createStatementOptInReport';
  const body = () => ({ activateEstatement: true, accountId: checking.accountId, customerId: pat.customerId });
  const call = (query: Query, headers: Readonly<Record<string, string | undefined>> = {}, payload = JSON.stringify(body())) =>
    refusalOf(
      api.call(method, `${path()}?${new URLSearchParams(query)}`, {
        headers: {
          authorization: `Bearer ${token}`,
          correlationId: randomUUID(),
          ...(method === 'GET' ? {} : json),
          ...headers,
        },
        ...(method === 'GET' ? {} : { payload }),
      }),
    );

  test.each([
    ['no proof of who calls (400 UXESTMT_10001)', { authorization: undefined }, 400, 'UXESTMT_10001'],
    ['another form of Authorization (400 UXESTMT_10012)', { authorization: 'Basic abc' }, 400, 'UXESTMT_10012'],
    ['an unknown token (400 UXESTMT_10002)', { authorization: 'Bearer abc' }, 400, 'UXESTMT_10002'],
    ['no correlationId (400 UXESTMT_10007)', { correlationId: undefined }, 400, 'UXESTMT_10007'],
    ['a correlationId that is no UUID (400 UXESTMT_10008)', { correlationId: 'abc' }, 400, 'UXESTMT_10008'],
    ['an address that is none (400 UXESTMT_10011)', { originating_ip: 'here' }, 400, 'UXESTMT_10011'],
    ['headers that are too long (400 UXESTMT_99998)', { 'x-filler': 'a'.repeat(8192) }, 400, 'UXESTMT_99998'],
    ['a header outside printable ASCII (400 UXESTMT_99998)', { 'x-filler': 'a\tb' }, 400, 'UXESTMT_99998'],
    ['the institution of somebody else (400 UXESTMT_11014)', { institutionId: '00077' }, 400, 'UXESTMT_11014'],
  ])('%s', async (_what, headers, status, code) => {
    expect(await call(of(pat), headers)).toEqual([status, code]);
  });

  test('in an envelope with status, code and message; with 401 where the institution wants that (CR-56)', async () => {
    const url = `${path()}?loginId=${pat.loginId}`;
    const answer = await api.call(method, url, { headers: { correlationId: randomUUID(), institutionId: '00042' } });
    expect(answer.json()).toEqual({ status: 400, message: expect.any(String), code: 'UXESTMT_10001' });
    await withSwitch(app, '00042', 'est.auth_http', ['401', '400'], async () => {
      expect(await call(of(pat), { authorization: undefined, institutionId: '00042' })).toEqual([401, 'UXESTMT_10001']);
    });
  });

  test('a token without a scope (403 UXESTMT_10003)', async () => {
    const needed = [
      'accounts:read',
      isReport || method === 'GET' ? 'disclosures:read' : 'disclosures:write',
      'institution-users:read',
    ];
    for (const left of needed) {
      const bearer = await api.partnerToken(...needed.filter((one) => one !== left));
      expect(await call(of(pat), { authorization: `Bearer ${bearer}` })).toEqual([403, 'UXESTMT_10003']);
    }
  });

  if (method !== 'GET')
    test('a body that is no JSON (400 UXESTMT_99998), or none (400 UXESTMT_11010)', async () => {
      expect(await call(of(pat), {}, '{')).toEqual([400, 'UXESTMT_99998']);
      expect(await call(of(pat), {}, '[]')).toEqual([400, 'UXESTMT_99998']);
      expect(await call(of(pat), {}, '')).toEqual([400, 'UXESTMT_11010']);
    });

  if (!isReport)
    test('no user, two, a blank one (400 UXESTMT_11010), one that nobody knows (404 UXESTMT_88888)', async () => {
      expect(await call({})).toEqual([400, 'UXESTMT_11010']);
      expect(await call({ loginId: pat.loginId, hostUserId: pat.memberNumber })).toEqual([400, 'UXESTMT_11010']);
      expect(await call({ loginId: '' })).toEqual([400, 'UXESTMT_11010']);
      expect(await call({ loginId: 'nobody.at.all' })).toEqual([404, 'UXESTMT_88888']);
      expect(await call({ loginId: business.loginId })).toEqual([404, 'UXESTMT_88888']);
      const url = `${path()}?loginId=${pat.loginId}&loginId=${pat.loginId}`;
      const twice = api.withToken(token, method, url, method === 'GET' ? {} : { headers: json, payload: JSON.stringify(body()) });
      expect(await refusalOf(twice)).toEqual([400, 'UXESTMT_11018']);
    });

  if (!isReport)
    test('the token of a user is good for that user only: 403 UXESTMT_10003', async () => {
      const authorization = `Bearer ${await api.userToken(pat)}`;
      expect(await call(of(sam), { authorization })).toEqual([403, 'UXESTMT_10003']);
      expect(await call({ loginId: 'nobody.at.all' }, { authorization })).toEqual([403, 'UXESTMT_10003']);
      expect((await call({}, { authorization }))[1]).not.toBe('UXESTMT_10003');
    });

  if (method === 'PUT')
    test('a user that is locked: 400 UXESTMT_88889', async () => {
      const locked = api.customer({ state: 'locked' });
      expect(await call(of(locked))).toEqual([400, 'UXESTMT_88889']);
    });
});

test('an accountId that is none in a path: 400 UXESTMT_11007; a path that is none: 404 UXESTMT_11008', async () => {
  expect(await refusalOf(preferenceOf({ accountId: 'abc' }))).toEqual([400, 'UXESTMT_11007']);
  for (const path of [
    '/v1/e-statements/x/y',
    '/v2/e-statements/user',
    '/ux-users/v1/e-statements/x',
    '/v1/reports/e-statements/x',
  ])
    expect(await refusalOf(api.withToken(token, 'GET', path))).toEqual([404, 'UXESTMT_11008']);
});

test('what breaks says no more than a reference: 500 UXESTMT_99998', async () => {
  const { sql } = app.database;
  await sql`alter table account_entitlements rename to account_entitlements_away`;
  try {
    expect(await refusalOf(preferenceOf(checking))).toEqual([500, 'UXESTMT_99998']);
  } finally {
    await sql`alter table account_entitlements_away rename to account_entitlements`;
  }
});

test('a token that has expired: 400 UXESTMT_10004', async () => {
  const short = await api.partnerToken();
  await advanceClock(app, '00042', 7200);
  expect(await refusalOf(preferenceOf(checking, of(pat), short))).toEqual([400, 'UXESTMT_10004']);
});
