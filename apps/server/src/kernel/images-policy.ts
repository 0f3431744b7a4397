import { booleanOf, integerIn, memberOf, namesOf } from './policy-members.ts';

/** What an institution decides about images (contract sheet "Banking Images", sections 2 and 7). */
export interface ImagesPolicy {
  /** False: the institution has switched images off. */
  readonly isServed: boolean;
  /** False: the institution has switched images of cheques off. */
  readonly hasCheques: boolean;
  /** Types of images that can be asked for. */
  readonly offered: readonly string[];
  /** Account types that have cheques. */
  readonly chequeAccountTypes: readonly string[];
  /** Account types of which no image is shown. */
  readonly accountTypesWithout: readonly string[];
  /** Transaction types of which images are kept; of all when absent. */
  readonly transactionTypes: readonly string[] | undefined;
  readonly retentionYears: number;
  /** Of how many statements, the newest, one list has the files. */
  readonly filesPerList: number;
}

export const defaultImagesPolicy: ImagesPolicy = {
  isServed: true,
  hasCheques: true,
  offered: ['CHECK', 'DEPOSIT_SLIP', 'DEPOSIT_CHECK', 'STATEMENT', 'CC_STATEMENT', 'DOCUMENT'],
  chequeAccountTypes: ['CHECKING', 'SAVINGS', 'MONEY_MARKET'],
  accountTypesWithout: [],
  transactionTypes: undefined,
  retentionYears: 7,
  filesPerList: 24,
};

/** @throws Error naming the member that is not what it should be. */
export function imagesPolicyOf(stored: unknown): ImagesPolicy {
  const standard = defaultImagesPolicy;
  return {
    isServed: booleanOf(stored, 'isServed', standard.isServed),
    hasCheques: booleanOf(stored, 'hasCheques', standard.hasCheques),
    offered: namesOf(stored, 'offered', standard.offered),
    chequeAccountTypes: namesOf(stored, 'chequeAccountTypes', standard.chequeAccountTypes),
    accountTypesWithout: namesOf(stored, 'accountTypesWithout', standard.accountTypesWithout),
    transactionTypes: memberOf(stored, 'transactionTypes') === undefined ? undefined : namesOf(stored, 'transactionTypes', []),
    retentionYears: integerIn(stored, 'retentionYears', 1, 30, standard.retentionYears),
    filesPerList: integerIn(stored, 'filesPerList', 1, 120, standard.filesPerList),
  };
}
