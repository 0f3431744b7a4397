import { randomUUID } from 'node:crypto';
import { type ApiCaller, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { requestTokenV1 } from '@openbranch/testkit/token-calls';
import { afterAll, beforeAll, expect, test } from 'vitest';

let app: TestApp;
let api: ApiCaller;

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits });
  api = createApiCaller(app);
});
afterAll(() => app.close());

const person = { loginId: 'patdemo01', password: 'Blue@kite7' };
const registration = {
  FICustomer: {
    memberNumber: '1000200030',
    person: {
      personName: { firstName: 'Pat', lastName: 'Demo' },
      contactInfo: {
        emailAddress: 'pat.demo@example.com',
        postalAddress: [{ address1: '12 Sample Row', city: 'Springdale', state: 'NJ', postalCode: '07047', country: 'USA' }],
        phoneNumber: [{ number: '2015550142', countryCode: '0' }],
      },
      birthDate: '1989-10-09',
    },
    ssn: '900112233',
    motherMaidenName: 'Sample',
    channelInfos: { channelInfo: [{ channelType: 'TPV_API', credential: person }] },
    acceptedDisclosure: 'true',
  },
};

test('one person has the same ids in every call, from registration to the legacy customer', async () => {
  const legacyToken = await requestTokenV1(app.http, api.application('legacy'), { grant_type: 'client_credentials' });
  const legacyHeaders = {
    authorization: `Bearer ${elementOf(legacyToken.body, 'access_token')}`,
    di_tid: randomUUID(),
    'content-type': 'application/json',
  };
  const fis = '/fis/00042/fiCustomers';
  const registered = await api.call('POST', `/registration/v4${fis}`, {
    headers: legacyHeaders,
    payload: JSON.stringify(registration),
  });
  const customerId = /<value>([0-9a-f]{32})</u.exec(registered.body)?.[1];
  expect([registered.statusCode, customerId]).toEqual([200, expect.any(String)]);

  const token = await api.partnerToken();
  const profile = (await api.withToken(token, 'GET', `/v1/customers/${customerId}`)).json();
  const user = (
    await api.withToken(token, 'GET', `/v1/institution-users/${profile.userId}?$expand=contactMethods,postalAddresses`)
  ).json();
  const signedIn = await api.signInV1(person.loginId, person.password);
  const legacy = await api.call('GET', `/bankingservices/v2${fis}/1000200030?fiCustomerIdType=MEMNUMBER`, {
    headers: legacyHeaders,
  });
  const byGuid = await api.call('GET', `/bankingservices/v2${fis}/${customerId}`, { headers: legacyHeaders });
  expect([
    elementOf(byGuid.body, 'value'),
    profile.customers[0].customerId,
    user.additionalInfo.entry[0].value,
    user.institutionCustomers[0].institutionCustomerId,
    elementOf(signedIn.body, 'di_ficustomer'),
    elementOf(legacy.body, 'value'),
  ]).toEqual(Array(6).fill(customerId));

  expect([profile.birthDate, user.birthDate]).toEqual(['1989-10-09', '1989-10-09']);
  expect(profile.postalAddresses[0]).toMatchObject({ address1: '12 Sample Row', state: 'NJ', country: 'US' });
  const methods = user.contactMethods.map(({ protocol, contactInfo }: { protocol: string; contactInfo: string }) => [
    protocol,
    contactInfo,
  ]);
  expect(methods).toEqual(
    expect.arrayContaining([
      ['SMS', '2015550142'],
      ['VOICE', '2015550142'],
      ['EMAIL', 'pat.demo@example.com'],
    ]),
  );
});

function elementOf(document: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)<`, 'u').exec(document)?.[1];
}
