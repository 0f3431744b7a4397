/**
 * Amounts are counted in minor units, hundredths of the currency's unit, and become decimals only where they leave or
 * enter the program (contract sheet "Conventions", section 8).
 */
export interface Money {
  readonly currencyCode: string;
  readonly amount: number;
}

/** More digits than this a JSON number does not carry exactly. */
const greatestMinor = 999_999_999_999_999;

/**
 * `1230n` is `12.3`: the number that prints as exactly this amount, with at most two decimals.
 * @throws Error beyond ten million millions, which no account of ours can hold.
 */
export function toAmount(minor: bigint): number {
  const count = Number(minor);
  if (Math.abs(count) > greatestMinor) throw new Error('An amount is too large to be written exactly.');
  // The count is exact, and division rounds to the nearest double: that of the decimal, whose shortest text is the decimal.
  return count / 100;
}

export function toMoney(minor: bigint, currencyCode: string): Money {
  return { currencyCode, amount: toAmount(minor) };
}

/** `1230n` is `12.30`, `-5n` is `-0.05`: always two decimals, as XML and export keys have it. */
export function toDecimalText(minor: bigint): string {
  const digits = absolute(minor).toString().padStart(3, '0');
  return `${minor < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

export function absolute(minor: bigint): bigint {
  return minor < 0n ? -minor : minor;
}
