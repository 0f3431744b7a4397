import { randomUUID } from 'node:crypto';
import { type ApiCaller, type Customer, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { createJsonCall, type JsonCall } from '@openbranch/testkit/json-call';
import { refusalOf } from '@openbranch/testkit/refusal-of';
import { createTestAccounts } from '@openbranch/testkit/test-accounts';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { requestTokenV1 } from '@openbranch/testkit/token-calls';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

let app: TestApp;
let api: ApiCaller;
let call: JsonCall;
const people: Customer[] = [];
/** A checking account and a savings account that everybody holds together. */
let checking: string;
let savings: string;

beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits });
  api = createApiCaller(app);
  call = createJsonCall(api, await api.partnerToken());
  people.push(...api.customers({ state: 'active', userType: 'RETAIL', role: 'PRIMARY' }));
  [checking, savings] = [await openForAll('CHECKING'), await openForAll('SAVINGS')];
  const type = { alertCategory: 'CUSTOM', eventTypeDomain: 'ACCOUNT', channels: 'EMAIL,SMS,PUSH,WEB' };
  const vendors = { ...type, alertTypeName: 'VENDOR_TYPE', externalSystem: 'VENDOR_1' };
  const forChecking = { ...type, alertTypeName: 'FOR_CHECKING', applicableAccountTypes: 'CHECKING' };
  for (const one of [vendors, forChecking]) {
    await call('POST', '/v1/alert-types', one);
    await call('POST', '/v1/institution-alert-types', { alertTypeName: one.alertTypeName, channelsOptd: 'EMAIL,SMS,PUSH,WEB' });
  }
});
afterAll(() => app.close());

async function openForAll(accountType: string): Promise<string> {
  const accounts = createTestAccounts(app, api.institutionId);
  const [first, ...others] = people;
  const account = await accounts.open(first?.memberNumber ?? '', { account_type: accountType });
  for (const { memberNumber } of others) await accounts.share(account, memberNumber, 'JOINT');
  return account.accountId;
}

let next = 0;
beforeEach(async () => {
  next = 0;
  await app.database.sql`delete from alert_preferences`;
});
/** A customer without preferences. */
const somebody = (): Customer => {
  const person = people[next];
  next += 1;
  if (person === undefined) throw new Error('The sandbox has no further customer.');
  return person;
};
const path = '/v1/alert-preferences';
const of = ({ loginId }: Customer) => `?loginId=${encodeURIComponent(loginId)}`;
const wish = (changes: object = {}, details: object = {}) => ({
  alertOpted: true,
  alertPreferenceDetails: { alertTypeName: 'LOW_BALANCE', channelTypeName: 'EMAIL', ...details },
  ...changes,
});
const create = async (person: Customer, body: object = wish()) => {
  const answer = await call('POST', `${path}${of(person)}`, body);
  expect([answer.statusCode, answer.body]).toEqual([201, expect.any(String)]);
  return answer.json();
};
const idOf = (preference: { alertPreferenceDetails: { alertPrefId: number } }) => preference.alertPreferenceDetails.alertPrefId;
const listed = async (person: Customer, query = '') =>
  (await call('GET', `${path}${of(person)}${query}`)).json().alertPreferences;
/** Whether something sent to the user would arrive. */
const setActivated = (person: Customer, isActivated: boolean) => app.database.sql`
  update contact_methods set is_activated = ${isActivated}
  where institution_id = ${api.institutionId} and institution_user_id = ${person.institutionUserId}`;

