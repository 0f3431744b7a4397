import { booleanOf, integerIn } from './policy-members.ts';

/** How customers get their statements (contract sheet "Disclosures", sections 3 and 5). */
export interface StatementsPolicy {
  /** True: the choice between paper and electronic statements is made for each account; false: once for the user. */
  readonly multiStatement: boolean;
  /** A report about more decisions is refused. */
  readonly mostReported: number;
}

const defaultStatementsPolicy: StatementsPolicy = { multiStatement: true, mostReported: 20_000 };

/** @throws Error naming the member that is not what it should be. */
export function statementsPolicyOf(stored: unknown): StatementsPolicy {
  const standard = defaultStatementsPolicy;
  return {
    multiStatement: booleanOf(stored, 'multiStatement', standard.multiStatement),
    mostReported: integerIn(stored, 'mostReported', 1, 100_000, standard.mostReported),
  };
}
