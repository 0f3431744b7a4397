/** Small statistics over the rounds of a benchmark. */

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? (upper + (sorted[middle - 1] ?? Number.NaN)) / 2 : upper;
}

/** The value below which that share of the values lies, by nearest rank. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** What each round had of the other, round by round: what disturbs the machine disturbs neighbours alike. */
export function ratios(values: readonly number[], others: readonly number[]): number[] {
  return values.map((value, round) => value / (others[round] ?? Number.NaN));
}

/** The best round may have this many times the worst; beyond that something else had the machine, and a ratio is chance. */
const widestSpread = 1.5;

export function isSteady(values: readonly number[]): boolean {
  return Math.max(...values) <= widestSpread * Math.min(...values);
}

/** `6,912`, or with one digit behind the point below a hundred. */
export function formatNumber(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: value < 100 ? 1 : 0 });
}

/** `6,912 (6,800 to 7,010)`: the median with least and most. */
export function formatSpread(values: readonly number[]): string {
  return `${formatNumber(median(values))} (${formatNumber(Math.min(...values))} to ${formatNumber(Math.max(...values))})`;
}

export function formatPercent(ratio: number): string {
  return `${Math.round(ratio * 100)} %`;
}