describe('a preference', () => {
  test('is answered as it is kept: its account, the last digits of its card, its condition', async () => {
    const person = somebody();
    const created = await create(
      person,
      wish(
        {
          alertPreferenceAccountDetails: { accountId: checking, accountExternalId: 'x-1', cardNumber: '4000 1234 1234 4471' },
          additionalInfo: { threshold: 100.5, comparator: 'LT', currencyCode: 'USD', colour: 'blue' },
        },
        { alertPrefId: 0, externalId: 'enrolment-1', channelTypeName: 'sms' },
      ),
    );
    expect(created).toEqual({
      alertOpted: true,
      alertPreferenceDetails: {
        alertPrefId: expect.any(Number),
        alertTypeName: 'LOW_BALANCE',
        channelTypeName: 'SMS',
        externalId: 'enrolment-1',
        institutionCustomerId: person.customerId,
        institutionId: api.institutionId,
      },
      alertPreferenceAccountDetails: { accountId: checking, accountExternalId: 'x-1', cardNumber: '4471' },
      additionalInfo: { threshold: 100.5, comparator: 'LT', currencyCode: 'USD', colour: 'blue' },
      allowCallback: true,
      defaultPreferences: false,
    });
    expect((await call('GET', `${path}/${idOf(created)}${of(person)}`)).json()).toEqual(created);
    expect(await listed(person)).toEqual([created]);
    const stored = await app.database.sql`select to_jsonb(p)::text as row from alert_preferences p`;
    expect(JSON.stringify(stored)).not.toContain('40001234');
  });

  test('of a new user shows as what the institution presumes, until the first of its own', async () => {
    const person = somebody();
    const presumed = await listed(person);
    expect(presumed.length).toBeGreaterThan(0);
    for (const one of presumed) {
      expect(one.defaultPreferences).toBe(true);
      expect(idOf(one)).toBe(0);
    }
    const created = await create(person);
    expect(await listed(person)).toEqual([created]);
    expect(await listed(person, '&default=TRUE')).toEqual(presumed);
    expect(await listed(person, '&alertTypes=USER_LOCKED')).toEqual([
      expect.objectContaining({
        defaultPreferences: true,
        alertPreferenceDetails: expect.objectContaining({ alertTypeName: 'USER_LOCKED' }),
      }),
    ]);
  });

  test('is listed by type, channel, account and id, filtered, and by pages', async () => {
    const person = somebody();
    const [one, two, three, four] = [
      await create(person, wish({}, { alertTypeName: 'LOGIN', channelTypeName: 'WEB' })),
      await create(person, wish({ alertPreferenceAccountDetails: { accountId: savings } })),
      await create(person),
      await create(person, wish({ alertPreferenceAccountDetails: { accountExternalId: 'x' } }, { externalId: 'e' })),
    ];
    expect((await listed(person)).map(idOf)).toEqual([one, three, four, two].map(idOf));
    expect((await listed(person, `&accountId=${savings}`)).map(idOf)).toEqual([idOf(two)]);
    expect((await listed(person, '&accountExternalId=x')).map(idOf)).toEqual([idOf(four)]);
    expect((await listed(person, '&externalId=e')).map(idOf)).toEqual([idOf(four)]);
    expect((await listed(person, '&alertTypes=login&alertTypes=NOBODY')).map(idOf)).toEqual([idOf(one)]);
    expect((await listed(person, '&pageSize=3')).map(idOf)).toEqual([one, three, four].map(idOf));
    expect((await listed(person, '&pageSize=3&pageNo=1')).map(idOf)).toEqual([idOf(two)]);
    // A page beyond the last one is empty, and no reason to show what is presumed.
    expect(await listed(person, '&pageSize=3&pageNo=2')).toEqual([]);
  });

  test('changes only in what is given', async () => {
    const person = somebody();
    const created = await create(
      person,
      wish({ additionalInfo: { threshold: 5 }, alertPreferenceAccountDetails: { accountId: checking } }, { externalId: 'e' }),
    );
    const url = `${path}/${idOf(created)}${of(person)}`;
    const off = await call('PUT', url, { alertOpted: false });
    expect([off.statusCode, off.json()]).toEqual([200, { ...created, alertOpted: false }]);
    const emptied = await call('PUT', url, {
      alertPreferenceDetails: { alertPrefId: idOf(created), externalId: '' },
      alertPreferenceAccountDetails: {},
      additionalInfo: {},
    });
    expect(emptied.json()).toEqual({
      alertOpted: false,
      alertPreferenceDetails: {
        alertPrefId: idOf(created),
        alertTypeName: 'LOW_BALANCE',
        channelTypeName: 'EMAIL',
        institutionCustomerId: person.customerId,
        institutionId: api.institutionId,
      },
      allowCallback: true,
      defaultPreferences: false,
    });
  });

  test('can be ended though the destination is gone', async () => {
    const person = somebody();
    const created = await create(person, wish({}, { alertTypeName: 'VENDOR_TYPE' }));
    await setActivated(person, false);
    const url = `${path}/${idOf(created)}${of(person)}`;
    expect((await call('PUT', url, { alertOpted: false })).statusCode).toBe(200);
    expect(await refusalOf(call('PUT', url, { alertOpted: true }))).toEqual([400, 'PRMVAL_10013']);
    await setActivated(person, true);
    expect((await call('PUT', url, { alertOpted: true })).statusCode).toBe(200);
  });

  test('is told to the vendor of its type, unless the user or the caller does not want it', async () => {
    const person = somebody();
    const told = async (id: number) =>
      (
        await app.database.sql<{ change: string }[]>`
          select change from alert_preference_callbacks where external_system = 'VENDOR_1' and alert_preference_id = ${id}
          order by callback_id`
      ).map(({ change }) => change);
    const loud = idOf(await create(person, wish({}, { alertTypeName: 'VENDOR_TYPE' })));
    await call('PUT', `${path}/${loud}${of(person)}`, { alertOpted: false });
    await call('PUT', `${path}/${loud}${of(person)}&allowCallback=false`, { alertOpted: false });
    await call('DELETE', `${path}/${loud}${of(person)}`);
    expect(await told(loud)).toEqual(['CREATED', 'UPDATED', 'DELETED']);
    const quiet = idOf(await create(person, wish({ allowCallback: false }, { alertTypeName: 'VENDOR_TYPE' })));
    await call('DELETE', `${path}/${quiet}${of(person)}`);
    expect(await told(quiet)).toEqual([]);
    // Nothing is sent to vendors: what would pile up outside of a sandbox is not written.
    const bank = await createTestApp({ sharedWith: app, mode: 'production' });
    const atBank = createJsonCall(createApiCaller(bank), await createApiCaller(bank).partnerToken());
    const answer = await atBank('POST', `${path}${of(person)}`, wish({}, { alertTypeName: 'VENDOR_TYPE' }));
    expect(answer.statusCode).toBe(201);
    expect((await atBank('PUT', `${path}/${idOf(answer.json())}${of(person)}`, { alertOpted: false })).statusCode).toBe(200);
    expect((await atBank('DELETE', `${path}/${idOf(answer.json())}${of(person)}`)).statusCode).toBe(204);
    expect(await told(idOf(answer.json()))).toEqual([]);
    await bank.close();
  });

  test('is written to the activity log of its user', async () => {
    const person = somebody();
    const alertPreferenceId = idOf(await create(person));
    await call('DELETE', `${path}/${alertPreferenceId}${of(person)}`);
    const rows = await app.database.sql`
      select kind, details from activities where institution_user_id = ${person.institutionUserId} and kind like 'alert_pref%'
        and (details ->> 'alertPreferenceId')::bigint = ${alertPreferenceId}
      order by activity_id`;
    const details = { alertPreferenceId, alertTypeName: 'LOW_BALANCE', channel: 'EMAIL', isOpted: true };
    expect(rows.map((row) => [row['kind'], row['details']])).toEqual([
      ['alert_preference_created', details],
      ['alert_preference_deleted', details],
    ]);
  });

  test('is made once for one trace id and body, and answered again; with another trace id it is a second one', async () => {
    const person = somebody();
    const url = `${path}${of(person)}`;
    const transactionId = randomUUID();
    const first = await call('POST', url, wish(), { transactionId });
    const again = await call('POST', url, wish(), { transactionId });
    expect([again.statusCode, again.headers['x-replayed'], again.json()]).toEqual([201, 'true', first.json()]);
    expect(await listed(person)).toHaveLength(1);
    expect(await refusalOf(call('POST', url, wish()))).toEqual([400, 'PRMVAL_10013']);
  });

  test('with the same trace id and body for another user is another one', async () => {
    const [person, other] = [somebody(), somebody()];
    const transactionId = randomUUID();
    for (const one of [person, other])
      expect((await call('POST', `${path}${of(one)}`, wish(), { transactionId })).headers['x-replayed']).toBeUndefined();
    expect(await listed(other)).toEqual([expect.objectContaining({ defaultPreferences: false })]);
  });

  test('of two creates at once one is made', async () => {
    const person = somebody();
    const answers = await Promise.all([1, 2, 3].map(() => call('POST', `${path}${of(person)}`, wish())));
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([201, 400, 400]);
  });
});

