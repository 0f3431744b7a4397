import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { setSwitch, withSwitch } from '@openbranch/testkit/sandbox-calls';
import {
  createTestAccounts,
  type OpenedAccount,
  type TestAccounts,
  withoutSeededAccounts,
} from '@openbranch/testkit/test-accounts';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { createTestCustomer, createTestUser, type TestCustomer, type TestUser } from '@openbranch/testkit/test-users';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let app: TestApp;
let api: ApiCaller;
let accounts: TestAccounts;
let token: string;
let unmasked: string;
let pat: Customer;
let checking: OpenedAccount;
let joint: OpenedAccount;
let cross: OpenedAccount;
let loan: OpenedAccount;

/** A loan with a value for everything that a view can show. */
const populatedLoan = {
  account_type: 'HOME_EQUITY_LOAN',
  account_number: '000123454471',
  fi_account_type: 133,
  fi_raw_account_type: 7,
  description: 'Home equity line',
  routing_number: '121000358',
  micr_number: '000123454471',
  interest_rate: '3.25',
  interest_year_minor: 12_345n,
  credit_limit_minor: 5_000_000n,
  tpv_reference: 'TPV-1',
  tpv_product_code: 'HEL',
  last_statement_on: '2026-01-31',
  last_statement_minor: -1_210_000n,
  next_payment_minor: 25_000n,
  next_payment_on: '2026-04-01',
  minimum_payment_minor: 10_000n,
  escrow_minor: 30_000n,
  interest_due_minor: 1_500n,
  fees_due_minor: 500n,
  original_loan_minor: 2_000_000n,
  last_principal_minor: 20_000n,
  loan_originated_on: '2021-05-06',
  principal_past_due_on: '2026-02-01',
  matures_on: '2036-05-06',
  term_duration: 180,
  term_type: 'MONTHS',
};

beforeAll(async () => {
  app = await createTestApp({
    prepare: async (sql) => {
      await withoutLimits(sql);
      await withoutSeededAccounts(sql);
    },
  });
  api = createApiCaller(app);
  accounts = createTestAccounts(app, api.institutionId);
  pat = api.customer({ state: 'active' });
  token = await api.partnerToken('accounts:read');
  unmasked = await api.partnerToken('accounts:read', 'accounts:read_unmasked');
  checking = await accounts.open(pat.memberNumber, { description: 'Everyday Checking', account_number: '1112223344' });
  await accounts.book(checking, { amountMinor: 100_050n, on: '2026-01-05' });
  await accounts.hold(checking, { amountMinor: -2_000n, on: '2026-01-06' });
  joint = await accounts.open('800001', { account_type: 'SAVINGS' });
  await accounts.share(joint, pat.memberNumber, 'JOINT');
  cross = await accounts.open('800002', { account_type: 'MONEY_MARKET' });
  await accounts.share(cross, pat.memberNumber, 'CROSS');
  loan = await accounts.open(pat.memberNumber, populatedLoan);
  await accounts.book(loan, { amountMinor: -1_200_000n, on: '2026-01-07', type: 'ADVANCE' });
  await accounts.entitle(loan, pat.institutionUserId, { nick_name: 'Rent money' });
});
afterAll(() => app.close());

interface Shown {
  readonly id: string;
  readonly [member: string]: unknown;
}

const list = (query: Readonly<Record<string, string>> = {}, bearer = token, path = '/v1/accounts') =>
  api.withToken(bearer, 'GET', `${path}?${new URLSearchParams({ loginId: pat.loginId, ...query })}`);
const shown = async (query: Readonly<Record<string, string>> = {}, bearer = token): Promise<Shown[]> => {
  const answer = await list(query, bearer);
  expect([answer.statusCode, answer.body]).toEqual([200, expect.stringContaining('{"accounts":')]);
  return answer.json().accounts;
};
const idsOf = async (query: Readonly<Record<string, string>> = {}) => (await shown(query)).map(({ id }) => id);
const only = async (account: OpenedAccount, query: Readonly<Record<string, string>> = {}, bearer = token): Promise<Shown> => {
  const found = (await shown(query, bearer)).find(({ id }) => id === account.accountId);
  if (found === undefined) throw new Error('The account is not listed.');
  return found;
};

