import { type Branding, brandingOf } from './branding.ts';
import { type CredentialPolicy, credentialBounds, defaultCredentialPolicy } from './credential-policy.ts';
import { defaultLockoutPolicy, type LockoutPolicy } from './lockout-policy.ts';
import { type MoneyMovementPolicy, parseMoneyMovementPolicy } from './money-movement-policy.ts';
import { defaultPasscodePolicy, type PasscodePolicy, passcodeBounds } from './passcode-policy.ts';
import { defaultRegistrationPolicy, type RegistrationPolicy } from './registration-policy.ts';

export interface Policies {
  readonly lockout: LockoutPolicy;
  readonly credentials: CredentialPolicy;
  readonly registration: RegistrationPolicy;
  readonly passcodes: PasscodePolicy;
  readonly branding: Branding;
  readonly moneyMovement: MoneyMovementPolicy;
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
    branding: brandingOf(memberOf(stored, 'branding')),
    moneyMovement: parseMoneyMovementPolicy(memberOf(stored, 'moneyMovement')),
    registration: {
      needsApproval: booleanOf(registration, 'needsApproval', defaultRegistrationPolicy.needsApproval),
      requiredDisclosures: namesOf(registration, 'requiredDisclosures', defaultRegistrationPolicy.requiredDisclosures),
    },
  };
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function integerIn(from: unknown, name: string, least: number, most: number, otherwise: number): number {
  const value = memberOf(from, name) ?? otherwise;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`Policy ${name} must be a whole number from ${least} to ${most}.`);
}

function lengthsIn(
  from: unknown,
  { least, most }: { readonly least: number; readonly most: number },
  otherwise: { readonly minLength: number; readonly maxLength: number },
): { readonly minLength: number; readonly maxLength: number } {
  const minLength = integerIn(from, 'minLength', least, most, otherwise.minLength);
  return { minLength, maxLength: integerIn(from, 'maxLength', minLength, most, otherwise.maxLength) };
}

function booleanOf(from: unknown, name: string, otherwise: boolean): boolean {
  const value = memberOf(from, name) ?? otherwise;
  if (typeof value === 'boolean') return value;
  throw new Error(`Policy ${name} must be true or false.`);
}

function namesOf(from: unknown, name: string, otherwise: readonly string[]): readonly string[] {
  const value = memberOf(from, name) ?? otherwise;
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
  throw new Error(`Policy ${name} must be a list of names.`);
}
