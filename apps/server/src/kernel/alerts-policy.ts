import { integerIn, memberOf } from './policy-members.ts';

/** What an institution decides about alerts (contract sheet "Alerts", sections 4.6 and 5). */
export interface AlertsPolicy {
  /** Locale of templates for its customers: `es`, `en_US`. */
  readonly defaultLocale: string;
  /** Days that events and the history are kept. */
  readonly keptDays: number;
}

/** The history of a request without dates looks back 90 days: nothing goes before that. */
const keptDaysBounds = { least: 90, most: 3660 } as const;

export const defaultAlertsPolicy: AlertsPolicy = { defaultLocale: 'en_US', keptDays: keptDaysBounds.least };

/** @throws Error naming the member that is not what it should be. */
export function alertsPolicyOf(stored: unknown): AlertsPolicy {
  return {
    defaultLocale: localeOf(stored, 'defaultLocale', defaultAlertsPolicy.defaultLocale),
    keptDays: integerIn(stored, 'keptDays', keptDaysBounds.least, keptDaysBounds.most, defaultAlertsPolicy.keptDays),
  };
}

function localeOf(from: unknown, name: string, otherwise: string): string {
  const value = memberOf(from, name) ?? otherwise;
  if (typeof value === 'string' && /^[a-z]{2}(?:_[A-Z]{2})?$/u.test(value)) return value;
  throw new Error(`Policy ${name} must be a locale like es or en_US.`);
}