describe('the accounts of a user', () => {
  test('are listed in full: what is owned, shared and reached through a relation', async () => {
    expect(await idsOf()).toEqual([checking, joint, cross, loan].map(({ accountId }) => accountId));
    expect(await only(checking)).toEqual({
      id: checking.accountId,
      institutionUserId: pat.institutionUserId,
      institutionCustomerId: pat.customerId,
      institutionId: '00042',
      description: 'Everyday Checking',
      accountNumber: '3344',
      category: 'DEPOSIT',
      type: { value: 'CHECKING', fiRawAccountType: 1, fiAccountType: 1, description: 'Checking' },
      primaryHolderName: expect.any(String),
      currentBalance: { currencyCode: 'USD', amount: 1000.5 },
      availableBalance: { currencyCode: 'USD', amount: 980.5 },
      status: {
        open: true,
        closed: false,
        negativeBalance: false,
        delinquent: false,
        inCollection: false,
        overLimit: false,
        writtenOff: false,
        creditBalance: false,
        paymentCoupon: false,
        retirementPlan: false,
        retPlanOwnedByDeceased: false,
      },
      allowedActions: {
        summary: true,
        transferFrom: true,
        transferTo: true,
        isHistoryEnabled: true,
        isHistoryEntitled: true,
        isOnlineStatementEnabled: true,
      },
    });
  });

  test('show a loan as what is owed, and what is left of its limit', async () => {
    expect(await only(loan)).toMatchObject({
      category: 'LOAN',
      nickName: 'Rent money',
      currentBalance: { amount: 12_000 },
      availableBalance: { amount: 38_000 },
      lastStatementBalance: { amount: 12_100 },
      currentPrincipalBalance: { amount: 11_980 },
      calculatedPayOffAmount: { amount: 12_000 },
      payOffAmount: { amount: 12_000 },
      interestRate: 3.25,
      term: { duration: 180, termType: 'MONTHS' },
      type: { value: 'HOME_EQUITY_LOAN', fiAccountType: 133, fiRawAccountType: 7, description: 'Home equity loan' },
    });
  });

  test('are the same by member number, by login name, and in every form of the path', async () => {
    const expected = (await list()).body;
    const byMember = { headers: { TransactionId: '6f1c2c1e-4d3a-4f58-8e07-6a1c2b3d4e5f', transactionId: undefined } };
    for (const path of [
      '/v1/accounts',
      '/db-accounts/v1/accounts',
      '/accounts/v1/accounts',
      '/accounts',
      '/digitalbanking/v1/accounts',
      '/digitalbanking/db-accounts/v1/accounts',
    ]) {
      const answer = await api.withToken(token, 'GET', `${path}?hostUserId=${pat.memberNumber}`, byMember);
      expect([path, answer.statusCode, answer.body]).toEqual([path, 200, expected]);
      expect(answer.headers['transactionid']).toBe('6f1c2c1e-4d3a-4f58-8e07-6a1c2b3d4e5f');
      expect((await list({}, token, path)).body).toBe(expected);
    }
  });

  test("are the user's own with the token of that user, who may name itself again", async () => {
    const own = await api.userToken(pat);
    const answers = await Promise.all(
      ['', `?loginId=${pat.loginId.toUpperCase()}`, `?hostUserId=${pat.memberNumber}`].map((query) =>
        api.withToken(own, 'GET', `/v1/accounts${query}`),
      ),
    );
    // The token of the application has every scope, so numbers are whole.
    for (const answer of answers) expect(answer.json().accounts).toHaveLength(4);
  });

  test('are none for a user without accounts', async () => {
    const other = api.customers({ state: 'active' })[1];
    const answer = await api.withToken(token, 'GET', `/v1/accounts?loginId=${other?.loginId}`);
    expect([answer.statusCode, answer.json()]).toEqual([200, { accounts: [] }]);
  });

  test('leave out what is hidden by the institution or the user, or is not listed', async () => {
    const member = await createTestCustomer(app.database.sql, '00042', 'RETAIL');
    const user = await createTestUser(app.database.sql, '00042', 'PRIMARY', [member]);
    const kept = await accounts.open(member.memberNumber);
    await accounts.open(member.memberNumber, { is_hidden: true });
    await accounts.open(member.memberNumber, { is_listed: false });
    await accounts.entitle(await accounts.open(member.memberNumber), user.institutionUserId, { is_hidden: true });
    await accounts.entitle(await accounts.open(member.memberNumber), user.institutionUserId, { may_view: false });
    expect((await shown({ loginId: user.loginId })).map(({ id }) => id)).toEqual([kept.accountId]);
  });

  test('of a sub-user are those that were granted, and of a joint owner the same account has the same id', async () => {
    const { sql } = app.database;
    const [member, spouse] = [await createTestCustomer(sql, '00042', 'RETAIL'), await createTestCustomer(sql, '00042', 'RETAIL')];
    const subUser = await createTestUser(sql, '00042', 'ENTITLED', [member]);
    const other = await createTestUser(sql, '00042', 'PRIMARY', [spouse]);
    const [granted, shared] = [await accounts.open(member.memberNumber), await accounts.open(member.memberNumber)];
    await accounts.share(shared, spouse.memberNumber, 'JOINT');
    expect(await shown({ loginId: subUser.loginId })).toEqual([]);
    await accounts.entitle(granted, subUser.institutionUserId, { may_transfer_from: false, nick_name: 'Pocket money' });
    const [seen, ...rest] = await shown({ loginId: subUser.loginId });
    expect(rest).toEqual([]);
    expect(seen).toMatchObject({
      id: granted.accountId,
      nickName: 'Pocket money',
      allowedActions: { transferFrom: false, transferTo: true },
    });
    expect((await shown({ loginId: other.loginId })).map(({ id }) => id)).toEqual([shared.accountId]);
  });

  test('tell what state they are in', async () => {
    const member = await createTestCustomer(app.database.sql, '00042', 'RETAIL');
    const user = await createTestUser(app.database.sql, '00042', 'PRIMARY', [member]);
    const overdrawn = await accounts.open(member.memberNumber, { overdraft_limit_minor: 1_000n });
    await accounts.book(overdrawn, { amountMinor: -1_500n, on: '2026-01-05' });
    const closed = await accounts.open(member.memberNumber, {
      closed_on: '2026-01-01',
      status_flags: ['verified', 'retirementPlan'],
    });
    const card = await accounts.open(member.memberNumber, { account_type: 'CREDIT_CARD_LOAN', credit_limit_minor: 100_000n });
    await accounts.book(card, { amountMinor: 500n, on: '2026-01-05' });
    const restricted = await accounts.open(member.memberNumber, { transfer_restriction: 'EXCLUDE_AS_FROM' });
    const found = await shown({ loginId: user.loginId });
    const of = (account: OpenedAccount) => found.find(({ id }) => id === account.accountId);
    expect(of(overdrawn)).toMatchObject({
      currentBalance: { amount: -15 },
      status: { open: true, negativeBalance: true, overLimit: true, creditBalance: false },
    });
    expect(of(closed)).toMatchObject({
      status: { open: false, closed: true, verified: true, retirementPlan: true },
      allowedActions: { transferFrom: false, transferTo: false },
    });
    expect(of(closed)?.['status']).not.toHaveProperty('approved');
    expect(of(card)).toMatchObject({
      currentBalance: { amount: -5 },
      availableBalance: { amount: 1005 },
      status: { creditBalance: true, overLimit: false, negativeBalance: false },
    });
    expect(of(card)).not.toHaveProperty('currentPrincipalBalance');
    expect(of(restricted)).toMatchObject({ allowedActions: { transferFrom: false, transferTo: true } });
  });

  test('never show what another institution has, even with its ids', async () => {
    const other = createApiCaller(app, 1);
    const answer = await other.withToken(await other.partnerToken(), 'GET', `/v1/accounts?loginId=${pat.loginId}`);
    expect(answer.statusCode === 404 || answer.json().accounts.length === 0).toBe(true);
  });
});

