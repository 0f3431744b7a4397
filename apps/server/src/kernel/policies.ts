import { defaultLockoutPolicy, type LockoutPolicy } from './lockout-policy.ts';

export interface Policies {
  readonly lockout: LockoutPolicy;
}

/**
 * Reads stored policies: what is absent takes the default.
 * @throws Error naming the member that is out of range; stored policies are validated when they are written, so this
 *   means that somebody changed the database by hand.
 */
export function parsePolicies(stored: unknown): Policies {
  const lockout = memberOf(stored, 'lockout');
  return {
    lockout: {
      maxFailed: integerIn(lockout, 'maxFailed', 3, 10, defaultLockoutPolicy.maxFailed),
      autoUnlockMinutes: integerIn(lockout, 'autoUnlockMinutes', 0, 43_200, defaultLockoutPolicy.autoUnlockMinutes),
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