describe('whose preferences', () => {
  test('a user token reads and writes its own, named or not', async () => {
    const person = somebody();
    const own = createJsonCall(api, await api.userToken(person));
    const created = await own('POST', path, wish());
    expect(created.statusCode).toBe(201);
    expect((await own('GET', path)).json().alertPreferences).toEqual([created.json()]);
    expect((await own('GET', `${path}${of(person)}`)).json().alertPreferences).toEqual([created.json()]);
  });

  test('403 PRMSYS_10004: a user token names another user, or nobody that exists, alike', async () => {
    const [person, other] = [somebody(), somebody()];
    const own = createJsonCall(api, await api.userToken(person));
    const answers = await Promise.all([own('GET', `${path}${of(other)}`), own('GET', `${path}?loginId=nobody.at.all`)]);
    for (const answer of answers) expect([answer.statusCode, answer.body]).toEqual([403, answers[0]?.body]);
    expect(await refusalOf(own('GET', `${path}${of(other)}`))).toEqual([403, 'PRMSYS_10004']);
  });

  test('400 PRMVAL_10004 userInvalid: none, both, or an unknown one is named', async () => {
    const { loginId, memberNumber } = somebody();
    for (const query of [
      '',
      `?loginId=${loginId}&hostUserId=${memberNumber}`,
      '?loginId=nobody',
      '?hostUserId=999',
      '?hostUserId=!',
    ])
      expect([query, ...(await refusalOf(call('GET', `${path}${query}`)))]).toEqual([query, 400, 'PRMVAL_10004']);
    expect((await call('GET', `${path}?hostUserId=${memberNumber}`)).statusCode).toBe(200);
  });

  test('the location stands in a header or in the query; 400 PRMVAL_10002 where they differ, 400 PRMVAL_10004 where it is wrong', async () => {
    const person = somebody();
    await create(person);
    const at = (header: string | undefined, query = '') =>
      call('GET', `${path}${of(person)}${query}`, undefined, { institutionCustomerId: header });
    expect((await at(person.customerId)).json().alertPreferences).toHaveLength(1);
    expect((await at(person.customerId, `&institutionCustomerId=${person.customerId}`)).statusCode).toBe(200);
    expect(await refusalOf(at(person.customerId, `&institutionCustomerId=${'f'.repeat(32)}`))).toEqual([400, 'PRMVAL_10002']);
    expect(await refusalOf(at('f'.repeat(32)))).toEqual([400, 'PRMVAL_10004']);
    const body = wish({}, { institutionCustomerId: 'f'.repeat(32) });
    expect(await refusalOf(call('POST', `${path}${of(person)}`, body))).toEqual([400, 'PRMVAL_10004']);
  });

  test('of a business with two locations: absent means all on read and the default one on write; 404 PRMAPS_10007 at another one', async () => {
    const business = api.customer({ userType: 'BUSINESS' });
    const second = 'e'.repeat(32);
    const { sql } = app.database;
    const key = { institution_id: api.institutionId, customer_id: second };
    await sql`insert into customers ${sql({ ...key, customer_type: 'BUSINESS', member_number: '990001' })}`;
    await sql`insert into institution_user_customers ${sql({ ...key, institution_user_id: business.institutionUserId })}`;
    const atDefault = await create(business);
    const atSecond = await create(business, wish({}, { institutionCustomerId: second }));
    expect(atSecond.alertPreferenceDetails.institutionCustomerId).toBe(second);
    expect(atDefault.alertPreferenceDetails.institutionCustomerId).not.toBe(second);
    expect(await listed(business)).toHaveLength(2);
    expect(await listed(business, `&institutionCustomerId=${second}`)).toEqual([atSecond]);
    const url = `${path}/${idOf(atDefault)}${of(business)}&institutionCustomerId=${second}`;
    for (const method of ['GET', 'PUT', 'DELETE'] as const)
      expect(await refusalOf(call(method, url, method === 'PUT' ? { alertOpted: false } : undefined))).toEqual([
        404,
        'PRMAPS_10007',
      ]);
    expect(await listed(business)).toEqual([atDefault, atSecond]);
  });

  test("404 PRMAPS_10007: another user's id and an unknown id answer the same, in every operation", async () => {
    const [person, other] = [somebody(), somebody()];
    const foreign = idOf(await create(other));
    for (const method of ['GET', 'PUT', 'DELETE'] as const) {
      const body = method === 'PUT' ? { alertOpted: false } : undefined;
      const [one, unknown] = await Promise.all([foreign, 999_999].map((id) => call(method, `${path}/${id}${of(person)}`, body)));
      expect([one?.statusCode, one?.body]).toEqual([404, unknown?.body]);
      expect(one?.json().code).toBe('PRMAPS_10007');
    }
    expect(await listed(other)).toHaveLength(1);
  });

  test('a second delete finds nothing: 404 PRMAPS_10007', async () => {
    const person = somebody();
    const url = `${path}/${idOf(await create(person))}${of(person)}`;
    expect((await call('DELETE', url)).statusCode).toBe(204);
    expect(await refusalOf(call('DELETE', url))).toEqual([404, 'PRMAPS_10007']);
  });
});

