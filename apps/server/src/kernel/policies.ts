import { type AccountsPolicy, accountsPolicyOf } from './accounts-policy.ts';
import { type AlertsPolicy, alertsPolicyOf } from './alerts-policy.ts';
import { type Branding, brandingOf } from './branding.ts';
import { type CredentialPolicy, credentialBounds, defaultCredentialPolicy } from './credential-policy.ts';
import { type ImagesPolicy, imagesPolicyOf } from './images-policy.ts';
import { defaultLockoutPolicy, type LockoutPolicy } from './lockout-policy.ts';
import { type MoneyMovementPolicy, parseMoneyMovementPolicy } from './money-movement-policy.ts';
import { defaultPasscodePolicy, type PasscodePolicy, passcodeBounds } from './passcode-policy.ts';
import { booleanOf, integerIn, lengthsIn, memberOf } from './policy-members.ts';
import {
  defaultRegistrationPolicy,
  isDisclosureName,
  mostRequiredDisclosures,
  type RegistrationPolicy,
} from './registration-policy.ts';
import { defaultStatementsPolicy, type StatementsPolicy } from './statements-policy.ts';
import { type TransactionsPolicy, transactionsPolicyOf } from './transactions-policy.ts';

export interface Policies {
  readonly lockout: LockoutPolicy;
  readonly credentials: CredentialPolicy;
  readonly registration: RegistrationPolicy;
  readonly passcodes: PasscodePolicy;
  readonly statements: StatementsPolicy;
  readonly branding: Branding;
  readonly accounts: AccountsPolicy;
  readonly transactions: TransactionsPolicy;
  readonly moneyMovement: MoneyMovementPolicy;
  readonly images: ImagesPolicy;
  readonly alerts: AlertsPolicy;
}

/**
 * Reads stored policies: what is absent takes the default.
 * @throws Error naming the member that is out of range; stored policies are validated when they are written, so this
 *   means that somebody changed the database by hand.
 */
export function parsePolicies(stored: unknown): Policies {
  const lockout = memberOf(stored, 'lockout');
  const credentials = memberOf(stored, 'credentials');
  const registration = memberOf(stored, 'registration');
  const passcodes = memberOf(stored, 'passcodes');
  const passcodeRule = (name: keyof PasscodePolicy): number =>
    integerIn(passcodes, name, passcodeBounds[name].least, passcodeBounds[name].most, defaultPasscodePolicy[name]);
  return {
    lockout: {
      maxFailed: integerIn(lockout, 'maxFailed', 3, 10, defaultLockoutPolicy.maxFailed),
      autoUnlockMinutes: integerIn(lockout, 'autoUnlockMinutes', 0, 43_200, defaultLockoutPolicy.autoUnlockMinutes),
    },
    credentials: {
      loginName: lengthsIn(memberOf(credentials, 'loginName'), credentialBounds.loginName, defaultCredentialPolicy.loginName),
      password: lengthsIn(memberOf(credentials, 'password'), credentialBounds.password, defaultCredentialPolicy.password),
    },
    passcodes: {
      digits: passcodeRule('digits'),
      lifetimeMinutes: passcodeRule('lifetimeMinutes'),
      triesPerPasscode: passcodeRule('triesPerPasscode'),
      triesPerDay: passcodeRule('triesPerDay'),
      resendSeconds: passcodeRule('resendSeconds'),
      sendsPerQuarterHour: passcodeRule('sendsPerQuarterHour'),
      sendsPerDay: passcodeRule('sendsPerDay'),
      institutionSendsPerDay: passcodeRule('institutionSendsPerDay'),
      contactChangeHours: passcodeRule('contactChangeHours'),
    },
    statements: {
      multiStatement: booleanOf(memberOf(stored, 'statements'), 'multiStatement', defaultStatementsPolicy.multiStatement),
    },
    branding: brandingOf(memberOf(stored, 'branding')),
    accounts: accountsPolicyOf(memberOf(stored, 'accounts')),
    transactions: transactionsPolicyOf(memberOf(stored, 'transactions')),
    moneyMovement: parseMoneyMovementPolicy(memberOf(stored, 'moneyMovement')),
    images: imagesPolicyOf(memberOf(stored, 'images')),
    alerts: alertsPolicyOf(memberOf(stored, 'alerts')),
    registration: {
      needsApproval: booleanOf(registration, 'needsApproval', defaultRegistrationPolicy.needsApproval),
      requiredDisclosures: namesOf(registration, 'requiredDisclosures', defaultRegistrationPolicy.requiredDisclosures),
    },
  };
}

function namesOf(from: unknown, name: string, otherwise: readonly string[]): readonly string[] {
  const value = memberOf(from, name) ?? otherwise;
  if (Array.isArray(value) && value.length <= mostRequiredDisclosures && value.every(isDisclosureName)) return value;
  throw new Error(`Policy ${name} must be a list of at most ${mostRequiredDisclosures} names of disclosures.`);
}
