import { expect, test } from 'vitest';
import { unlockUser } from './customers/operations.ts';
import { environmentVariables, sampleValues, storedVariables } from './examples.ts';
import { operation } from './operation.ts';
import { operations } from './operations.ts';
import { type PostmanItem, postmanCollection, postmanEnvironment } from './postman.ts';

const collection = postmanCollection({ operations });
const requests = collection.item.flatMap((folder) => folder.item);

test.each(Object.values(operations))('the collection calls $id', ({ method, path }) => {
  const shape = new RegExp(`^${path.replace(/\{\w+\}/gu, '[^/:]+')}$`, 'u');
  expect(requests.some((item) => item.request['method'] === method && shape.test(pathOf(item)))).toBe(true);
});

test.each(requests)('the request "$name" checks its status and names only variables that have a value', (item) => {
  expect(scriptOf(item)).toContain("pm.test('the status is 20");
  const known = [...Object.keys(environmentVariables), ...Object.keys(storedVariables), '$guid'];
  for (const [, name] of JSON.stringify(item).matchAll(/\{\{([^}]+)\}\}/gu)) expect(known).toContain(name);
});

test('a variable that a request uses was filled by an earlier request or by the environment', () => {
  const filled = new Set<string>(Object.keys(environmentVariables));
  for (const item of requests) {
    for (const [, name] of JSON.stringify(item.request).matchAll(/\{\{(\w+)\}\}/gu)) expect(filled).toContain(name);
    for (const [, name] of scriptOf(item).matchAll(/collectionVariables\.set\('(\w+)'/gu))
      if (name !== undefined) filled.add(name);
  }
});

test('every call with a trace header sends a fresh UUID and wants it back', () => {
  const unlock = requests.find((item) => item.name === 'Unlock a user');
  expect(unlock?.request['header']).toContainEqual({ key: 'correlationId', value: '{{$guid}}' });
  expect(unlock === undefined ? '' : scriptOf(unlock)).toContain('correlationId is echoed');
});

test('the control of the sandbox comes last and the reset after everything', () => {
  expect(collection.item[0]?.name).toBe('Authentication');
  expect(collection.item.at(-1)?.name).toBe('Sandbox control');
  expect(requests.at(-1)?.name).toBe('Bring an institution back to its seed');
});

test('an operation that the plan does not know gets its request all the same', () => {
  const added = operation({ ...unlockUser, id: 'addedLater', summary: 'Added later' });
  const folders = postmanCollection({ operations: { ...operations, added } }).item;
  expect(folders.find((folder) => folder.name === 'Customers')?.item.map((item) => item.name)).toContain('Added later');
});

test('the collection of a production server has no request that only a sandbox answers', () => {
  expect(JSON.stringify(postmanCollection({ operations, mode: 'production' }))).not.toContain('sandbox/v1');
});

test('the environment has every variable with its value and marks what is secret', () => {
  const samples = sampleValues();
  const { values } = postmanEnvironment({ ...environmentSamples(), institutionId: '73105' });
  expect(values.map((value) => value.key)).toEqual(Object.keys(environmentVariables));
  expect(values).toContainEqual({ key: 'institutionId', value: '73105', type: 'default', enabled: true });
  expect(values).toContainEqual({ key: 'password', value: samples['password'], type: 'secret', enabled: true });
});

function environmentSamples() {
  const sample = (name: keyof typeof environmentVariables) => environmentVariables[name].sample;
  return {
    baseUrl: sample('baseUrl'),
    sandboxKey: sample('sandboxKey'),
    institutionId: sample('institutionId'),
    clientId: sample('clientId'),
    clientSecret: sample('clientSecret'),
    mobileClientId: sample('mobileClientId'),
    mobileClientSecret: sample('mobileClientSecret'),
    legacyClientId: sample('legacyClientId'),
    legacyClientSecret: sample('legacyClientSecret'),
    customerId: sample('customerId'),
    institutionUserId: sample('institutionUserId'),
    loginId: sample('loginId'),
    password: sample('password'),
    lockedCustomerId: sample('lockedCustomerId'),
    institutionDisclosureId: sample('institutionDisclosureId'),
    institutionUserDisclosureId: sample('institutionUserDisclosureId'),
    contactMethodId: sample('contactMethodId'),
    otherCustomerId: sample('otherCustomerId'),
    otherContactMethodId: sample('otherContactMethodId'),
    memberNumber: sample('memberNumber'),
    accountId: sample('accountId'),
    otherAccountId: sample('otherAccountId'),
    cardAccountId: sample('cardAccountId'),
    loanAccountId: sample('loanAccountId'),
    imageIdentifier: sample('imageIdentifier'),
    now: sample('now'),
    dayAgo: sample('dayAgo'),
    dayAhead: sample('dayAhead'),
  };
}

/** The path that a request calls, its variables or values in their places. */
function pathOf(item: PostmanItem): string {
  return /"raw":"\{\{baseUrl\}\}([^"?]*)/u.exec(JSON.stringify(item.request['url']))?.[1] ?? '';
}

function scriptOf(item: PostmanItem): string {
  return JSON.stringify(item.event).replaceAll('\\"', '"');
}
