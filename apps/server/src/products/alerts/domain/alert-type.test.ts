import { expect, test } from 'vitest';
import { namedLocation, reachedLocation } from './addressed-location.ts';
import { formatChannels, parseChannels } from './alert-channel.ts';
import { parseAccountTypes, toAlertTypeName, toEventDomain } from './alert-type.ts';

test.each([
  ['email; SMS|push', 'EMAIL,SMS,PUSH'],
  ['WEB,EMAIL,web', 'EMAIL,WEB'],
])('the channels %s are %s', (text, written) => {
  const parsed = parseChannels(text);
  expect(parsed.ok && formatChannels(parsed.value)).toBe(written);
});

test('another channel is refused', () => {
  expect(parseChannels('EMAIL,FAX')).toEqual({ ok: false, refusal: 'channelInvalid' });
});

test.each([
  ['account', 'ACCOUNT'],
  ['AccountEvent', 'ACCOUNT'],
  ['TRANSACTION', 'TRANSACTION'],
  ['nonSubscription', 'NOTIFICATION'],
  ['NonSubscriptionEvent', 'NOTIFICATION'],
  ['weather', undefined],
])('the domain %s is %s', (word, domain) => {
  expect(toEventDomain(word)).toBe(domain);
});

test.each([
  ['visa-household_spend_alerts', 'VISA-HOUSEHOLD_SPEND_ALERTS'],
  ['X', undefined],
  ['_A', undefined],
  ['A'.repeat(65), undefined],
])('the name %s is %s', (text, name) => {
  expect(toAlertTypeName(text)).toBe(name);
});

test('ALL and nothing are every account type, and an unknown one is refused', () => {
  expect(['all', '', 'savings checking'].map((text) => parseAccountTypes(text, ['CHECKING', 'SAVINGS']))).toEqual([
    { ok: true, value: undefined },
    { ok: true, value: undefined },
    { ok: true, value: ['CHECKING', 'SAVINGS'] },
  ]);
  expect(parseAccountTypes('PIGGY_BANK', ['CHECKING']).ok).toBe(false);
});

test('header, query and body name one location, in any spelling', () => {
  const dashed = '439892ed-f4aa-4983-a605-e3f3d7dcb651';
  const plain = '439892edf4aa4983a605e3f3d7dcb651';
  expect(namedLocation([dashed, undefined, plain.toUpperCase()])).toEqual({ ok: true, value: plain });
  expect(namedLocation([plain, 'f'.repeat(32)]).ok).toBe(false);
  expect(reachedLocation('own', { customerIds: ['first'], ownGuid: 'own' })).toEqual({ ok: true, value: 'first' });
  expect(reachedLocation('other', { customerIds: ['first'], ownGuid: 'own' }).ok).toBe(false);
});
