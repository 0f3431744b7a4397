import Type from 'typebox';
import { CustomerId, DateOnly, InstitutionId } from '../identifiers.ts';
import { Money } from '../money.ts';
import { AccountCategory, AccountStatus, CustomerAccountTypeName, OwnershipType } from './account-parts.ts';
import { AccountId } from './schemas.ts';
import { TransactionType } from './transaction-schemas.ts';

const money = Type.Optional(Money);
const text = Type.Optional(Type.String());
const date = Type.Optional(DateOnly);
const whole = Type.Optional(Type.Integer());
const flag = Type.Optional(Type.Boolean());

const AccountTransaction = Type.Object({
  fiId: InstitutionId,
  id: Type.String({ description: 'Transaction: 43 characters of base64url.' }),
  accountId: AccountId,
  amount: Money,
  transactionType: TransactionType,
  creditTransaction: Type.Boolean(),
  persistentTnum: Type.Boolean({ description: 'True when it can be exported.' }),
  pending: Type.Boolean(),
  description: text,
  memo: text,
  micr: text,
  transactionId: Type.Optional(Type.String({ description: 'Id at the core.' })),
  transactionNumber: text,
  checkNumber: whole,
  checkNumberStr: text,
  checkImageIdentifier: text,
  checkImageLocator: text,
  depositSlipIdentifier: Type.Optional(Type.String({ description: 'Type of the image.' })),
  transactionDate: date,
  effectiveDate: date,
  fee: money,
  ledgerBalance: money,
  amountToEscrow: money,
  amountToInterest: money,
  amountToPrincipal: money,
});

const CustomerAccountType = Type.Object({
  diAccountType: CustomerAccountTypeName,
  fiRawAccountType: Type.Integer(),
  fiAccountType: Type.Integer(),
  description: Type.String(),
});

const RegDLimits = Type.Object({
  maxTransferCount: Type.Integer(),
  maxCheckCount: Type.Integer(),
  maxRegDCount: Type.Integer(),
  hostTransferCount: Type.Integer(),
  hostCheckCount: Type.Integer(),
});

/** Contract sheet "Accounts", section 11: an account with what was booked on it lately. */
const CustomerAccount = Type.Object({
  customerId: CustomerId,
  id: AccountId,
  category: AccountCategory,
  accountType: CustomerAccountType,
  accountNumber: Type.String({ description: 'The last characters, or all of them with scope accounts:read_unmasked.' }),
  balance: Type.Object({ availableBalance: money, averageStatementBalance: money, currentBalance: money }),
  accountTransaction: Type.Array(AccountTransaction),
  accountHidden: flag,
  historyAllowed: flag,
  accountStatus: Type.Optional(AccountStatus),
  ownershipType: Type.Optional(OwnershipType),
  regDLimits: Type.Optional(RegDLimits),
  description: text,
  nickName: text,
  fiAccountTypeDesc: text,
  hostAccountType: text,
  micrNumber: Type.Optional(Type.String({ description: 'The first six digits.' })),
  overdraftAccountNumber: text,
  primaryHolderName: text,
  tpvReference: text,
  fiRawAccountType: whole,
  fiAccountType: whole,
  interestRate: Type.Optional(Type.Number({ description: 'Percent.' })),
  interestPriorYearToDate: money,
  currentYearEligibleContribution: money,
  lastYearEligibleContribution: money,
  lastYearMaxContribution: money,
  overdraftAvailableAmount: money,
  overdraftLimit: money,
  totalFundsAvailable: money,
  lastStatementEndDate: date,
});

export const CustomerAccounts = Type.Array(CustomerAccount);