describe('masking', () => {
  test('differs from the whole in number members only', async () => {
    const [masked, whole] = [await shown(), await shown({}, unmasked)];
    expect(masked.map(({ accountNumber }) => accountNumber)).toContain('4471');
    expect(whole.map(({ accountNumber }) => accountNumber)).toContain('000123454471');
    const withoutNumbers = (rows: readonly Shown[]) => rows.map(({ accountNumber, ...others }) => others);
    expect(withoutNumbers(masked)).toEqual(withoutNumbers(whole));
  });

  test('shows a number of four characters or fewer as it is, and can mark the masked ones by an asterisk (ACC-S3)', async () => {
    const short = await accounts.open('800003', { account_number: '4471' });
    await accounts.share(short, pat.memberNumber, 'JOINT');
    expect((await only(short))['accountNumber']).toBe('4471');
    await withSwitch(app, '00042', 'accounts.mask', ['star-last4', 'last4'], async () => {
      expect((await only(short))['accountNumber']).toBe('4471');
      expect((await only(checking))['accountNumber']).toBe('*3344');
      expect((await only(checking, {}, unmasked))['accountNumber']).toBe('1112223344');
    });
    await app.database.sql`delete from account_holders where account_key = ${short.accountKey}`;
  });
});

describe('a view', () => {
  const names = async (query: Readonly<Record<string, string>>) => Object.keys(await only(loan, query)).sort();

  test('shows 34 members of a fully populated loan by default, 20 with s, 33 with m', async () => {
    const [external, small, medium] = [await names({}), await names({ viewName: 's' }), await names({ viewName: 'm' })];
    expect([external.length, small.length, medium.length]).toEqual([34, 20, 33]);
    expect(external.filter((name) => !medium.includes(name))).toEqual(['micrNumber']);
    expect(small).not.toContain('nickName');
  });

  test('trims after the filter: with s there is no nickName, and yet name filters', async () => {
    const found = await shown({ viewName: 's', $filter: "name eq 'Rent money'" });
    expect(found.map(({ id }) => id)).toEqual([loan.accountId]);
    expect(found[0]).not.toHaveProperty('nickName');
  });

  test('shows contribution amounts of retirement accounts only, of none or of all (ACC-S2)', async () => {
    const member = await createTestCustomer(app.database.sql, '00042', 'RETAIL');
    const user = await createTestUser(app.database.sql, '00042', 'PRIMARY', [member]);
    const amounts = { eligible_this_year_minor: 650_000n, eligible_last_year_minor: 600_000n, maximum_last_year_minor: 700_000n };
    await accounts.open(member.memberNumber, { account_type: 'RETIREMENT_IRA', ...amounts });
    await accounts.open(member.memberNumber, amounts);
    const amountsShown = async (viewName?: string) =>
      (await shown({ loginId: user.loginId, ...(viewName === undefined ? {} : { viewName }) })).map(
        (account) => Object.keys(account).filter((name) => name.includes('Contribution')).length,
      );
    expect([await amountsShown(), await amountsShown('m'), await amountsShown('s')]).toEqual([
      [3, 0],
      [3, 0],
      [0, 0],
    ]);
    await withSwitch(app, '00042', 'accounts.contribution_fields', ['none', 'retirement'], async () => {
      expect(await amountsShown()).toEqual([0, 0]);
    });
    await withSwitch(app, '00042', 'accounts.contribution_fields', ['all', 'retirement'], async () => {
      expect(await amountsShown()).toEqual([3, 3]);
    });
  });

  test('has more members when additional fields are wanted, and none of them otherwise', async () => {
    const plain = await only(joint);
    const more = await only(joint, { additionalFields: 'True' });
    expect(more).toEqual({
      ...plain,
      additionalInfo: {
        entry: [
          { key: 'ownershipType', value: 'JOINT' },
          { key: 'hostAccountType', value: '1' },
          { key: 'regDMaxCount', value: '6' },
          { key: 'regDHostCount', value: '0' },
        ],
      },
      isVisible: true,
      isHiddenByFi: false,
    });
  });
});

