import { booleanOf, integerIn, namesOf } from './policy-members.ts';

/** What an institution decides about transactions (contract sheet "Transactions", sections 3, 4, 6 and 7). */
export interface TransactionsPolicy {
  /** False: the institution has switched the transactions service off. */
  readonly isServed: boolean;
  /** Applications that may not read transactions here. */
  readonly blockedClientIds: readonly string[];
  /** True: a user without a CIF number at the core is refused. */
  readonly needsCifNumber: boolean;
  /** True: the history of accounts with an external reference lives elsewhere. */
  readonly isExternalHistoryElsewhere: boolean;
  /** Days that a request without dates looks back. */
  readonly rangeDays: number;
  /** Days that a request for future transactions looks ahead. */
  readonly futureDays: number;
  /** Days ahead that every request sees. */
  readonly nearFutureDays: number;
  /** A smaller `$top` is raised to it (TXN-S1). */
  readonly minimumPageSize: number;
  /** No answer has more rows, whatever `$top` says or does not say. */
  readonly mostRows: number;
  /** Keys that a row may carry in additionalInfo. */
  readonly additionalInfoKeys: readonly string[];
}

export const defaultTransactionsPolicy: TransactionsPolicy = {
  isServed: true,
  blockedClientIds: [],
  needsCifNumber: false,
  isExternalHistoryElsewhere: false,
  rangeDays: 90,
  futureDays: 30,
  nearFutureDays: 1,
  minimumPageSize: 10,
  mostRows: 10_000,
  additionalInfoKeys: ['ofxTid', 'dcTid', 'ccTid', 'merchantName', 'merchantCategory', 'merchantLogoUrl'],
};

/** @throws Error naming the member that is not what it should be. */
export function transactionsPolicyOf(stored: unknown): TransactionsPolicy {
  const standard = defaultTransactionsPolicy;
  return {
    isServed: booleanOf(stored, 'isServed', standard.isServed),
    blockedClientIds: namesOf(stored, 'blockedClientIds', standard.blockedClientIds),
    needsCifNumber: booleanOf(stored, 'needsCifNumber', standard.needsCifNumber),
    isExternalHistoryElsewhere: booleanOf(stored, 'isExternalHistoryElsewhere', standard.isExternalHistoryElsewhere),
    rangeDays: integerIn(stored, 'rangeDays', 1, 3660, standard.rangeDays),
    futureDays: integerIn(stored, 'futureDays', 0, 366, standard.futureDays),
    nearFutureDays: integerIn(stored, 'nearFutureDays', 0, 31, standard.nearFutureDays),
    minimumPageSize: integerIn(stored, 'minimumPageSize', 1, 1000, standard.minimumPageSize),
    mostRows: integerIn(stored, 'mostRows', 1, 100_000, standard.mostRows),
    additionalInfoKeys: namesOf(stored, 'additionalInfoKeys', standard.additionalInfoKeys),
  };
}
