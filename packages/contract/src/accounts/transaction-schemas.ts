import Type from 'typebox';
import { CustomerId, DateOnly, InstitutionId, InstitutionUserId } from '../identifiers.ts';
import { Money } from '../money.ts';
import { oneOf } from '../one-of.ts';
import { StringMap } from '../string-map.ts';
import { AccountId, Flag, Location, userQuery } from './schemas.ts';

const debits =
  'WITHDRAWAL CHECK SAVINGS_WITHDRAWAL_PASSBOOK SAVINGS_WITHDRAWAL_OTHER TELEPHONE_TRANSFER_DEBIT TRANSFER_DEBIT ADVANCE AUTOMATIC_DEBIT ATM_WITHDRAWAL ELECTRONIC_TRANSFER_DEBIT POS_PURCHASE BILL_PAYMENT ACH_CHECK SERVICE_CHARGE CHECK_BOOK_CHARGE ATM_FEE POS_PURCHASE_FEE STOP_PAYMENT_FEE INTEREST_CHARGE_NORMAL INSUFFICIENT_FUNDS_CHARGE RETURNED_CHECK_FEE OVERDRAFT_FEE EARLY_WITHDRAWAL_FEE LEDGER_ADJUSTMENT_DEBIT MISCELLANEOUS_DEBIT RETAIL_PURCHASE MAIL_ORDER_OR_TELEPHONE_PURCHASE CASH_ADVANCE ANNUAL_FEE LATE_PAYMENT_FEE INTEREST_CHARGE DEBIT_ADJUSTMENT';
const credits =
  'DEPOSIT TELEPHONE_TRANSFER_CREDIT TRANSFER_CREDIT PAYMENT DIVIDEND DIRECT_DEPOSIT ATM_DEPOSIT ELECTRONIC_TRANSFER_CREDIT POS_CREDIT BILL_PAYMENT_CREDIT ACH_CREDIT INTEREST_POSTING LEDGER_ADJUSTMENT_CREDIT MISCELLANEOUS_CREDIT RETURN_OF_GOODS REFUND PAYMENT_CREDIT_CARD CREDIT_ADJUSTMENT';

/** Contract sheet "Transactions", section 6.3. */
export const TransactionType = Type.String({
  enum: `${debits} ${credits}`.split(' '),
  description: 'What kind of movement it was.',
});

const TransactionImage = Type.Object({
  imageType: oneOf(['UNKNOWN', 'CHECK', 'DEPOSIT_SLIP', 'STATEMENT', 'CC_STATEMENT', 'DOCUMENT', 'DEPOSIT_CHECK']),
  imageIdentifier: Type.Optional(Type.String({ description: 'Key of the image: 43 characters of base64url.' })),
  hostImageLocator: Type.Optional(Type.String()),
});

const money = Type.Optional(Money);
const text = Type.Optional(Type.String());

/** Contract sheet "Transactions", section 6.2. */
export const Transaction = Type.Object({
  id: Type.String({ description: 'Transaction: 43 characters of base64url, the same while it is pending and afterwards.' }),
  institutionId: InstitutionId,
  institutionUserId: InstitutionUserId,
  institutionCustomerId: Type.Optional(CustomerId),
  accountId: AccountId,
  transactionNumber: Type.Optional(Type.String({ description: 'Number at the core.' })),
  hostTransactionId: text,
  transactionDate: Type.Optional(DateOnly),
  effectiveDate: Type.Optional(DateOnly),
  memo: text,
  description: text,
  amount: Money,
  fee: money,
  amountToPrincipal: money,
  amountToEscrow: money,
  amountToInterest: money,
  unappliedFundsBalance: money,
  ledgerBalance: money,
  checkNumber: text,
  micrNumber: text,
  type: TransactionType,
  baiCode: text,
  isCreditTransaction: Type.Boolean({ description: 'The amount is always positive: this is its direction.' }),
  isExportable: Type.Boolean(),
  isPending: Type.Boolean(),
  transactionImage: Type.Optional(TransactionImage),
  additionalInfo: Type.Optional(StringMap),
});

const Pagination = Type.Object({
  count: Type.Integer({ description: 'Rows in the range of dates, before paging and filters.' }),
  top: Type.Integer({ description: 'Size of the page.' }),
  previous: Type.Optional(Type.String({ description: 'Relative link; absent on the first page.' })),
  next: Type.Optional(Type.String({ description: 'Relative link; absent on the last page.' })),
});

/** Contract sheet "Transactions", section 6.1. */
export const TransactionsResponse = Type.Object({
  transactions: Type.Array(Transaction),
  pagination: Type.Optional(Pagination),
  additionalInfo: Type.Optional(StringMap),
});

/** A blank value is refused like a missing one, so the forms here take it. */
const flag = Type.Optional(Type.Union([Flag, Type.Literal('')]));
const whole = Type.Optional(Type.String({ description: 'A whole number from 0 on.' }));

export const TransactionsQuery = Type.Object({
  accountId: Type.Optional(Type.String({ description: 'Needed: the account, as the list of accounts names it.' })),
  ...userQuery,
  institutionCustomerId: Type.Optional(Location),
  startDate: Type.Optional(Type.String({ description: 'First day, `YYYY-MM-DD`.' })),
  endDate: Type.Optional(Type.String({ description: 'Last day, `YYYY-MM-DD`.' })),
  retrieveFutureTransactions: flag,
  $skip: whole,
  $top: whole,
  $filter: Type.Optional(
    Type.String({ description: "OData expression over id and description, as in contains(description, 'rent')." }),
  ),
  isCreditTransaction: flag,
  additionalFields: flag,
});