describe('$filter', () => {
  test.each([
    ["category eq 'DEPOSIT'", 2],
    ["(category eq 'DEPOSIT') and (type eq 'CHECKING')", 1],
    ["category eq 'CROSS_USER_ACCOUNT'", 1],
    ["contains(tolower(name),'rent')", 1],
    ["contains(name,'RENT')", 1],
    ["nickName eq 'Rent money'", 1],
    ["name eq 'rent money'", 0],
    ["toupper(name) eq 'RENT MONEY'", 1],
    ["name ne 'Rent money'", 3],
    ["name gt 'A'", 1],
    ["accountNumber eq '3344'", 1],
    ["accountNumber eq '1112223344'", 0],
    ["category eq 'NONSENSE'", 0],
    ["type ge 'SAVINGS' or type le 'CHECKING'", 2],
    ["name eq 'it''s'", 0],
  ])('%s finds %i accounts', async ($filter, count) => {
    expect(await idsOf({ $filter })).toHaveLength(count);
  });

  test('compares what the caller may see: the whole number with the scope for it', async () => {
    expect(await shown({ $filter: "accountNumber eq '1112223344'" }, unmasked)).toHaveLength(1);
    expect(await idsOf({ $filter: `id eq '${checking.accountId}'` })).toEqual([checking.accountId]);
    expect((await list({ '%24filter': '' })).statusCode).toBe(200);
    const encoded = await api.withToken(token, 'GET', `/v1/accounts?loginId=${pat.loginId}&%24filter=type%20eq%20'CHECKING'`);
    expect(encoded.json().accounts).toHaveLength(1);
  });
});

