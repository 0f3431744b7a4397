import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Application } from '../../../kernel/application.ts';
import { decideTokenRequest, isGoodPassword, isGoodUsername, type TokenFields } from './token-request.ts';

const application: Application = {
  clientId: 'app',
  name: 'app',
  isEnabled: true,
  institutionIds: new Set(['00042', '00043']),
  products: new Set(['authentication']),
  grantsV1: new Set(),
  grantsV2: new Set(['client_credentials', 'password', 'refresh_token']),
  allowedScopes: ['a:read', 'b:write'],
  offeringId: 'app',
  accessTtlV1: 1800,
  accessTtlV2: 1800,
  refreshTtl: 15_552_000,
  allowedAddresses: [],
  quotaPerDay: 0,
  spikePerSecond: 0,
  introspection: 'own',
};
const known = new Map([
  ['00042', { isActive: true }],
  ['00043', { isActive: false }],
  ['00077', { isActive: true }],
]);

function decide(fields: TokenFields, institutionId: string | undefined = '00042', app: Application = application) {
  return decideTokenRequest(fields, institutionId, app, (id) => known.get(id));
}

const user = { grant_type: 'password', username: 'avery.stone', password: 'correct' };

test('a good request becomes what its grant needs, and nothing else of what was sent', () => {
  expect(decide({ grant_type: 'client_credentials', username: 'ignored' })).toEqual({
    ok: true,
    value: { grant: 'client_credentials', institutionId: '00042', scopes: ['a:read', 'b:write'] },
  });
  expect(decide({ ...user, scope: 'a:read' })).toEqual({
    ok: true,
    value: { grant: 'password', institutionId: '00042', scopes: ['a:read'], username: 'avery.stone', password: 'correct' },
  });
  expect(
    decideTokenRequest({ grant_type: 'refresh_token', refresh_token: 'r', scopes: 'x' }, undefined, application, () => undefined),
  ).toEqual({
    ok: true,
    value: { grant: 'refresh_token', refreshToken: 'r', institutionId: undefined },
  });
});

/** Each row has this fault and the next one; the first is answered (Conventions section 3). */
test.each([
  ['grantTypeInvalid', {}, 'abc'],
  ['grantTypeInvalid', { grant_type: 'PASSWORD' }, 'abc'],
  ['institutionInvalid', { ...user, scopes: 'x' }, '4242'],
  ['institutionInvalid', { ...user, scopes: 'x' }, '00099'],
  ['institutionInvalid', { ...user, scopes: 'x' }, '00043'],
  ['institutionNotAllowed', { ...user, scopes: 'x' }, '00077'],
  ['scopeInvalid', { ...user, scopes: 'x', username: '' }, '00042'],
  ['usernameInvalid', { ...user, username: ' ', password: '' }, '00042'],
  ['passwordInvalid', { ...user, password: ' ' }, '00042'],
  ['institutionInvalid', { grant_type: 'refresh_token' }, '4242'],
  ['requestInvalid', { grant_type: 'refresh_token' }, '00042'],
  ['requestInvalid', { grant_type: 'refresh_token', refresh_token: '' }, '00042'],
] as const)('of several faults the first is answered: %s for %j in %s', (refusal, fields, institutionId) => {
  expect(decide(fields, institutionId)).toEqual({ ok: false, refusal });
});

test('a grant that the application is not registered for is refused like an unknown one', () => {
  const grantsV2 = new Set(['client_credentials']);
  expect(decide(user, '00042', { ...application, grantsV2 })).toEqual({ ok: false, refusal: 'grantTypeInvalid' });
});

test('no request is ever accepted for an institution that is not active and registered for the application', () => {
  const field = fc.option(fc.oneof(fc.string(), fc.constantFrom(...Object.values(user))), { nil: undefined });
  const grant = fc.constantFrom('client_credentials', 'password', 'refresh_token', 'authorization_code', '');
  const institution = fc.oneof(fc.constantFrom(...known.keys()), fc.string());
  fc.assert(
    fc.property(grant, institution, field, field, (grant_type, institutionId, username = '', password = '') => {
      const decision = decide({ grant_type, username, password, refresh_token: username }, institutionId);
      if (decision.ok && decision.value.grant !== 'refresh_token') expect(decision.value.institutionId).toBe('00042');
    }),
  );
});

test('a login name is 1 to 256 printable ASCII characters and not only blanks', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[\x21-\x7e]{1,256}$/u), (name) => {
      expect(isGoodUsername(name)).toBe(true);
      expect(isGoodUsername(`${name}\u00e9`)).toBe(false);
      expect(isGoodUsername(name.padEnd(257, 'x'))).toBe(false);
    }),
  );
  expect([undefined, '', '   ', 'tab\tinside', 'n\u00f1'].map(isGoodUsername)).toEqual([false, false, false, false, false]);
});

test('a password is 1 to 256 characters of any script and not only blanks', () => {
  expect(['p', 'pässwörd', 'x'.repeat(256)].map(isGoodPassword)).toEqual([true, true, true]);
  expect([undefined, '', '  ', 'x'.repeat(257)].map(isGoodPassword)).toEqual([false, false, false, false]);
});