describe('refusals', () => {
  test.each([
    ['400 PRMVAL_10012 nullNotAllowed: opted', wish({ alertOpted: null }), 400, 'PRMVAL_10012'],
    ['400 PRMVAL_10012 nullNotAllowed: details', { alertOpted: true }, 400, 'PRMVAL_10012'],
    ['400 PRMVAL_10012 nullNotAllowed: channel', wish({}, { channelTypeName: null }), 400, 'PRMVAL_10012'],
    ['400 PRMVAL_10007 fieldRequired', wish({}, { alertTypeName: '' }), 400, 'PRMVAL_10007'],
    ['400 PRMVAL_10006 alertTypeInvalid', wish({}, { alertTypeName: '!' }), 400, 'PRMVAL_10006'],
    ['400 PRMVAL_10009 typeNotForInstitution', wish({}, { alertTypeName: 'NOBODY' }), 400, 'PRMVAL_10009'],
    ['400 PRMVAL_10005 channelInvalid', wish({}, { channelTypeName: 'FAX' }), 400, 'PRMVAL_10005'],
    [
      '400 PRMVAL_10015 channelNotConfigured',
      wish({}, { alertTypeName: 'USER_LOCKED', channelTypeName: 'WEB' }),
      400,
      'PRMVAL_10015',
    ],
    ['400 PRMVAL_10003 institutionInvalid', wish({}, { institutionId: '99999' }), 400, 'PRMVAL_10003'],
    [
      '400 PRMVAL_10008 fieldInvalid: account',
      wish({ alertPreferenceAccountDetails: { accountId: 'short' } }),
      400,
      'PRMVAL_10008',
    ],
    ['400 PRMVAL_10008 fieldInvalid: card', wish({ alertPreferenceAccountDetails: { cardNumber: '447' } }), 400, 'PRMVAL_10008'],
    ['400 PRMVAL_10008 fieldInvalid: location', wish({}, { institutionCustomerId: 'here' }), 400, 'PRMVAL_10008'],
    ['400 PRMVAL_10002 valueInvalid', wish({ additionalInfo: { comparator: '<' } }), 400, 'PRMVAL_10002'],
    ['400 PRMSYS_10016 notPrintableAscii', wish({}, { externalId: 'ñ' }), 400, 'PRMSYS_10016'],
    ['400 PRMSYS_10002 malformedInput', '"text"', 400, 'PRMSYS_10002'],
    [
      '400 PRMVAL_10013 preferenceInvalid: no account of the user',
      wish({ alertPreferenceAccountDetails: { accountId: 'n'.repeat(43) } }),
      400,
      'PRMVAL_10013',
    ],
    [
      '400 PRMVAL_10013 preferenceInvalid: no opt-out of a security alert',
      wish({ alertOpted: false }, { alertTypeName: 'USER_LOCKED' }),
      400,
      'PRMVAL_10013',
    ],
    ['400 PRMVAL_10013 preferenceInvalid: no device for PUSH', wish({}, { channelTypeName: 'PUSH' }), 400, 'PRMVAL_10013'],
  ])('%s', async (_title, body, status, code) => {
    const [person] = people;
    if (person === undefined) throw new Error('The sandbox has nobody.');
    expect(await refusalOf(call('POST', `${path}${of(person)}`, body))).toEqual([status, code]);
  });

  test('400 PRMVAL_10013 preferenceInvalid: the account of somebody else', async () => {
    const [person, other] = [somebody(), somebody()];
    const { accountId } = await createTestAccounts(app, api.institutionId).open(other.memberNumber);
    const body = wish({ alertPreferenceAccountDetails: { accountId } });
    expect(await refusalOf(call('POST', `${path}${of(person)}`, body))).toEqual([400, 'PRMVAL_10013']);
    await create(other, body);
  });

  test('400 PRMVAL_10016 accountTypeUnsupported', async () => {
    const body = wish({ alertPreferenceAccountDetails: { accountId: savings } }, { alertTypeName: 'FOR_CHECKING' });
    expect(await refusalOf(call('POST', `${path}${of(somebody())}`, body))).toEqual([400, 'PRMVAL_10016']);
  });

  test('400 PRMVAL_10013 preferenceInvalid: without an activated destination; the page needs none', async () => {
    const person = somebody();
    await setActivated(person, false);
    expect(await refusalOf(call('POST', `${path}${of(person)}`, wish()))).toEqual([400, 'PRMVAL_10013']);
    await create(person, wish({}, { channelTypeName: 'WEB' }));
    await setActivated(person, true);
    await create(person);
  });

  test('400 PRMVAL_10013 preferenceInvalid: a change into what the user has already', async () => {
    const person = somebody();
    await create(person);
    const other = await create(person, wish({}, { channelTypeName: 'WEB' }));
    const body = { alertPreferenceDetails: { channelTypeName: 'EMAIL' } };
    expect(await refusalOf(call('PUT', `${path}/${idOf(other)}${of(person)}`, body))).toEqual([400, 'PRMVAL_10013']);
  });

  test('400 PRMAPS_10008 preferenceMismatch: the body names another id', async () => {
    const person = somebody();
    const id = idOf(await create(person));
    const body = { alertPreferenceDetails: { alertPrefId: id + 1 } };
    expect(await refusalOf(call('PUT', `${path}/${id}${of(person)}`, body))).toEqual([400, 'PRMAPS_10008']);
    expect((await call('PUT', `${path}/${id}${of(person)}`, { alertPreferenceDetails: { alertPrefId: 0 } })).statusCode).toBe(
      200,
    );
  });

  test('400 PRMVAL_10010 enrolmentUnknown: no preference of the user has the externalId', async () => {
    const [person, other] = [somebody(), somebody()];
    await create(other, wish({}, { externalId: 'theirs' }));
    for (const externalId of ['nothing', 'theirs'])
      expect(await refusalOf(call('GET', `${path}${of(person)}&externalId=${externalId}`))).toEqual([400, 'PRMVAL_10010']);
  });

  test.each(['pageSize=0', 'pageSize=501', 'pageNo=-1', 'default=perhaps'])(
    'the list with %s: 400 PRMVAL_10002',
    async (query) => {
      expect(await refusalOf(call('GET', `${path}?loginId=anybody&${query}`))).toEqual([400, 'PRMVAL_10002']);
    },
  );

  test('400 PRMVAL_10008 fieldInvalid: the path is no number', async () => {
    for (const method of ['GET', 'PUT', 'DELETE'] as const)
      expect(await refusalOf(call(method, `${path}/one?loginId=anybody`))).toEqual([400, 'PRMVAL_10008']);
  });
});

