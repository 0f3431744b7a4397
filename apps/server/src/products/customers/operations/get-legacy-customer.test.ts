import { randomUUID } from 'node:crypto';
import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { setSwitch, withSwitch } from '@openbranch/testkit/sandbox-calls';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { requestTokenV1 } from '@openbranch/testkit/token-calls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let app: TestApp;
let api: ApiCaller;
let token: string;
let pat: Customer;
let business: Customer;

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits });
  api = createApiCaller(app);
  token = legacyTokenOf(await requestTokenV1(app.http, api.application('legacy'), { grant_type: 'client_credentials' }));
  pat = api.customer({ state: 'active' });
  business = api.customer({ userType: 'BUSINESS' });
});
afterAll(() => app.close());

function legacyTokenOf({ body }: { readonly body: string }): string {
  return /<access_token>([^<]*)</u.exec(body)?.[1] ?? '';
}

interface Changes {
  readonly query?: string;
  readonly fiId?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

const get = (id: string, { query = '', fiId = '00042', headers = {} }: Changes = {}) =>
  api.call('GET', `/bankingservices/v2/fis/${fiId}/fiCustomers/${encodeURIComponent(id)}${query}`, {
    headers: { authorization: `Bearer ${token}`, di_tid: randomUUID(), ...headers },
  });
const byType = (id: string, type: string) => get(id, { query: `?fiCustomerIdType=${type}` });

describe('the legacy customer', () => {
  test('is an XML document with the members in their order', async () => {
    const answer = await get(pat.customerId);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe('application/xml; charset=utf-8');
    expect(answer.headers['cache-control']).toBe('no-store');
    const profile = (await api.withToken(await api.partnerToken(), 'GET', `/v1/customers/${pat.customerId}`)).json();
    const name = `${profile.firstName} ${profile.middleName} ${profile.lastName}`;
    expect(answer.body.replace(/\d{4}-\d\d-\d\d-0[78]:00/u, 'DATE')).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<FICustomer>
    <id>
        <type>GUID</type>
        <value>${pat.customerId}</value>
    </id>
    <fiId>
        <value>00042</value>
    </fiId>
    <name>${name}</name>
    <memberNumber>${pat.memberNumber}</memberNumber>
    <memberRegistrationDate>DATE</memberRegistrationDate>
    <hostCredential>
        <loginId>${pat.memberNumber}</loginId>
        <cifNumber>C${pat.memberNumber}</cifNumber>
    </hostCredential>
    <person>
        <contactInfo>
            <emailAddress>${pat.emailAddress}</emailAddress>
        </contactInfo>
    </person>
    <channelInfos>
        <channelInfo>
            <channelType>WEB</channelType>
            <credential>
                <loginId>${pat.loginId}</loginId>
            </credential>
            <userStatus>
                <acceptedDisclosure>true</acceptedDisclosure>
                <active>true</active>
                <fiApproved>true</fiApproved>
                <locked>false</locked>
                <newUser>true</newUser>
                <onHold>false</onHold>
                <registered>true</registered>
                <reset>false</reset>
                <billpayId>bp${pat.memberNumber}</billpayId>
            </userStatus>
            <failedLoginCount>0</failedLoginCount>
        </channelInfo>
    </channelInfos>
    <billPayEnabled>true</billPayEnabled>
    <billPayCredential>
        <loginId>bp${pat.memberNumber}</loginId>
    </billPayCredential>
</FICustomer>
`);
  });

  test('has the same canonical id whatever id was asked for, and it opens the profile', async () => {
    const asked: [string, string][] = [
      ['GUID', pat.customerId.toUpperCase()],
      ['MEMNUMBER', pat.memberNumber],
      ['LOGINID', pat.loginId],
      ['HOSTID', pat.memberNumber],
    ];
    for (const [type, id] of asked) {
      const value = /<value>([0-9a-f]{32})</u.exec((await byType(id, type)).body)?.[1];
      expect(value, type).toBe(pat.customerId);
      const profile = await api.withToken(await api.partnerToken(), 'GET', `/v1/customers/${value}`);
      expect(profile.json().customers[0].customerId).toBe(value);
    }
    expect((await byType(business.memberNumber, 'MEMNUMBER')).body).toContain(`<value>${business.customerId}</value>`);
  });

  test('shows a hold, a forced change of the password, and the last sign-in', async () => {
    const held = (await get(api.customer({ state: 'onHold' }).customerId)).body;
    expect(held).toMatch(
      /<memberHoldDate>\d{4}-\d\d-\d\d-0[78]:00<\/memberHoldDate>\n {4}<memberHoldDesc>Identity check pending</u,
    );
    expect(held).toContain('<onHold>true</onHold>');
    expect((await get(api.customer({ state: 'reset' }).customerId)).body).toContain(
      '<mustChangePassword>true</mustChangePassword>',
    );
    const other = api.customers({ state: 'active' })[1];
    if (other === undefined) throw new Error('There is only one active customer.');
    await api.userToken(other);
    const signedIn = (await get(other.customerId)).body;
    expect(signedIn).toMatch(/<lastLoginDate>\d{4}-\d\d-\d\d-0[78]:00<\/lastLoginDate>/u);
    expect(signedIn).toMatch(/<lastLoginDateTime>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-0[78]:00<\/lastLoginDateTime>/u);
    expect(signedIn).toContain('<daysInactive>0</daysInactive>');
    expect(signedIn).not.toContain('newUser');
  });

  test('is served without the lead, and takes operation and the headers of old clients', async () => {
    const answer = await api.call('GET', `/v2/fis/00042/fiCustomers/${pat.customerId}?operation=getPFMUser`, {
      headers: {
        authorization: `Bearer ${token}`,
        di_tid: randomUUID(),
        offering_id: ' ',
        'cache-control': 'no-cache',
        accept: 'application/json',
      },
    });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/xml; charset=utf-8']);
  });

  test('is open to the password grant of its own customer only', async () => {
    const authorization = `Bearer ${legacyTokenOf(await api.signInV1(pat.loginId, pat.password))}`;
    expect((await get(pat.customerId, { headers: { authorization } })).statusCode).toBe(200);
    const other = await get(business.customerId, { headers: { authorization } });
    expect([other.statusCode, other.body]).toEqual([401, expect.stringContaining('di_ficustomer not authorized')]);
    expect(await refusalOf(get('0'.repeat(32), { headers: { authorization } }))).toEqual([401, '90001']);
  });
});

describe('other forms of the document', () => {
  test('the prefixed form of old clients (CR-44)', async () => {
    await withSwitch(app, api.institutionId, 'legacy.xml_style', ['jaxb', '1.11'], async () => {
      const { body } = await get(pat.customerId);
      expect(body).toContain(
        '<ns5:FICustomer xmlns:ns4="http://schema.intuit.com/fs/common/v2" xmlns:ns5="http://schema.intuit.com/domain/banking/fiCustomer/v2">',
      );
      expect(body).toContain(`<ns5:id type="GUID">${pat.customerId}</ns5:id>`);
      expect(body).toContain('<ns5:fiId>00042</ns5:fiId>');
      expect(body).toMatch(/<ns5:credential>\s*<ns4:loginId>/u);
      expect(body).toMatch(/<ns5:person>\s*<ns4:contactInfo>\s*<ns4:emailAddress>/u);
    });
  });

  test('JSON, and errors as JSON, for whoever accepts it (CR-22)', async () => {
    const headers = { accept: 'application/json' };
    await setSwitch(app, api.institutionId, 'debug.rules', true);
    await withSwitch(app, api.institutionId, 'legacy.json', [true, false], async () => {
      const answer = await get(pat.customerId, { headers });
      expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
      expect(answer.headers['x-rule']).toBe('CR-22');
      expect(answer.json()).toMatchObject({ id: { type: 'GUID', value: pat.customerId }, billPayEnabled: true });
      const refused = await get('0'.repeat(32), { headers });
      expect([refused.statusCode, refused.json()]).toEqual([
        404,
        {
          statusMessage: 'no such customer',
          errorInfo: [{ errorType: 'APP_ERROR', errorCode: '20009', errorMessage: 'no such customer' }],
        },
      ]);
      expect((await get(pat.customerId)).headers['content-type']).toBe('application/xml; charset=utf-8');
    });
    await setSwitch(app, api.institutionId, 'debug.rules', false);
  });
});

describe('a refused call says why, in XML', () => {
  test.each([
    ['no proof of who calls', { headers: { authorization: undefined } }, 401, 'USER_ERROR', '90001'],
    ['another form of Authorization', { headers: { authorization: 'Basic abc' } }, 401, 'USER_ERROR', '90001'],
    ['an unknown token', { headers: { authorization: 'Bearer abc' } }, 401, 'USER_ERROR', '90001'],
    ['another institution', { fiId: '00077' }, 401, 'USER_ERROR', '90001'],
    ['an institution that is none', { fiId: 'abc' }, 401, 'USER_ERROR', '90001'],
    ['no di_tid', { headers: { di_tid: undefined } }, 400, 'USER_ERROR', '25099'],
    ['a di_tid that is no UUID', { headers: { di_tid: 'abc' } }, 400, 'USER_ERROR', '25099'],
    ['another kind of id', { query: '?fiCustomerIdType=EMAIL' }, 400, 'USER_ERROR', '20006'],
    ['characters outside ASCII', { query: '?operation=%C3%A4' }, 400, 'USER_ERROR', '20006'],
  ])('%s %j: %i %s %s', async (_what, changes, status, errorType, code) => {
    const answer = await get(pat.customerId, changes);
    expect(answer.headers['content-type']).toBe('application/xml; charset=utf-8');
    expect([answer.statusCode, answer.body]).toEqual([status, expect.stringContaining(`<errorType>${errorType}</errorType>`)]);
    expect(answer.body).toContain(`<errorCode>${code}</errorCode>`);
  });

  test('the institution comes before the trace header', async () => {
    const { body } = await get(pat.customerId, { fiId: '00077', headers: { di_tid: undefined } });
    expect(body).toContain('di_fiid not authorized');
  });

  test.each([
    ['a customer that nobody knows', '0'.repeat(32), 'GUID'],
    ['a GUID of another shape', 'abc', 'GUID'],
    ['a member that nobody knows', '1', 'MEMNUMBER'],
    ['a login name that nobody has', 'nobody', 'LOGINID'],
    ['a login at the core that nobody has', 'nobody', 'HOSTID'],
  ])('%s (404 20009)', async (_what, id, type) => {
    expect(await refusalOf(byType(id, type))).toEqual([404, '20009']);
  });

  test('a token of edition V2: 401 90001', async () => {
    const answer = await get(pat.customerId, { headers: { authorization: `Bearer ${await api.partnerToken()}` } });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([401, 'application/xml; charset=utf-8']);
    expect(answer.body).toContain('<errorCode>90001</errorCode>');
  });

  test('a customer of another institution is not there: 404 20009', async () => {
    expect(await refusalOf(get(createApiCaller(app, 1).customer({ state: 'active' }).customerId))).toEqual([404, '20009']);
  });
});
