/** What may still be put into a retirement account. */
interface EligibleAmounts {
  readonly eligibleThisYearMinor: bigint | undefined;
  readonly eligibleLastYearMinor: bigint | undefined;
}

export type ContributionRefusal = 'previousYearUsedUp' | 'previousYearExceeded' | 'currentYearUsedUp' | 'currentYearExceeded';

/** Section 8.4. Nothing is answered when the contribution is within the year's limit. */
export function checkContribution(
  { eligibleThisYearMinor, eligibleLastYearMinor }: EligibleAmounts,
  isForPreviousYear: boolean,
  amountMinor: bigint,
): ContributionRefusal | undefined {
  const eligible = (isForPreviousYear ? eligibleLastYearMinor : eligibleThisYearMinor) ?? 0n;
  if (eligible <= 0n) return isForPreviousYear ? 'previousYearUsedUp' : 'currentYearUsedUp';
  if (amountMinor <= eligible) return undefined;
  return isForPreviousYear ? 'previousYearExceeded' : 'currentYearExceeded';
}
