import fc from 'fast-check';
import { expect, test } from 'vitest';
import { passcodeBounds } from './passcode-policy.ts';
import { parsePolicies } from './policies.ts';
import { describePolicy, readPolicy } from './read-policy.ts';

test('what is absent takes its default', () => {
  const defaults = parsePolicies({});
  for (const name of ['lockout', 'credentials', 'registration', 'passcodes', 'branding'] as const)
    expect(readPolicy(name, {})).toEqual({ ok: true, value: defaults[name] });
  expect(readPolicy('lockout', { maxFailed: 3 })).toEqual({ ok: true, value: { maxFailed: 3, autoUnlockMinutes: 0 } });
});

test.each([
  ['lockout', { digits: 6 }, 'Policy lockout takes maxFailed, autoUnlockMinutes.'],
  ['credentials', { password: { minLength: 6, secret: 1 } }, 'Policy credentials.password takes minLength, maxLength.'],
  ['credentials', { password: 'x' }, 'Policy credentials.password must be an object.'],
  ['registration', [], 'Policy registration must be an object.'],
  ['branding', { accentColor: 'red' }, 'Policy accentColor must be a colour like #0b5cad.'],
  ['lockout', { maxFailed: 11 }, 'Policy maxFailed must be a whole number from 3 to 10.'],
] as const)('%s does not take %j, and says why', (name, value, refusal) => {
  expect(readPolicy(name, value)).toEqual({ ok: false, refusal });
});

test('every rule of passcodes is taken within its bounds and nowhere else', () => {
  const rule = fc.constantFrom(...Object.entries(passcodeBounds));
  fc.assert(
    fc.property(rule, fc.integer(), ([name, { least, most }], value) => {
      expect(readPolicy('passcodes', { [name]: value }).ok).toBe(value >= least && value <= most);
    }),
  );
});

test('a policy is told by plain values', () => {
  expect(describePolicy({ loginName: { minLength: 8 }, requiredDisclosures: ['IB', 'ESIGN'], supportText: undefined })).toEqual({
    'loginName.minLength': 8,
    requiredDisclosures: 'IB, ESIGN',
  });
});