describe('cross accounts', () => {
  test('are left out on demand, while joint accounts stay', async () => {
    expect(await idsOf({ crossAccount: 'false' })).toEqual([checking, joint, loan].map(({ accountId }) => accountId));
    expect(await idsOf({ crossAccount: 'TRUE' })).toHaveLength(4);
    expect(await only(cross)).toMatchObject({ category: 'CROSS_USER_ACCOUNT', type: { value: 'MONEY_MARKET' } });
    expect(await only(joint)).toMatchObject({ category: 'DEPOSIT' });
  });
});

describe('a business with two locations', () => {
  let admin: TestUser;
  let locations: readonly [TestCustomer, TestCustomer];
  let atFirst: OpenedAccount;
  let atSecond: OpenedAccount;
  beforeAll(async () => {
    const { sql } = app.database;
    // The default location has the greater number, and comes first all the same.
    locations = [
      await createTestCustomer(sql, '00042', 'BUSINESS', { member_number: '990000002' }),
      await createTestCustomer(sql, '00042', 'BUSINESS', { member_number: '990000001' }),
    ];
    admin = await createTestUser(sql, '00042', 'BUSINESS_ADMIN', locations);
    atFirst = await accounts.open('990000002');
    atSecond = await accounts.open('990000001');
  });
  const business = (query: Readonly<Record<string, string>>) => list({ loginId: admin.loginId, ...query });
  const group = (number: number) => ({ $apply: 'groupBy(customer)', $skipGroups: String(number), $topGroups: '1' });

  test('answers the accounts of the location that is named', async () => {
    for (const [location, account] of [
      [locations[0], atFirst],
      [locations[1], atSecond],
    ] as const) {
      const answer = await business({ institutionCustomerId: location.customerId });
      expect(answer.json()).toEqual({
        accounts: [expect.objectContaining({ id: account.accountId, institutionCustomerId: location.customerId })],
      });
    }
  });

  test('answers its locations one by one, the default first, with their number', async () => {
    const [first, second] = [(await business(group(0))).json(), (await business(group(1))).json()];
    expect([first.totalGroupCount, second.totalGroupCount]).toEqual([2, 2]);
    expect(first.accounts.map(({ id }: Shown) => id)).toEqual([atFirst.accountId]);
    expect(second.accounts.map(({ id }: Shown) => id)).toEqual([atSecond.accountId]);
  });

  test('of a retail user is one group', async () => {
    const answer = await list(group(0));
    expect([answer.json().totalGroupCount, answer.json().accounts.length]).toEqual([1, 4]);
  });

  test('needs no location when it has one, and a user of it sees what was granted', async () => {
    const { sql } = app.database;
    const clerk = await createTestUser(sql, '00042', 'BUSINESS_USER', [locations[1]]);
    await accounts.entitle(atSecond, clerk.institutionUserId);
    await accounts.entitle(atFirst, clerk.institutionUserId);
    expect((await shown({ loginId: clerk.loginId })).map(({ id }) => id)).toEqual([atSecond.accountId]);
    const alone = await createTestUser(sql, '00042', 'BUSINESS_SECONDARY_ADMIN', [locations[1]]);
    expect(await shown({ loginId: alone.loginId })).toEqual([]);
  });

  test('is refused without a location, by its member number, and with a group that is not there', async () => {
    const codeOf = async (query: Readonly<Record<string, string>>) => {
      const answer = await business(query);
      return [answer.statusCode, answer.json().code];
    };
    expect(await codeOf({})).toEqual([400, 'ACC_00410']);
    expect(await codeOf(group(2))).toEqual([400, 'ACC_99994']);
    expect(await codeOf({ ...group(0), $topGroups: '2' })).toEqual([400, 'ACC_99994']);
    expect(await codeOf({ ...group(0), $skipGroups: '-1' })).toEqual([400, 'ACC_99994']);
    expect(await codeOf({ ...group(0), $apply: 'groupBy(location)' })).toEqual([400, 'ACC_99994']);
    expect(await codeOf({ $apply: 'groupBy(customer)', $skipGroups: '0' })).toEqual([400, 'ACC_99994']);
    expect(await codeOf({ ...group(0), institutionCustomerId: locations[0].customerId })).toEqual([400, 'ACC_99994']);
  });
});

test('accounts are XML for whoever accepts that, where the institution wants so (ACC-S4)', async () => {
  await setSwitch(app, '00042', 'debug.rules', true);
  await withSwitch(app, '00042', 'accounts.format', ['json_or_xml', 'json'], async () => {
    const answer = await api.withToken(token, 'GET', `/v1/accounts?loginId=${pat.loginId}&$filter=type%20eq%20'CHECKING'`, {
      headers: { accept: 'application/xml' },
    });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/xml; charset=utf-8']);
    expect(answer.headers['x-rule']).toContain('ACC-S4');
    expect(answer.body).toContain(`<id>${checking.accountId}</id>`);
    expect(answer.body).toContain('<accountNumber>3344</accountNumber>');
    const json = await api.withToken(token, 'GET', `/v1/accounts?loginId=${pat.loginId}`);
    expect(json.headers['content-type']).toBe('application/json; charset=utf-8');
  });
  await setSwitch(app, '00042', 'debug.rules', false);
});
