/** The terms of an account that entries change. */
export interface OpenTerms {
  readonly interestDueMinor: bigint | undefined;
  readonly feesDueMinor: bigint | undefined;
  readonly eligibleThisYearMinor: bigint | undefined;
  readonly eligibleLastYearMinor: bigint | undefined;
  readonly closedOn: string | undefined;
}

/** What one entry has changed of them: by how much each has risen, and the closing day before and after it. */
export interface EntryTerms {
  readonly interestDueMinor: bigint;
  readonly feesDueMinor: bigint;
  readonly eligibleMinor: bigint;
  /** Undefined where the entry is no contribution. */
  readonly contributionYear: number | undefined;
  readonly closedOnBefore: string | undefined;
  readonly closedOnAfter: string | undefined;
}

/**
 * The terms without what an entry did to them. A contribution counts for its own year, wherever that stands by now.
 * @param openYear The year that `eligibleThisYearMinor` means.
 */
export function undoTerms(now: OpenTerms, done: EntryTerms, openYear: number): OpenTerms {
  const { contributionYear: year } = done;
  const hasClosed = done.closedOnBefore !== done.closedOnAfter && now.closedOn === done.closedOnAfter;
  return {
    interestDueMinor: takeBack(now.interestDueMinor, done.interestDueMinor),
    feesDueMinor: takeBack(now.feesDueMinor, done.feesDueMinor),
    eligibleThisYearMinor: takeBack(now.eligibleThisYearMinor, year === openYear ? done.eligibleMinor : 0n),
    eligibleLastYearMinor: takeBack(now.eligibleLastYearMinor, year === openYear - 1 ? done.eligibleMinor : 0n),
    closedOn: hasClosed ? done.closedOnBefore : now.closedOn,
  };
}

/** What is due or eligible is never less than nothing. */
function takeBack(now: bigint | undefined, risenMinor: bigint): bigint | undefined {
  if (risenMinor === 0n) return now;
  const before = (now ?? 0n) - risenMinor;
  return before > 0n ? before : 0n;
}

/** The same change the other way round: what a correction does, so that it can be undone too. */
export function turnRound(done: EntryTerms): EntryTerms {
  return {
    interestDueMinor: -done.interestDueMinor,
    feesDueMinor: -done.feesDueMinor,
    eligibleMinor: -done.eligibleMinor,
    contributionYear: done.contributionYear,
    closedOnBefore: done.closedOnAfter,
    closedOnAfter: done.closedOnBefore,
  };
}

/** Money or a debt on an account that is closed would be seen by nobody. */
export function leavesClosedAccountEmpty(closedOn: string | undefined, ledgerMinor: bigint): boolean {
  return closedOn === undefined || ledgerMinor === 0n;
}
