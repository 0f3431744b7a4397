import { accept, type Result, refuse } from '../../../kernel/result.ts';

/** What JSON can say. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonMembers;

export interface JsonMembers {
  readonly [member: string]: JsonValue;
}

export type Comparator = 'LT' | 'LE' | 'GT' | 'GE';

/** What a preference asks of a balance or an amount. Without a threshold it asks nothing. */
export interface Condition {
  readonly comparator: Comparator | undefined;
  readonly thresholdMinor: bigint | undefined;
  readonly currencyCode: string | undefined;
}

export interface AdditionalInfo {
  readonly condition: Condition;
  /** Members that mean nothing to us, kept as given. */
  readonly others: JsonMembers;
}

const comparators: readonly Comparator[] = ['LT', 'LE', 'GT', 'GE'];
const longestText = 4096;
/** What the database cannot keep in JSON: the zero character, and halves of characters. */
const unstorable = /\\u(?:0000|d[89a-f])/iu;
const largestAmount = 1e12;

export const noCondition: Condition = { comparator: undefined, thresholdMinor: undefined, currencyCode: undefined };

/** Reads `additionalInfo` of a preference (contract sheet "Alerts", section 3.5). */
export function readAdditionalInfo(
  given: Readonly<Record<string, unknown>>,
): Result<AdditionalInfo, 'fieldInvalid' | 'valueInvalid'> {
  const text = JSON.stringify(given);
  if (text.length > longestText || unstorable.test(text)) return refuse('fieldInvalid');
  const plain: JsonMembers = JSON.parse(text);
  const { threshold, comparator, currencyCode, ...others } = plain;
  const thresholdMinor = toMinor(threshold);
  if (threshold !== undefined && thresholdMinor === undefined) return refuse('fieldInvalid');
  const known = typeof comparator === 'string' ? comparators.find((one) => one === comparator.toUpperCase()) : undefined;
  if (comparator !== undefined && known === undefined) return refuse('valueInvalid');
  const currency = typeof currencyCode === 'string' && /^[A-Z]{3}$/u.test(currencyCode) ? currencyCode : undefined;
  if (currencyCode !== undefined && currency === undefined) return refuse('fieldInvalid');
  return accept({ condition: { comparator: known, thresholdMinor, currencyCode: currency }, others });
}

/** An amount of the wire, at most two decimals, as minor units. */
export function toMinor(amount: unknown): bigint | undefined {
  if (typeof amount !== 'number' || !Number.isFinite(amount) || Math.abs(amount) > largestAmount) return undefined;
  const minor = Math.round(amount * 100);
  // The nearest hundredth must be the same number, or there were more decimals.
  return minor / 100 === amount ? BigInt(minor) : undefined;
}

/** The members of `additionalInfo` again; undefined when there are none. */
export function toAdditionalInfo({ condition, others }: AdditionalInfo): JsonMembers | undefined {
  const { thresholdMinor, comparator, currencyCode } = condition;
  const members: JsonMembers = {
    ...others,
    ...(thresholdMinor === undefined ? {} : { threshold: Number(thresholdMinor) / 100 }),
    ...(comparator === undefined ? {} : { comparator }),
    ...(currencyCode === undefined ? {} : { currencyCode }),
  };
  return Object.keys(members).length === 0 ? undefined : members;
}

export interface EventAmount {
  readonly minor: bigint;
  readonly currencyCode: string | undefined;
}

/**
 * Whether the condition holds. `nothing to compare` when it names no threshold, or the event carries no amount: then it
 * does not stand in the way. Amounts of another currency never meet a threshold.
 */
export function compareAmount(
  { comparator, thresholdMinor, currencyCode }: Condition,
  defaultComparator: Comparator | undefined,
  amount: EventAmount | undefined,
): 'met' | 'not met' | 'other currency' | 'nothing to compare' {
  const compare = comparator ?? defaultComparator;
  if (compare === undefined || thresholdMinor === undefined || amount === undefined) return 'nothing to compare';
  if (currencyCode !== undefined && amount.currencyCode !== undefined && currencyCode !== amount.currencyCode)
    return 'other currency';
  return holds(compare, amount.minor, thresholdMinor) ? 'met' : 'not met';
}

function holds(comparator: Comparator, value: bigint, threshold: bigint): boolean {
  switch (comparator) {
    case 'LT':
      return value < threshold;
    case 'LE':
      return value <= threshold;
    case 'GT':
      return value > threshold;
    case 'GE':
      return value >= threshold;
  }
}
