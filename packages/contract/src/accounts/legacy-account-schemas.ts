import Type from 'typebox';
import { LegacyMoney } from '../money.ts';
import { oneOf } from '../one-of.ts';
import { AccountCategory, AccountStatus, AccountTypeName, OwnershipType } from './account-parts.ts';

const money = Type.Optional(LegacyMoney);
const text = Type.Optional(Type.String());
const date = Type.Optional(
  Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}[+-]\\d{2}:\\d{2}$', description: '`2011-12-31-08:00`' }),
);

const statusNames =
  'OPEN CLOSED NEGATIVE_BALANCE DELINQUENT IN_COLLECTION OVER_LIMIT WRITTEN_OFF HAS_CREDIT_BAL PAYMENT_COUPON RET_PLAN RET_PLAN_OWNED_BY_DECEASED APPROVED NOT_APPROVED DELETED VERIFIED';

const LegacyId = Type.Object({ type: Type.String(), value: Type.String() });

/** The elements of every account in the order of the wire (contract sheet "Accounts", section 12). */
const base = {
  id: LegacyId,
  fiCustomerId: LegacyId,
  fiId: Type.Object({ value: Type.String() }),
  interfaceId: text,
  description: Type.String(),
  nickName: text,
  displayAccountNumber: Type.String(),
  accountNumber: Type.Object({ hostValue: Type.String(), displayValue: Type.String(), rawHostValue: Type.String() }),
  category: AccountCategory,
  accountType: AccountTypeName,
  fiAccountType: Type.Object({ type: Type.Integer(), rawType: Type.Integer(), description: Type.String() }),
  ownershipType: OwnershipType,
  balance: Type.Object({
    currentBalance: LegacyMoney,
    availableBalance: LegacyMoney,
    lastStatementBalance: money,
    escrowBalance: money,
    currentPrincipalBalance: money,
  }),
  accountStatus: Type.String({ enum: statusNames.split(' '), description: 'The one that matters most.' }),
  accountStatuses: AccountStatus,
  displayFlag: Type.Object({
    summary: Type.Boolean(),
    transferFrom: Type.Boolean(),
    transferTo: Type.Boolean(),
    onlineStatementViewEnabled: Type.Boolean(),
    isHistoryEnabled: Type.Boolean(),
    isHistoryEntitled: Type.Boolean(),
  }),
  regDlimits: Type.Optional(
    Type.Object({ maxTransferCount: Type.Integer(), maxCheckCount: Type.Integer(), maxRegdCount: Type.Integer() }),
  ),
  regDLimits: Type.Optional(
    Type.Object({ maxTransferCount: Type.Integer(), maxCheckCount: Type.Integer(), maxRegDCount: Type.Integer() }),
  ),
  routingNumber: text,
  interestYearToDate: money,
  interestPriorYearToDate: money,
  enabled: Type.Boolean(),
  accountHidden: Type.Boolean(),
  exportAccountNumber: text,
  transferRestriction: Type.Optional(oneOf(['EXCLUDE_ALL', 'EXCLUDE_AS_FROM', 'EXCLUDE_AS_TO'])),
  memberNumber: Type.String(),
  ccAccountId: text,
  micrNumber: Type.Optional(Type.String({ description: 'The first six digits.' })),
  dcExportAccountNumber: text,
  achId: text,
};

/** Elements of loans, cards and certificates; each account has those that it has values for. */
const further = {
  nextPaymentAmount: money,
  nextPaymentDate: date,
  payOffAmount: money,
  calculatedPayOffAmount: money,
  minimumPayment: money,
  lineOfCreditLimit: money,
  maturityDate: date,
  loanOriginationDate: date,
  term: Type.Optional(Type.Integer()),
  termType: text,
  pastPrincipalDueDate: date,
  lateChargesDue: money,
  lastPrincipalPaymentAmount: money,
  paymentRule: text,
  originalLoanAmount: money,
  accruedInterest: money,
};

/** Named for the elements of the document: one `account` each, its kind told by `category`. */
export const LegacyAccounts = Type.Object({ account: Type.Array(Type.Object({ ...base, ...further })) });
