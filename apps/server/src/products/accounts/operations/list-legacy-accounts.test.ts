import { randomUUID } from 'node:crypto';
import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { withPolicies } from '@openbranch/testkit/change-policies';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { setClock, withSwitch } from '@openbranch/testkit/sandbox-calls';
import {
  createTestAccounts,
  type OpenedAccount,
  type TestAccounts,
  withoutSeededAccounts,
} from '@openbranch/testkit/test-accounts';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { createTestCustomer, createTestUser, type TestCustomer, type TestUser } from '@openbranch/testkit/test-users';
import { requestTokenV1 } from '@openbranch/testkit/token-calls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let app: TestApp;
let api: ApiCaller;
let accounts: TestAccounts;
let token: string;
let pat: Customer;
let savings: OpenedAccount;
let cross: OpenedAccount;

beforeAll(async () => {
  app = await createTestApp({
    prepare: async (sql) => {
      await withoutLimits(sql);
      await withoutSeededAccounts(sql);
    },
  });
  api = createApiCaller(app);
  await setClock(app, '00042', '2026-04-10T12:00:00-07:00');
  accounts = createTestAccounts(app, '00042');
  pat = api.customer({ state: 'active' });
  token = tokenOf(await requestTokenV1(app.http, api.application('legacy'), { grant_type: 'client_credentials' }));
  savings = await accounts.open(pat.memberNumber, {
    ...{ account_type: 'SAVINGS', account_number: '5550001234', fi_account_type: 2, fi_raw_account_type: 20 },
    ...{ micr_number: '5550001234123', interest_year_minor: 12_30n, routing_number: '121000358' },
  });
  await accounts.book(savings, { amountMinor: 123_450n, on: '2026-04-01' });
  await accounts.entitle(savings, pat.institutionUserId, { nick_name: 'Rainy day & co' });
  cross = await accounts.open('800001');
  await accounts.share(cross, pat.memberNumber, 'CROSS');
});
afterAll(() => app.close());

function tokenOf({ body }: { readonly body: string }): string {
  return /<access_token>([^<]*)</u.exec(body)?.[1] ?? '';
}

