/** What an institution sets about disclosures at once; stored with registration and statements. */
export interface DisclosurePolicy {
  /** Names of disclosures without whose acceptance nobody registers. */
  readonly requiredDisclosures: readonly string[];
  readonly multiStatement: boolean;
}
