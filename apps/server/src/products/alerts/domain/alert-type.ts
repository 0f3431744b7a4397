import { accept, type Result, refuse } from '../../../kernel/result.ts';
import { type AlertChannel, splitWords } from './alert-channel.ts';
import type { Comparator } from './condition.ts';

export type EventDomain = 'ACCOUNT' | 'TRANSACTION' | 'NOTIFICATION' | 'USER';

/** A kind of event that can be told. */
export interface AlertType {
  readonly alertTypeId: bigint;
  readonly alertTypeName: string;
  readonly displayName: string | undefined;
  readonly description: string | undefined;
  readonly alertCategory: string;
  readonly eventDomain: EventDomain;
  /** undefined: all. */
  readonly applicableAccountTypes: readonly string[] | undefined;
  readonly channels: readonly AlertChannel[];
  readonly externalSystem: string | undefined;
  readonly isActive: boolean;
  readonly additionalInfo: Readonly<Record<string, string>>;
  readonly userInputType: string | undefined;
  /** How the threshold of a preference that names no comparison is compared; only types of the platform have one. */
  readonly defaultComparator: Comparator | undefined;
  /** Users cannot opt out. */
  readonly isMandatory: boolean;
  /** Types of the platform belong to nobody else. */
  readonly isPlatforms: boolean;
}

/** Ids below this are the platform's. */
const firstOwnId = 10_000n;

export function isPlatformId(id: bigint): boolean {
  return id < firstOwnId;
}

/** The name in capitals; undefined when no type can be called that. */
export function toAlertTypeName(text: string): string | undefined {
  const name = text.toUpperCase();
  return /^[A-Z0-9][A-Z0-9_-]{1,63}$/u.test(name) ? name : undefined;
}

/** A notification to a user without destinations of its own. */
const withoutSubscription: readonly string[] = ['NONSUBSCRIPTION', 'NON_SUBSCRIPTION'];
const domains: readonly EventDomain[] = ['ACCOUNT', 'TRANSACTION', 'NOTIFICATION', 'USER'];

/** `account`, `ACCOUNT` and `AccountEvent` are one word; events without a subscription are notifications (AL-4). */
export function toEventDomain(word: string): EventDomain | undefined {
  const plain = toPlainWord(word);
  return withoutSubscription.includes(plain) ? 'NOTIFICATION' : domains.find((domain) => domain === plain);
}

/** Whether a notification may bring addresses of its own: one without a subscription may not. */
export function mayBringAddresses(word: string): boolean {
  return toPlainWord(word) === 'NOTIFICATION';
}

function toPlainWord(word: string): string {
  const upper = word.trim().toUpperCase();
  return upper.endsWith('EVENT') ? upper.slice(0, -'EVENT'.length) : upper;
}

/** Account types of a list in a text; undefined for all of them. @param known Contract sheet "Alerts", section 3.11. */
export function parseAccountTypes(text: string, known: readonly string[]): Result<readonly string[] | undefined, 'valueInvalid'> {
  const words = [...new Set(splitWords(text.toUpperCase()))];
  if (words.length === 0 || words.includes('ALL')) return accept(undefined);
  return words.every((word) => known.includes(word)) ? accept(words.sort()) : refuse('valueInvalid');
}

/** Whether the alert is for accounts of this type; of an account of unknown type nobody can say no. */
export function isForAccountType(type: Pick<AlertType, 'applicableAccountTypes'>, accountType: string | undefined): boolean {
  return (
    type.applicableAccountTypes === undefined || accountType === undefined || type.applicableAccountTypes.includes(accountType)
  );
}

/** What the institution opted into. */
export interface InstitutionAlertType {
  readonly institutionAlertTypeId: bigint;
  readonly alertTypeId: bigint;
  readonly channels: readonly AlertChannel[];
  readonly isActive: boolean;
  readonly reason: string | undefined;
}
