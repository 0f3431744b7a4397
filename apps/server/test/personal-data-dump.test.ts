import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { destroyDataKeysOf, rotateDataKeyOf } from '@openbranch/server/platform/personal-data/data-key-commands';
import { reencryptPersonalData } from '@openbranch/server/platform/personal-data/reencrypt';
import { type ApiCaller, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { eventually } from '@openbranch/testkit/eventually';
import { makeRunDirectory } from '@openbranch/testkit/run-directory';
import { silentLog } from '@openbranch/testkit/silent-log';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { requestTokenV1 } from '@openbranch/testkit/token-calls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let directory: Awaited<ReturnType<typeof makeRunDirectory>>;
let logFile: string;
let app: TestApp;
let api: ApiCaller;
let legacyToken: string;

beforeAll(async () => {
  directory = await makeRunDirectory();
  logFile = join(directory.path, 'openbranch.log');
  app = await createTestApp({ runsJobs: true, logFile, prepare: withoutLimits });
  api = createApiCaller(app);
  const answer = await requestTokenV1(app.http, api.application('legacy'), { grant_type: 'client_credentials' });
  legacyToken = /<access_token>([^<]+)</u.exec(answer.body)?.[1] ?? '';
});
afterAll(async () => {
  await app.close();
  await directory.remove();
});

interface Person {
  readonly memberNumber: string;
  readonly ssn: string;
  readonly birthDate: string;
  readonly motherMaidenName: string;
  readonly password: string;
  readonly pin: string;
}

const personOf = (number: number): Person => ({
  memberNumber: String(3_000_000_000 + number),
  ssn: `90077${String(1000 + number * 7)}`,
  birthDate: `19${60 + number}-11-2${number}`,
  motherMaidenName: `Quimbleton${number}`,
  password: `Gr8.Secret.${number}`,
  pin: `pin-9173-${number}`,
});

function bodyOf(person: Person, format: 'json' | 'xml'): string {
  const { memberNumber, ssn, birthDate, motherMaidenName, password, pin } = person;
  const login = `dump${memberNumber}`;
  if (format === 'json') {
    return JSON.stringify({
      FICustomer: {
        memberNumber,
        person: {
          personName: { firstName: 'Pat', lastName: 'Demo' },
          contactInfo: {
            emailAddress: 'pat@example.com',
            postalAddress: [{ address1: '1 Row', city: 'Town', state: 'NJ', postalCode: '07047', country: 'US' }],
            phoneNumber: [{ number: '2015550142' }],
          },
          birthDate,
        },
        channelInfos: { channelInfo: [{ channelType: 'TPV_API', credential: { loginId: login, password } }] },
        acceptedDisclosure: 'true',
        ssn,
        motherMaidenName,
        hostCredential: { password: pin },
      },
    });
  }
  return `<FICustomer><memberNumber>${memberNumber}</memberNumber><person><personName><firstName>Pat</firstName><lastName>Demo</lastName></personName>
    <contactInfo><emailAddress>pat@example.com</emailAddress><postalAddress><address1>1 Row</address1><city>Town</city><state>NJ</state>
    <postalCode>07047</postalCode><country>US</country></postalAddress><phoneNumber><number>2015550142</number></phoneNumber></contactInfo>
    <birthDate>${birthDate}</birthDate></person><channelInfos><channelInfo><channelType>TPV_API</channelType><credential><loginId>${login}</loginId>
    <password>${password}</password></credential></channelInfo></channelInfos><acceptedDisclosure>true</acceptedDisclosure><ssn>${ssn}</ssn><motherMaidenName>${motherMaidenName}</motherMaidenName>
    <hostCredential><password>${pin}</password></hostCredential></FICustomer>`;
}

const register = (person: Person, format: 'json' | 'xml', headers: Record<string, string> = {}) =>
  api.call('POST', `/registration/v4/fis/${api.institutionId}/fiCustomers`, {
    headers: {
      authorization: `Bearer ${legacyToken}`,
      di_tid: randomUUID(),
      'content-type': `application/${format}`,
      ...headers,
    },
    payload: bodyOf(person, format),
  });

/** Every row of every table as text, which is what a dump holds; `bytea` shows as hexadecimal digits. */
async function dumpTables(): Promise<Map<string, string>> {
  const { sql } = app.database;
  const tables = await sql<{ schema: string; name: string }[]>`
    select schemaname as schema, tablename as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`;
  const dump = new Map<string, string>();
  for (const { schema, name } of tables) {
    const rows = await sql<{ row: string }[]>`select t::text as row from ${sql(schema)}.${sql(name)} t`;
    dump.set(`${schema}.${name}`, rows.map(({ row }) => row).join('\n'));
  }
  return dump;
}

function secretsOf(people: readonly Person[]): string[] {
  const seeded = app.sandbox.institutions.flatMap(({ customers }) =>
    customers.flatMap((customer) => [
      customer.password,
      customer.ssn,
      customer.birthDate,
      customer.motherMaidenName,
      ...customer.documents.map(({ number }) => number),
    ]),
  );
  return [
    ...seeded,
    ...people.flatMap((person) => [person.ssn, person.birthDate, person.motherMaidenName, person.password, person.pin]),
  ];
}

test('no dump of the database and no log holds personal data or a password in clear', async () => {
  const people = Array.from({ length: 6 }, (_, number) => personOf(number));
  for (const [index, person] of people.entries()) {
    const format = index % 2 === 0 ? 'json' : 'xml';
    const di_tid = randomUUID();
    expect((await register(person, format, { di_tid })).statusCode).toBe(200);
    expect((await register(person, format, { di_tid })).headers['x-replayed']).toBe('true');
    // Refusals leave rows and lines too.
    expect((await register(person, format)).statusCode).toBe(409);
    expect((await register({ ...person, memberNumber: '' }, format)).statusCode).toBe(400);
  }
  await api.signIn(`dump${people[0]?.memberNumber}`, people[0]?.password ?? '');
  await api.signIn(`dump${people[0]?.memberNumber}`, people[1]?.password ?? '');
  const token = await api.partnerToken();
  await api.withToken(token, 'GET', `/v1/customers/${api.customer({ state: 'active' }).customerId}`);

  const dump = await dumpTables();
  const log = await readFile(logFile, 'utf8');
  // What may be there is found, so what must not be there would be.
  expect(log).toContain('registerCustomer');
  expect(dump.get('public.contact_methods')).toContain('pat@example.com');
  expect(dump.get('public.user_personal_data')?.split('\n').length).toBeGreaterThan(20);
  const secrets = secretsOf(people);
  expect(secrets.length).toBeGreaterThan(100);
  for (const secret of secrets) {
    const forms = [secret, Buffer.from(secret).toString('hex'), Buffer.from(secret).toString('base64')];
    for (const form of forms) {
      const holders = [...dump].filter(([, text]) => text.includes(form)).map(([table]) => table);
      expect(holders, `tables with a value of ${secret.length} characters`).toEqual([]);
      expect(log.includes(form)).toBe(false);
    }
  }
});

describe('the keys of an institution', () => {
  test('can be rotated while it works: everything stays readable', async () => {
    const { customerId, birthDate } = api.customer({ state: 'active', userType: 'RETAIL' });
    const token = await api.partnerToken();
    await rotateDataKeyOf({ sql: app.database.sql, keyRing: app.keyRing }, api.institutionId);
    expect((await register(personOf(7), 'json')).statusCode).toBe(200);
    await reencryptPersonalData(app.database.sql, app.keyRing, [api.institutionId], silentLog);
    expect((await api.withToken(token, 'GET', `/v1/customers/${customerId}`)).json()).toMatchObject({ birthDate });
  });

  test('can be destroyed: answers go on without the members, and new customers have new keys', async () => {
    const { customerId, institutionUserId } = api.customer({ state: 'active', userType: 'RETAIL' });
    const token = await api.partnerToken();
    const other = createApiCaller(app, 1);
    const read = async () => (await api.withToken(token, 'GET', `/v1/customers/${customerId}`)).json();
    await destroyDataKeysOf({ sql: app.database.sql, keyRing: app.keyRing }, api.institutionId);
    const profile = await eventually(async () => {
      const answer = await read();
      return answer.birthDate === undefined && answer;
    });
    expect(profile).toMatchObject({ userId: institutionUserId });
    const expanded = await api.withToken(
      token,
      'GET',
      `/v2/institution-users/${institutionUserId}?userIdType=INSTITUTION_USER_ID&%24expand=contactMethods,identificationDocuments`,
    );
    expect(expanded.statusCode, expanded.body).toBe(200);
    expect((await register(personOf(8), 'xml')).statusCode).toBe(200);
    // Another institution is not touched.
    const untouched = other.customer({ state: 'active', userType: 'RETAIL' });
    const answer = await other.withToken(await other.partnerToken(), 'GET', `/v1/customers/${untouched.customerId}`);
    expect(answer.json()).toMatchObject({ birthDate: untouched.birthDate });
  });
});
