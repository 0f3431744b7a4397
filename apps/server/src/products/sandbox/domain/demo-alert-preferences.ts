import { keyOf } from './demo-places.ts';
import type { SeedInstitution } from './seed-plan.ts';

export type DemoAlertChannel = 'EMAIL' | 'SMS' | 'WEB';

interface Wish {
  readonly alertTypeName: 'LOW_BALANCE' | 'LARGE_TRANSACTION' | 'ATM_WITHDRAWAL' | 'LOGIN';
  readonly channel: DemoAlertChannel;
  readonly thresholdMinor?: bigint;
  readonly isOpted?: boolean;
}

/** What the institution presumes of those who said nothing, beside its security alerts. */
const presumed: readonly Wish[] = [
  { alertTypeName: 'LARGE_TRANSACTION', channel: 'EMAIL', thresholdMinor: 250_000n },
  { alertTypeName: 'LOW_BALANCE', channel: 'WEB', thresholdMinor: 2_500n },
];

/**
 * What the customers want, by their places. The one without accounts has said nothing, so that it has what is presumed;
 * the last one wants no mail about large transactions.
 */
const wishes: readonly (Wish & {
  readonly place: number;
  /** Only for this account; for all of them without. */
  readonly account?: bigint;
  /** Of the business's second location. */
  readonly isOfSecondLocation?: true;
})[] = [
  { place: 0, alertTypeName: 'LOW_BALANCE', channel: 'WEB', account: keyOf(0, 1), thresholdMinor: 250_000n },
  { place: 0, alertTypeName: 'LARGE_TRANSACTION', channel: 'SMS', account: keyOf(0, 1), thresholdMinor: 100_000n },
  { place: 0, alertTypeName: 'LOGIN', channel: 'WEB' },
  { place: 1, alertTypeName: 'LOW_BALANCE', channel: 'SMS', account: keyOf(1, 1), thresholdMinor: 300_000n },
  { place: 1, alertTypeName: 'LOW_BALANCE', channel: 'WEB', account: keyOf(1, 4), thresholdMinor: 700_000n },
  { place: 1, alertTypeName: 'LARGE_TRANSACTION', channel: 'EMAIL', thresholdMinor: 50_000n },
  { place: 1, alertTypeName: 'ATM_WITHDRAWAL', channel: 'SMS', account: keyOf(1, 1) },
  { place: 2, alertTypeName: 'LOW_BALANCE', channel: 'EMAIL', account: keyOf(1, 4), thresholdMinor: 680_000n },
  { place: 2, alertTypeName: 'LOW_BALANCE', channel: 'SMS', account: keyOf(2, 1), thresholdMinor: 250_000n },
  { place: 2, alertTypeName: 'LOGIN', channel: 'EMAIL' },
  { place: 4, alertTypeName: 'LOW_BALANCE', channel: 'EMAIL', account: keyOf(4, 1), thresholdMinor: 300_000n },
  { place: 4, alertTypeName: 'LOW_BALANCE', channel: 'SMS', account: keyOf(4, 1), thresholdMinor: 225_000n },
  { place: 4, alertTypeName: 'LARGE_TRANSACTION', channel: 'SMS', account: keyOf(4, 1), thresholdMinor: 150_000n },
  { place: 5, alertTypeName: 'ATM_WITHDRAWAL', channel: 'SMS', account: keyOf(4, 1) },
  { place: 6, alertTypeName: 'LOW_BALANCE', channel: 'EMAIL', account: keyOf(6, 1), thresholdMinor: 2_000_000n },
  { place: 6, alertTypeName: 'LARGE_TRANSACTION', channel: 'WEB', thresholdMinor: 200_000n },
  {
    place: 6,
    alertTypeName: 'LOW_BALANCE',
    channel: 'EMAIL',
    account: keyOf(6, 11),
    thresholdMinor: 2_200_000n,
    isOfSecondLocation: true,
  },
  { place: 7, alertTypeName: 'LOGIN', channel: 'SMS' },
  { place: 8, alertTypeName: 'LOW_BALANCE', channel: 'SMS', account: keyOf(8, 1), thresholdMinor: 250_000n },
  { place: 9, alertTypeName: 'LARGE_TRANSACTION', channel: 'EMAIL', isOpted: false },
];

export interface DemoPreference {
  /** The same wherever it is planted; those that the database gives are higher. */
  readonly preferenceId: bigint;
  readonly alertTypeName: string;
  readonly channel: DemoAlertChannel;
  readonly isOpted: boolean;
  readonly thresholdMinor: bigint | undefined;
}

export interface DemoUserPreference extends DemoPreference {
  readonly institutionUserId: string;
  readonly customerId: string;
  readonly accountKey: bigint | undefined;
}

/** Those for security alerts have the numbers of their types, which are below. */
const firstPresumed = 101;

export function presumedPreferences(): readonly DemoPreference[] {
  return presumed.map((wish, index) => toPreference(wish, firstPresumed + index));
}

export function userPreferences({ customers, secondLocation }: SeedInstitution): readonly DemoUserPreference[] {
  return wishes.flatMap(({ place, account, isOfSecondLocation, ...wish }, index) => {
    const customer = customers[place];
    if (customer === undefined) return [];
    const { institutionUserId, reachedCustomerId } = customer;
    const customerId = isOfSecondLocation === true ? secondLocation.customerId : reachedCustomerId;
    return { ...toPreference(wish, index + 1), institutionUserId, customerId, accountKey: account };
  });
}

function toPreference({ isOpted = true, thresholdMinor, ...wish }: Wish, preferenceId: number): DemoPreference {
  return { preferenceId: BigInt(preferenceId), ...wish, isOpted, thresholdMinor };
}
