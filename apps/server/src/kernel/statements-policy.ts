/** How customers get their statements (contract sheet "Disclosures", section 3). */
export interface StatementsPolicy {
  /** True: the choice between paper and electronic statements is made for each account; false: once for the user. */
  readonly multiStatement: boolean;
}

export const defaultStatementsPolicy: StatementsPolicy = { multiStatement: true };
