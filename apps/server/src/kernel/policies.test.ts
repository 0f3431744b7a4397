import { expect, test } from 'vitest';
import { defaultAccountsPolicy } from './accounts-policy.ts';
import { defaultAlertsPolicy } from './alerts-policy.ts';
import { defaultCredentialPolicy } from './credential-policy.ts';
import { defaultImagesPolicy } from './images-policy.ts';
import { defaultMoneyMovementPolicy } from './money-movement-policy.ts';
import { defaultPasscodePolicy } from './passcode-policy.ts';
import { parsePolicies } from './policies.ts';
import { defaultRegistrationPolicy } from './registration-policy.ts';
import { defaultTransactionsPolicy } from './transactions-policy.ts';

test('what an institution has not set takes the default: five failures, locked until somebody unlocks', () => {
  const standard = {
    lockout: { maxFailed: 5, autoUnlockMinutes: 0 },
    credentials: defaultCredentialPolicy,
    registration: defaultRegistrationPolicy,
    passcodes: defaultPasscodePolicy,
    statements: { multiStatement: true },
    branding: { accentColor: '#0b5cad', supportText: undefined },
    accounts: defaultAccountsPolicy,
    transactions: defaultTransactionsPolicy,
    moneyMovement: defaultMoneyMovementPolicy,
    images: defaultImagesPolicy,
    alerts: defaultAlertsPolicy,
  };
  for (const stored of [{}, null, undefined, { lockout: {} }, { lockout: null }, { other: 1 }])
    expect(parsePolicies(stored)).toEqual(standard);
  expect(parsePolicies({ lockout: { maxFailed: 3 } }).lockout).toEqual({ maxFailed: 3, autoUnlockMinutes: 0 });
  expect(parsePolicies({ lockout: { autoUnlockMinutes: 43_200 } }).lockout).toEqual({ maxFailed: 5, autoUnlockMinutes: 43_200 });
});

test.each([
  ['maxFailed', 2],
  ['maxFailed', 11],
  ['maxFailed', 4.5],
  ['maxFailed', '5'],
  ['maxFailed', Number.NaN],
  ['autoUnlockMinutes', -1],
  ['autoUnlockMinutes', 43_201],
])('%s of %s is refused by name', (name, value) => {
  expect(() => parsePolicies({ lockout: { [name]: value } })).toThrow(new RegExp(`^Policy ${name} must be a whole number`, 'u'));
});

test.each([
  [{ accounts: { isServed: 'yes' } }, 'isServed'],
  [{ accounts: { views: { small: 'id' } } }, 'small'],
  [{ accounts: { maskFormat: 'N'.repeat(101) } }, 'maskFormat'],
  [{ accounts: { regDMaximum: 100 } }, 'regDMaximum'],
  [{ transactions: { rangeDays: 0 } }, 'rangeDays'],
  [{ transactions: { minimumPageSize: 1001 } }, 'minimumPageSize'],
  [{ transactions: { additionalInfoKeys: [1] } }, 'additionalInfoKeys'],
  [{ alerts: { defaultLocale: 'english' } }, 'defaultLocale'],
  [{ alerts: { defaultLocale: 'en-US' } }, 'defaultLocale'],
  [{ alerts: { keptDays: 89 } }, 'keptDays'],
  [{ alerts: { keptDays: 3661 } }, 'keptDays'],
])('%j is refused by the name of %s', (stored, name) => {
  expect(() => parsePolicies(stored)).toThrow(new RegExp(`^Policy ${name} must be`, 'u'));
});