test('whoever registers can have alerts at once: what is registered is a destination', async () => {
  const { access_token: legacy = '' } =
    /<access_token>(?<access_token>[^<]+)</u.exec(
      (await requestTokenV1(app.http, api.application('legacy'), { grant_type: 'client_credentials' })).body,
    )?.groups ?? {};
  const registration = {
    memberNumber: '1000200031',
    person: {
      personName: { firstName: 'Pat', lastName: 'Demo' },
      contactInfo: {
        emailAddress: 'pat.demo@example.com',
        postalAddress: [{ address1: '12 Sample Row', city: 'Springdale', state: 'NJ', postalCode: '07047', country: 'USA' }],
        phoneNumber: [{ number: '2015550142', countryCode: '0' }],
      },
      birthDate: '1989-10-09',
    },
    ssn: '900112234',
    motherMaidenName: 'Sample',
    channelInfos: { channelInfo: [{ channelType: 'TPV_API', credential: { loginId: 'patdemo02', password: 'Blue@kite7' } }] },
    acceptedDisclosure: 'true',
  };
  const answer = await api.call('POST', `/registration/v4/fis/${api.institutionId}/fiCustomers`, {
    headers: { authorization: `Bearer ${legacy}`, di_tid: randomUUID(), 'content-type': 'application/json' },
    payload: JSON.stringify({ FICustomer: registration }),
  });
  expect([answer.statusCode, answer.body]).toEqual([200, expect.any(String)]);
  for (const channelTypeName of ['EMAIL', 'SMS'])
    expect((await call('POST', `${path}?loginId=patdemo02`, wish({}, { channelTypeName }))).statusCode).toBe(201);
});

test('the older prefix is the same', async () => {
  const person = somebody();
  const created = await create(person);
  expect((await call('GET', `/db-alerts-preferences/v1/alert-preferences/${idOf(created)}${of(person)}`)).json()).toEqual(
    created,
  );
});
