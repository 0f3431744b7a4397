import { booleanOf, integerIn, memberOf, namesOf, textOf } from './policy-members.ts';

/** What an institution decides about accounts (contract sheet "Accounts", sections 5 and 10). */
export interface AccountsPolicy {
  /** False: the institution has switched the accounts service off. */
  readonly isServed: boolean;
  /** True: a user without a CIF number at the core is refused. */
  readonly needsCifNumber: boolean;
  /** True: an account without a MICR number is refused. */
  readonly needsMicrNumber: boolean;
  /** True: V1 calls want an alternate member number, the login at the core. */
  readonly needsAlternateMemberNumber: boolean;
  /** True: V1 calls may ask for numbers in the form of exports. */
  readonly hasExportFormat: boolean;
  /** The account types that exist here; every type when absent. */
  readonly validAccountTypes: readonly string[] | undefined;
  /** Type under which accounts are announced to ACH; not told when absent. */
  readonly achType: string | undefined;
  /** How a number is shown when the caller may not see it whole: an `N` for each of the last characters. */
  readonly maskFormat: string;
  /** How the core's number becomes the account's: `{number}` and whatever stands around it. */
  readonly numberFormat: string;
  /** The customer information id that V1 numbers carry: `{member}` and `{number}`. */
  readonly ciidFormat: string | undefined;
  readonly isCiidFormatterEnabled: boolean;
  readonly views: AccountViews;
  /** Transfers a month that regulation D lets out of a savings account. */
  readonly regDMaximum: number;
}

/** Names of members; those that every account must have are always shown. */
export interface AccountViews {
  readonly external: readonly string[];
  readonly small: readonly string[];
  readonly medium: readonly string[];
}

const external =
  'id institutionUserId institutionCustomerId institutionId description accountNumber nickName type category currentBalance availableBalance status allowedActions routingNumber interestRate interestYearToDate micrNumber maturityDate term escrowBalance currentPrincipalBalance nextPaymentAmount nextPaymentDate payOffAmount calculatedPayOffAmount minimumPayment lineOfCreditLimit loanOriginationDate pastPrincipalDueDate lastPrincipalPaymentAmount originalLoanAmount tpvReference lastStatementBalance primaryHolderName';
const small =
  'id institutionUserId institutionCustomerId institutionId description accountNumber type category currentBalance availableBalance lastStatementBalance status allowedActions routingNumber maturityDate nextPaymentAmount nextPaymentDate payOffAmount calculatedPayOffAmount tpvReference';

export const defaultAccountsPolicy: AccountsPolicy = {
  isServed: true,
  needsCifNumber: false,
  needsMicrNumber: false,
  needsAlternateMemberNumber: false,
  hasExportFormat: true,
  validAccountTypes: undefined,
  achType: undefined,
  maskFormat: 'NNNN',
  numberFormat: '{number}',
  ciidFormat: undefined,
  isCiidFormatterEnabled: true,
  views: {
    external: external.split(' '),
    small: small.split(' '),
    medium: external.split(' ').filter((name) => name !== 'micrNumber'),
  },
  regDMaximum: 6,
};

const longestFormat = 100;

/** @throws Error naming the member that is not what it should be. */
export function accountsPolicyOf(stored: unknown): AccountsPolicy {
  const standard = defaultAccountsPolicy;
  const flag = (name: keyof AccountsPolicy & string, otherwise: boolean) => booleanOf(stored, name, otherwise);
  const views = memberOf(stored, 'views');
  return {
    isServed: flag('isServed', standard.isServed),
    needsCifNumber: flag('needsCifNumber', standard.needsCifNumber),
    needsMicrNumber: flag('needsMicrNumber', standard.needsMicrNumber),
    needsAlternateMemberNumber: flag('needsAlternateMemberNumber', standard.needsAlternateMemberNumber),
    hasExportFormat: flag('hasExportFormat', standard.hasExportFormat),
    validAccountTypes: memberOf(stored, 'validAccountTypes') === undefined ? undefined : namesOf(stored, 'validAccountTypes', []),
    achType: textOf(stored, 'achType', longestFormat, undefined),
    maskFormat: textOf(stored, 'maskFormat', longestFormat, standard.maskFormat),
    numberFormat: textOf(stored, 'numberFormat', longestFormat, standard.numberFormat),
    ciidFormat: textOf(stored, 'ciidFormat', longestFormat, undefined),
    isCiidFormatterEnabled: flag('isCiidFormatterEnabled', standard.isCiidFormatterEnabled),
    views: {
      external: namesOf(views, 'external', standard.views.external),
      small: namesOf(views, 'small', standard.views.small),
      medium: namesOf(views, 'medium', standard.views.medium),
    },
    regDMaximum: integerIn(stored, 'regDMaximum', 0, 99, standard.regDMaximum),
  };
}
