import type { AlertChannel } from './alert-channel.ts';
import type { Condition } from './condition.ts';

/** What narrows a preference to some events; a preference with none of them is general. */
export interface PreferenceScope {
  readonly accountId: string | undefined;
  readonly accountExternalId: string | undefined;
  /** Enrolment at a third party. */
  readonly externalId: string | undefined;
  /** Last four digits. */
  readonly cardNumber: string | undefined;
}

export interface UserPreference {
  readonly alertPreferenceId: bigint;
  readonly channel: AlertChannel;
  /** The location of a business; a retail user's own customer. */
  readonly customerId: string;
  readonly scope: PreferenceScope;
  readonly isOpted: boolean;
  readonly condition: Condition;
}

export interface InstitutionPreference {
  readonly institutionAlertPreferenceId: bigint;
  readonly channel: AlertChannel;
  readonly isOpted: boolean;
  readonly condition: Condition;
}

/** The preference that counts for a channel. */
export interface ChosenPreference {
  readonly owner: 'user' | 'institution';
  readonly preferenceId: bigint;
  readonly isOpted: boolean;
  readonly condition: Condition;
}

/** What of an event a preference can be narrowed to. */
export interface EventScope extends PreferenceScope {
  /** The location that is meant; undefined means all of them. */
  readonly customerId: string | undefined;
}

const narrowings = ['accountId', 'accountExternalId', 'externalId', 'cardNumber'] as const;

/** The user's row for this account, card or enrolment; else the user's general row; else the institution's. */
export function choosePreference(
  channel: AlertChannel,
  event: EventScope,
  ofUser: readonly UserPreference[],
  ofInstitution: readonly InstitutionPreference[],
): ChosenPreference | undefined {
  let best: UserPreference | undefined;
  for (const one of ofUser) {
    if (one.channel === channel && fits(one, event) && (best === undefined || isCloser(one, best))) best = one;
  }
  if (best !== undefined) return { owner: 'user', preferenceId: best.alertPreferenceId, ...best };
  const presumed = ofInstitution.find((one) => one.channel === channel);
  return presumed === undefined
    ? undefined
    : { owner: 'institution', preferenceId: presumed.institutionAlertPreferenceId, ...presumed };
}

function fits({ customerId, scope }: UserPreference, event: EventScope): boolean {
  if (event.customerId !== undefined && event.customerId !== customerId) return false;
  return narrowings.every((name) => scope[name] === undefined || scope[name] === event[name]);
}

function narrownessOf({ scope }: UserPreference): number {
  return narrowings.filter((name) => scope[name] !== undefined).length;
}

/** The narrower one; of two alike the older one. */
function isCloser(one: UserPreference, other: UserPreference): boolean {
  const difference = narrownessOf(one) - narrownessOf(other);
  return difference > 0 || (difference === 0 && one.alertPreferenceId < other.alertPreferenceId);
}
