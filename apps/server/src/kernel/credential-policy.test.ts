import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkLoginName, checkPassword, defaultCredentialPolicy, describePasswordPolicy } from './credential-policy.ts';
import { parsePolicies } from './policies.ts';

const policy = defaultCredentialPolicy;
const loginName = (text: string, memberNumber?: string) => checkLoginName(text, memberNumber, policy, 'operation');

test.each([
  ['12345678', 'malformed'],
  ['pat demo1', 'malformed'],
  ['patdemo#1', 'malformed'],
  ['patdé', 'malformed'],
  ['patde', 'malformed'],
  ['a'.repeat(257), 'malformed'],
  ['patdemo', 'outOfRange'],
  ['aaaaaaaaaaaaaaaaaaaaa', 'outOfRange'],
  ['Member01', 'isMemberNumber'],
])('the login name %s is %s', (text, refusal) => {
  expect(loginName(text, 'mEMBER01')).toEqual({ ok: false, refusal });
});

test('letters alone are a login name, unless the institution wants a digit too', () => {
  expect(loginName('onlyletters').ok).toBe(true);
  expect(checkLoginName('onlyletters', undefined, policy, 'letter_and_digit').ok).toBe(false);
  expect(checkLoginName('letters99', undefined, policy, 'letter_and_digit').ok).toBe(true);
});

test.each([
  ['abcdef', 'tooSimple'],
  ['123456', 'tooSimple'],
  ['!!!!!!', 'tooSimple'],
  ['a b1c2', 'notPrintable'],
  ['a1\u00e9bcd', 'notPrintable'],
  ['demo01', 'insideLoginName'],
  ['DEMO01', 'insideLoginName'],
  ['ab1$c', 'outOfRange'],
  [`a1${'b'.repeat(31)}`, 'outOfRange'],
  ['', 'outOfRange'],
])('the password %j is %s', (text, refusal) => {
  expect(checkPassword(text, 'patdemo01', policy)).toEqual({ ok: false, refusal });
});

test('a password of two kinds of characters that is no part of the login name is good', () => {
  const kinds = [fc.constantFrom(...'abcXYZ'), fc.constantFrom(...'0123456789'), fc.constantFrom(...'!"#$%&()~^|')] as const;
  const twoKinds = fc
    .tuple(fc.shuffledSubarray([0, 1, 2], { minLength: 2, maxLength: 2 }), fc.array(fc.nat(), { minLength: 6, maxLength: 32 }))
    .chain(([chosen, places]) =>
      fc.tuple(...places.map((_, at) => kinds[chosen[at % 2] ?? 0] ?? kinds[0])).map((letters) => letters.join('')),
    );
  fc.assert(fc.property(twoKinds, (password) => checkPassword(password, 'login-name_=', policy).ok));
});

test('an institution may narrow the lengths and never widen them', () => {
  const narrow = parsePolicies({ credentials: { loginName: { minLength: 6, maxLength: 10 }, password: { minLength: 12 } } });
  expect(checkLoginName('patdem', undefined, narrow.credentials, 'operation').ok).toBe(true);
  expect(checkLoginName('patdemo0123', undefined, narrow.credentials, 'operation').ok).toBe(false);
  expect(checkPassword('Blue@kite7', 'x', narrow.credentials).ok).toBe(false);
  expect(describePasswordPolicy(narrow.credentials)).toContain('12 to 32 characters');
  for (const credentials of [
    { loginName: { minLength: 5 } },
    { loginName: { maxLength: 21 } },
    { password: { maxLength: 33 } },
    { password: { minLength: 5 } },
    { password: { minLength: 20, maxLength: 10 } },
  ]) {
    expect(() => parsePolicies({ credentials })).toThrow('Policy');
  }
});

test('registration policies have defaults and are checked', () => {
  expect(parsePolicies({}).registration).toEqual({ needsApproval: false, requiredDisclosures: ['IB'] });
  expect(() => parsePolicies({ registration: { needsApproval: 'yes' } })).toThrow('needsApproval');
  expect(() => parsePolicies({ registration: { requiredDisclosures: 'IB' } })).toThrow('requiredDisclosures');
});