interface Changes {
  readonly query?: string;
  readonly fiId?: string;
  readonly lead?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

const get = (id: string, { query = '', fiId = '00042', lead = '/bankingservices', headers = {} }: Changes = {}) =>
  api.call('GET', `${lead}/v2/fis/${fiId}/fiCustomers/${id}/accounts${query}`, {
    headers: { authorization: `Bearer ${token}`, di_tid: randomUUID(), ...headers },
  });
const numbersOf = (body: string): string[] => [...body.matchAll(/<rawHostValue>(\d+)</gu)].map(([, number = '']) => number);

describe('the legacy list of accounts', () => {
  test('is an XML document with the elements in their order, without accounts of relations', async () => {
    const answer = await get(pat.customerId);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/xml; charset=utf-8']);
    expect(answer.body).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<Accounts>
    <account>
        <id>
            <type>CBSID</type>
            <value>${savings.accountId}</value>
        </id>
        <fiCustomerId>
            <type>GUID</type>
            <value>${pat.customerId}</value>
        </fiCustomerId>
        <fiId>
            <value>00042</value>
        </fiId>
        <description>Everyday account</description>
        <nickName>Rainy day &amp; co</nickName>
        <displayAccountNumber>1234</displayAccountNumber>
        <accountNumber>
            <hostValue>5550001234</hostValue>
            <displayValue>1234</displayValue>
            <rawHostValue>5550001234</rawHostValue>
        </accountNumber>
        <category>DEPOSIT</category>
        <accountType>SAVINGS</accountType>
        <fiAccountType>
            <type>2</type>
            <rawType>20</rawType>
            <description>Savings</description>
        </fiAccountType>
        <ownershipType>PRIMARY</ownershipType>
        <balance>
            <currentBalance>
                <currencyCode>USD</currencyCode>
                <amount>1234.50</amount>
            </currentBalance>
            <availableBalance>
                <currencyCode>USD</currencyCode>
                <amount>1234.50</amount>
            </availableBalance>
        </balance>
        <accountStatus>OPEN</accountStatus>
        <accountStatuses>
            <open>true</open>
            <closed>false</closed>
            <negativeBalance>false</negativeBalance>
            <delinquent>false</delinquent>
            <inCollection>false</inCollection>
            <overLimit>false</overLimit>
            <writtenOff>false</writtenOff>
            <creditBalance>false</creditBalance>
            <paymentCoupon>false</paymentCoupon>
            <retirementPlan>false</retirementPlan>
            <retPlanOwnedByDeceased>false</retPlanOwnedByDeceased>
        </accountStatuses>
        <displayFlag>
            <summary>true</summary>
            <transferFrom>true</transferFrom>
            <transferTo>true</transferTo>
            <onlineStatementViewEnabled>true</onlineStatementViewEnabled>
            <isHistoryEnabled>true</isHistoryEnabled>
            <isHistoryEntitled>true</isHistoryEntitled>
        </displayFlag>
        <regDlimits>
            <maxTransferCount>6</maxTransferCount>
            <maxCheckCount>6</maxCheckCount>
            <maxRegdCount>6</maxRegdCount>
        </regDlimits>
        <routingNumber>121000358</routingNumber>
        <interestYearToDate>
            <currencyCode>USD</currencyCode>
            <amount>12.30</amount>
        </interestYearToDate>
        <enabled>true</enabled>
        <accountHidden>false</accountHidden>
        <memberNumber>${pat.memberNumber}</memberNumber>
        <ccAccountId>5550001234^2</ccAccountId>
        <micrNumber>555000XXXXXXX</micrNumber>
        <dcExportAccountNumber>${pat.memberNumber}K5550001234</dcExportAccountNumber>
    </account>
</Accounts>
`);
  });

  test('has accounts of relations and export numbers on demand, and is served without the lead', async () => {
    const all = await get(pat.customerId, { query: '?getCrossAccts=true', lead: '' });
    expect(numbersOf(all.body)).toEqual([savings.accountNumber, cross.accountNumber]);
    expect(all.body).toContain('<category>CROSS_USER_ACCOUNT</category>');
    const exported = await get(pat.customerId, { query: '?getExportAcctNum=TRUE' });
    expect(exported.body).toContain(`<exportAccountNumber>${pat.memberNumber}K5550001234</exportAccountNumber>`);
  });

  test('shows a loan with dates that carry the offset of the institution', async () => {
    const customer = await createTestCustomer(app.database.sql, '00042', 'RETAIL');
    await createTestUser(app.database.sql, '00042', 'PRIMARY', [customer]);
    const loan = await accounts.open(customer.memberNumber, {
      ...{ account_type: 'INSTALLMENT_LOAN', next_payment_minor: 25_000n, next_payment_on: '2026-05-01' },
      ...{ status_flags: ['delinquent'], payment_rule: 'EQUAL_LPAY' },
    });
    await accounts.book(loan, { amountMinor: -100_000n, on: '2026-04-01', type: 'ADVANCE' });
    const { body } = await get(customer.customerId);
    expect(body).toContain(
      '<currentPrincipalBalance>\n                <currencyCode>USD</currencyCode>\n                <amount>1000.00</amount>',
    );
    expect(body).toContain('<nextPaymentDate>2026-05-01-07:00</nextPaymentDate>');
    expect(body).toContain('<accountStatus>DELINQUENT</accountStatus>');
    expect(body).toContain('<paymentRule>EQUAL_LPAY</paymentRule>');
    expect(body).not.toContain('regDlimits');
  });

  test('names the element of regulation D as the sample or as the schema (ACC-S6)', async () => {
    await withSwitch(app, '00042', 'accounts.regd_element', ['schema', 'sample'], async () => {
      expect((await get(pat.customerId)).body).toMatch(
        /<regDLimits>\s*<maxTransferCount>6<\/maxTransferCount>\s*<maxCheckCount>6<\/maxCheckCount>\s*<maxRegDCount>6<\/maxRegDCount>\s*<\/regDLimits>/u,
      );
    });
  });

  test('is nothing for a primary without accounts (204)', async () => {
    const other = api.customers({ state: 'active' })[1];
    const answer = await get(other?.customerId ?? '');
    expect([answer.statusCode, answer.body, answer.headers['content-type']]).toEqual([204, '', undefined]);
  });

  test('is open to the password grant of its own customer only', async () => {
    const authorization = `Bearer ${tokenOf(await api.signInV1(pat.loginId, pat.password))}`;
    expect(numbersOf((await get(pat.customerId, { headers: { authorization } })).body)).toEqual([savings.accountNumber]);
    for (const id of [api.customer({ userType: 'BUSINESS' }).customerId, '0'.repeat(32)]) {
      const answer = await get(id, { headers: { authorization } });
      expect([answer.statusCode, answer.body]).toEqual([401, expect.stringContaining('<errorCode>90001</errorCode>')]);
      expect(answer.body).toContain('<errorType>USER_ERROR</errorType>');
      expect(answer.body).toContain('<errorMessage>di_ficustomer not authorized</errorMessage>');
    }
  });
});

describe('users beside the retail primary', () => {
  let subUser: TestUser;
  let primary: TestCustomer;
  let location: TestCustomer;
  let admin: TestUser;
  let clerk: TestUser;
  let granted: OpenedAccount;
  let atLocation: OpenedAccount;
  beforeAll(async () => {
    const { sql } = app.database;
    primary = await createTestCustomer(sql, '00042', 'RETAIL');
    location = await createTestCustomer(sql, '00042', 'BUSINESS', { host_login_id: 'H1' });
    await createTestUser(sql, '00042', 'PRIMARY', [primary]);
    subUser = await createTestUser(sql, '00042', 'ENTITLED', [primary]);
    admin = await createTestUser(sql, '00042', 'BUSINESS_ADMIN', [location]);
    clerk = await createTestUser(sql, '00042', 'BUSINESS_USER', [location]);
    granted = await accounts.open(primary.memberNumber);
    await accounts.open(primary.memberNumber);
    await accounts.entitle(granted, subUser.institutionUserId);
    atLocation = await accounts.open(location.memberNumber);
    await accounts.entitle(atLocation, clerk.institutionUserId);
  });
  const asSubUser = (headers: Readonly<Record<string, string | undefined>> = {}) =>
    get(primary.customerId, {
      headers: {
        intuit_IFS_userType: 'ENTITLED',
        intuit_authid: subUser.authId,
        intuit_IFS_onBehalfOfUser: primary.memberNumber,
        ...headers,
      },
    });
  const ofBusiness = (headers: Readonly<Record<string, string | undefined>>, query = '') =>
    get(location.customerId, { headers, query });

  test('see what was granted to them: a sub-user, an administrator, a user of a business', async () => {
    expect(numbersOf((await asSubUser()).body)).toEqual([granted.accountNumber]);
    const asAdmin = { intuit_IFS_userType: 'PRIMARY_ADMIN' };
    expect(numbersOf((await ofBusiness(asAdmin)).body)).toEqual([atLocation.accountNumber]);
    expect(numbersOf((await ofBusiness({ ...asAdmin, intuit_authid: admin.authId })).body)).toEqual([atLocation.accountNumber]);
    const asClerk = { intuit_IFS_userType: 'BUSINESS_USER', intuit_authid: clerk.authId };
    expect(numbersOf((await ofBusiness(asClerk)).body)).toEqual([atLocation.accountNumber]);
  });

  test('are refused without the headers that name them (400 25099, 500 25618, 500 25690)', async () => {
    expect(await refusalOf(asSubUser({ intuit_IFS_onBehalfOfUser: undefined }))).toEqual([400, '25099']);
    expect(await refusalOf(asSubUser({ intuit_authid: '' }))).toEqual([500, '25618']);
    expect(await refusalOf(ofBusiness({}))).toEqual([400, '25099']);
    for (const intuit_IFS_userType of ['SECONDARY_ADMIN', 'BUSINESS_USER'])
      expect(await refusalOf(ofBusiness({ intuit_IFS_userType }))).toEqual([500, '25690']);
  });

  test('are refused as another kind of user (500 25693, 500 25694)', async () => {
    for (const intuit_IFS_userType of ['ENTITLED', 'NONSENSE'])
      expect(await refusalOf(ofBusiness({ intuit_IFS_userType }))).toEqual([500, '25693']);
    for (const intuit_IFS_userType of ['PRIMARY_ADMIN', 'BUSINESS_USER', 'NONSENSE'])
      expect(await refusalOf(asSubUser({ intuit_IFS_userType }))).toEqual([500, '25694']);
  });

  test('are refused when they are entitled to nothing, or are not who they say (500 25679)', async () => {
    const { sql } = app.database;
    const other = await createTestUser(sql, '00042', 'BUSINESS_SECONDARY_ADMIN', [location]);
    const asOther = { intuit_IFS_userType: 'SECONDARY_ADMIN', intuit_authid: other.authId };
    expect(await refusalOf(ofBusiness(asOther))).toEqual([500, '25679']);
    for (const intuit_authid of ['0'.repeat(32), clerk.authId, 'abc'])
      expect(await refusalOf(asSubUser({ intuit_authid }))).toEqual([500, '25679']);
    const asAdmin = { intuit_IFS_userType: 'PRIMARY_ADMIN', intuit_authid: clerk.authId };
    expect(await refusalOf(ofBusiness(asAdmin))).toEqual([500, '25679']);
  });

  test('are refused on behalf of nobody, or of another member (500 25736, 500 25737)', async () => {
    expect(await refusalOf(asSubUser({ intuit_IFS_onBehalfOfUser: 'no number' }))).toEqual([500, '25736']);
    expect(await refusalOf(asSubUser({ intuit_IFS_onBehalfOfUser: pat.memberNumber }))).toEqual([500, '25737']);
  });

  test('of a location that the core does not know are refused when that is asked for (404 20009)', async () => {
    const asAdmin = { intuit_IFS_userType: 'PRIMARY_ADMIN' };
    expect((await ofBusiness(asAdmin, '?validateLocationStatus=true')).statusCode).toBe(200);
    const unknown = await createTestCustomer(app.database.sql, '00042', 'BUSINESS');
    await createTestUser(app.database.sql, '00042', 'BUSINESS_ADMIN', [unknown]);
    const at = (query: string) => get(unknown.customerId, { headers: asAdmin, query });
    expect(await refusalOf(at('?validateLocationStatus=true'))).toEqual([404, '20009']);
    expect((await at('')).statusCode).toBe(204);
  });
});

describe('a refused call says why, in XML', () => {
  test.each([
    ['no proof of who calls (401 90001)', { headers: { authorization: undefined } }, 401, 'USER_ERROR', '90001'],
    ['an unknown token (401 90001)', { headers: { authorization: 'Bearer abc' } }, 401, 'USER_ERROR', '90001'],
    ['another institution (401 90001)', { fiId: '00077' }, 401, 'USER_ERROR', '90001'],
    ['no di_tid (400 25099)', { headers: { di_tid: undefined } }, 400, 'USER_ERROR', '25099'],
    ['a di_tid that is no UUID (400 25099)', { headers: { di_tid: 'abc' } }, 400, 'USER_ERROR', '25099'],
    ['a header outside printable ASCII (400 25099)', { headers: { 'x-filler': 'a\tb' } }, 400, 'USER_ERROR', '25099'],
    ['headers that are too long (400 25099)', { headers: { 'x-filler': 'a'.repeat(8192) } }, 400, 'USER_ERROR', '25099'],
    ['an address that is none (400 25099)', { headers: { originating_ip: 'here' } }, 400, 'USER_ERROR', '25099'],
    ['a flag that is none (400 25099)', { query: '?getCrossAccts=yes' }, 400, 'USER_ERROR', '25099'],
  ])('%s', async (_what, changes, status, errorType, code) => {
    const answer = await get(pat.customerId, changes);
    expect(answer.headers['content-type']).toBe('application/xml; charset=utf-8');
    expect([answer.statusCode, answer.body]).toEqual([status, expect.stringContaining(`<errorCode>${code}</errorCode>`)]);
    expect(answer.body).toContain(`<errorType>${errorType}</errorType>`);
  });

  test('a token of edition V2 (401 90001)', async () => {
    const headers = { authorization: `Bearer ${await api.partnerToken()}` };
    expect(await refusalOf(get(pat.customerId, { headers }))).toEqual([401, '90001']);
  });

  test('a customer that nobody knows (404 20009), with the type of the example or of the table (ACC-S7)', async () => {
    for (const id of ['0'.repeat(32), 'abc', createApiCaller(app, 1).customer({ state: 'active' }).customerId]) {
      const answer = await get(id);
      expect([answer.statusCode, answer.body]).toEqual([404, expect.stringContaining('<errorCode>20009</errorCode>')]);
      expect(answer.body).toContain('<errorType>SYSTEM_ERROR</errorType>');
    }
    await withSwitch(app, '00042', 'accounts.legacy_error_type', ['table', 'example'], async () => {
      expect((await get('abc')).body).toContain('<errorType>APP_ERROR</errorType>');
    });
  });

  const settings: [string, Readonly<Record<string, string | boolean | string[]>>, string, string?][] = [
    ['the service is off (500 25555)', { isServed: false }, '25555'],
    ['the export format is off (500 25665)', { hasExportFormat: false }, '25665', '?getExportAcctNum=true'],
    ['the mask format is wrong (500 25502)', { maskFormat: '' }, '25502'],
    ['the ACH type is blank (500 25504)', { achType: '' }, '25504'],
    ['the number format makes no number (500 25506)', { numberFormat: '' }, '25506'],
    ['the type of an account is not valid (500 25507)', { validAccountTypes: ['CHECKING'] }, '25507'],
    ['no account type is valid (500 25507)', { validAccountTypes: [] }, '25507'],
    ['the CIID format is wrong (500 25519)', { ciidFormat: '{number}' }, '25519'],
    ['the CIID formatter is off (500 25520)', { ciidFormat: '{member}-{number}', isCiidFormatterEnabled: false }, '25520'],
    ['a MICR number is needed (500 25518)', { needsMicrNumber: true }, '25518', '?getCrossAccts=true'],
  ];
  test.each(settings)('%s', async (_what, policy, code, query = '') => {
    await withPolicies(app, '00042', { accounts: policy }, async () => {
      expect(await refusalOf(get(pat.customerId, { query }))).toEqual([500, code]);
    });
  });

  test('an alternate member number is needed and there is none (500 25134)', async () => {
    const customer = await createTestCustomer(app.database.sql, '00042', 'RETAIL');
    await createTestUser(app.database.sql, '00042', 'PRIMARY', [customer]);
    await withPolicies(app, '00042', { accounts: { needsAlternateMemberNumber: true } }, async () => {
      expect(await refusalOf(get(customer.customerId))).toEqual([500, '25134']);
      expect((await get(pat.customerId)).statusCode).toBe(200);
    });
  });

  test('settings shape what V1 products see: CIID, ACH type, number and mask', async () => {
    const accountsPolicy = { ciidFormat: '{member}/{number}', achType: '22', numberFormat: '00{number}', maskFormat: 'NN' };
    await withPolicies(app, '00042', { accounts: accountsPolicy }, async () => {
      const { body } = await get(pat.customerId);
      expect(body).toContain(`<interfaceId>${pat.memberNumber}/005550001234</interfaceId>`);
      expect(body).toContain('<achId>22</achId>');
      expect(body).toContain('<hostValue>005550001234</hostValue>');
      expect(body).toContain('<displayAccountNumber>34</displayAccountNumber>');
    });
  });
});
