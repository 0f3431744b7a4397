import Type from 'typebox';
import { CustomerId, DateOnly, InstitutionId, InstitutionUserId } from '../identifiers.ts';
import { Money } from '../money.ts';
import { oneOf } from '../one-of.ts';
import { StringMap } from '../string-map.ts';
import { AccountCategory, AccountStatus, AccountTypeName } from './account-parts.ts';

export const AccountId = Type.String({
  description: 'Account: 43 characters of base64url, opaque and case-sensitive.',
});

const AccountType = Type.Object({
  value: AccountTypeName,
  fiRawAccountType: Type.Integer({ description: 'Code of the type at the core.' }),
  fiAccountType: Type.Integer({ description: 'Code of the type at the institution.' }),
  description: Type.String(),
});

const Actions = Type.Object({
  summary: Type.Boolean(),
  transferFrom: Type.Boolean(),
  transferTo: Type.Boolean(),
  isHistoryEnabled: Type.Boolean(),
  isHistoryEntitled: Type.Boolean(),
  isOnlineStatementEnabled: Type.Boolean(),
});

const Term = Type.Object({
  duration: Type.Integer(),
  termType: oneOf(['DAYS', 'WEEKS', 'MONTHS', 'YEARS', 'UNKNOWN']),
});

const money = Type.Optional(Money);
const date = Type.Optional(DateOnly);
const text = Type.Optional(Type.String());

/** Contract sheet "Accounts", section 4.2. What has no value, and what the view leaves out, is absent. */
export const Account = Type.Object({
  id: AccountId,
  institutionUserId: InstitutionUserId,
  institutionCustomerId: Type.Optional(CustomerId),
  institutionId: InstitutionId,
  description: text,
  nickName: text,
  accountNumber: Type.String({ description: 'The last characters, or all of them with scope accounts:read_unmasked.' }),
  category: AccountCategory,
  type: AccountType,
  primaryHolderName: text,
  currentBalance: Type.Optional(Money),
  availableBalance: money,
  lastStatementBalance: money,
  status: Type.Optional(AccountStatus),
  allowedActions: Type.Optional(Actions),
  routingNumber: text,
  interestRate: Type.Optional(Type.Number({ description: 'Percent.' })),
  interestYearToDate: money,
  tpvReference: text,
  tpvProductCode: text,
  overdraftLimit: money,
  overdraftAccountNumber: text,
  overdraftAvailableAmount: money,
  currentYearEligibleContribution: money,
  lastYearEligibleContribution: money,
  lastYearMaxContribution: money,
  micrNumber: text,
  escrowBalance: money,
  currentPrincipalBalance: money,
  nextPaymentAmount: money,
  nextPaymentDate: date,
  payOffAmount: money,
  calculatedPayOffAmount: money,
  minimumPayment: money,
  lineOfCreditLimit: money,
  maturityDate: date,
  loanOriginationDate: date,
  pastPrincipalDueDate: date,
  term: Type.Optional(Term),
  lastPrincipalPaymentAmount: money,
  originalLoanAmount: money,
  additionalInfo: Type.Optional(StringMap),
  isVisible: Type.Optional(Type.Boolean({ description: 'False when the user hides it; only with additionalFields=true.' })),
  isHiddenByFi: Type.Optional(Type.Boolean({ description: 'Only with additionalFields=true.' })),
});

/** Contract sheet "Accounts", section 4.1. */
export const AccountsResponse = Type.Object({
  accounts: Type.Array(Account),
  totalGroupCount: Type.Optional(Type.Integer({ description: 'Locations of the user; only with $apply=groupBy(customer).' })),
});

const HostUserId = Type.String({
  description:
    'Member number of a retail user. With the token of an application exactly one of hostUserId and loginId is needed.',
});
const LoginId = Type.String({ description: 'Login name of the user.' });

/** How a call says for which user it is made. */
export const userQuery = { hostUserId: Type.Optional(HostUserId), loginId: Type.Optional(LoginId) };

export const Location = Type.String({ description: 'Location of a business: 32 hexadecimal digits.' });

/** `true` or `false` in any case. */
export const Flag = Type.String({ pattern: '^(?:[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$' });

const viewName = Type.Union([Type.Literal('s'), Type.Literal('m')], {
  description: 'A smaller list of members: s or m.',
});

const shared = {
  ...userQuery,
  institutionCustomerId: Type.Optional(Location),
  viewName: Type.Optional(viewName),
  crossAccount: Type.Optional(Flag),
  additionalFields: Type.Optional(Flag),
};

export const AccountQuery = Type.Object(shared);

const count = Type.String({ pattern: '^[0-9]{1,9}$', description: 'Needs $apply.' });

export const AccountsQuery = Type.Object({
  ...shared,
  $apply: Type.Optional(
    Type.Literal('groupBy(customer)', {
      description: 'The accounts of one location of a business; needs $skipGroups and $topGroups.',
    }),
  ),
  $skipGroups: Type.Optional(count),
  $topGroups: Type.Optional(Type.Literal('1', { description: 'Needs $apply.' })),
  $filter: Type.Optional(
    Type.String({
      description: "OData expression over id, name, accountNumber, category and type, as in category eq 'DEPOSIT'.",
    }),
  ),
});
