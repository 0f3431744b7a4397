import { quickestMs } from '@openbranch/testkit/quickest';
import { expect, test } from 'vitest';
import type { Application } from '../../../kernel/application.ts';
import { decideTokenRequestV1, type TokenCallV1 } from './token-request-v1.ts';

const application: Application = {
  clientId: 'legacy',
  name: 'legacy',
  isEnabled: true,
  institutionIds: new Set(['00042', '00043']),
  products: new Set(['legacy-authentication']),
  grantsV1: new Set(['client_credentials', 'password']),
  grantsV2: new Set(),
  allowedScopes: [],
  offeringId: 'legacy',
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
const user = { grant_type: 'password', username: 'avery.stone', password: 'correct' };
const usual: TokenCallV1 = { fields: user, institutionHeader: '00042', userAgent: 'App/1.0', userAgentRule: 'present' };

function decide(changes: Partial<TokenCallV1>, app: Application = application) {
  return decideTokenRequestV1({ ...usual, ...changes }, app, (id) => known.get(id));
}

test('a good request becomes what its grant needs', () => {
  expect(decide({})).toEqual({
    ok: true,
    value: { grant: 'password', institutionId: '00042', username: 'avery.stone', password: 'correct' },
  });
  expect(decide({ fields: { ...user, grant_type: 'client_credentials' } })).toEqual({
    ok: true,
    value: { grant: 'client_credentials', institutionId: '00042' },
  });
});

/** Each row has this fault and the next one. */
test.each([
  ['headerInvalid', { userAgent: undefined, fields: {} }],
  ['grantTypeInvalid', { fields: {}, institutionHeader: '42' }],
  ['grantTypeInvalid', { fields: { grant_type: 'refresh_token' }, institutionHeader: '42' }],
  ['fiidInvalid', { fields: { grant_type: 'password' }, institutionHeader: undefined }],
  ['fiidInvalid', { fields: { grant_type: 'password' }, institutionHeader: '000421' }],
  ['fiidNotAuthorized', { fields: { grant_type: 'password' }, institutionHeader: '00099' }],
  ['fiidNotAuthorized', { fields: { grant_type: 'password' }, institutionHeader: '00077' }],
  ['fiidNotAuthorized', { fields: { grant_type: 'password' }, institutionHeader: '00043' }],
  ['usernameInvalid', { fields: { grant_type: 'password', username: ' ' } }],
  ['passwordInvalid', { fields: { grant_type: 'password', username: 'avery.stone' } }],
] as const)('of several faults the first is answered: %s for %j', (refusal, changes) => {
  expect(decide(changes)).toEqual({ ok: false, refusal });
});

test('a grant that the application is not registered for has a refusal of its own, before the institution is looked at', () => {
  const grantsV1 = new Set(['client_credentials']);
  expect(decide({ institutionHeader: 'x' }, { ...application, grantsV1 })).toEqual({ ok: false, refusal: 'grantNotSupported' });
});

test.each([
  ['present', 'anything at all', true],
  ['present', undefined, false],
  ['format', 'App/1.0', true],
  ['format', 'App/1.0/Phone 4;Android 15', true],
  ['format', 'App/1.0;Android 15', true],
  ['format', 'anything at all', false],
  ['format', 'App/', false],
  ['format', '/1.0', false],
  ['format', undefined, false],
  ['off', undefined, true],
] as const)('with the rule %s a user-agent of %j is accepted: %s', (userAgentRule, userAgent, isAccepted) => {
  expect(decide({ userAgentRule, userAgent }).ok).toBe(isAccepted);
});

test.each(['/a', 'a', 'a/', 'a;'])('a user-agent of hostile length is refused at once: %s again and again', (part) => {
  const refusals = (userAgent: string) => () => {
    for (let turn = 0; turn < 200; turn += 1) expect(decide({ userAgentRule: 'format', userAgent }).ok).toBe(false);
  };
  // A hundred times the length; what is looked at is bounded.
  expect(quickestMs(refusals(part.repeat(100_000)))).toBeLessThan(20 * quickestMs(refusals(part.repeat(1_000))));
});
