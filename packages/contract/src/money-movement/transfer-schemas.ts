import Type from 'typebox';
import { DateOnly } from '../identifiers.ts';
import { Amount } from '../money.ts';
import { oneOf } from '../one-of.ts';

/** Contract sheet "Money movement", section 8.5. */
export const frequencies = [
  'ONETIME',
  'DAILY',
  'WEEKLY',
  'BIWEEKLY',
  'EVERY4WEEKS',
  'EVERY8WEEKS',
  'TWICEMONTHLY',
  'MONTHLY',
  'QUARTERLY',
  'SEMIANNUALLY',
  'ANNUALLY',
] as const;

const lifeTypes = ['ENDDATE', 'NOENDDATE', 'NUMBEROFEXECUTIONS'] as const;

/** Contract sheet "Money movement", section 8.3. */
const paymentOptions = [
  'DEFAULT',
  'MULTIPLE_PAYMENT',
  'INTEREST_ONLY',
  'PRINCIPAL_ONLY',
  'EXCESS_TO_INTEREST',
  'EXCESS_TO_PRINCIPAL',
  'ESCROW_ONLY',
  'FEES_ONLY',
  'PAY_IN_FULL_AND_CLOSE',
] as const;

export const TransferMoney = Type.Object({
  currencyCode: Type.Optional(Type.String({ description: 'ISO 4217; default is the currency of the institution.' })),
  amount: Type.Number({ description: 'At most two decimals. A numeric text is taken too.' }),
});

export const TransferSchedule = Type.Object({
  lifeType: oneOf(lifeTypes),
  startDate: DateOnly,
  endDate: Type.Optional(DateOnly),
  numberOfExecutions: Type.Optional(Type.Integer({ description: 'From 1 to 99.' })),
  frequency: oneOf(frequencies),
  dayOfWeek: Type.Optional(Type.Integer({ description: 'From 1 to 7; 1 is Monday.' })),
  daysOfMonth: Type.Optional(Type.Array(Type.Integer({ description: 'From 1 to 31.' }))),
});

const AdditionalInfo = Type.Object({ entry: Type.Array(Type.Object({ key: Type.String(), value: Type.String() })) });
const TransactionAmounts = Type.Array(Type.Object({ type: Type.Literal('AMOUNT'), amount: TransferMoney }));

const requestFields = {
  fromAccountHolderId: Type.Optional(
    Type.String({ description: 'Customer, or location of a business, that the From account belongs to.' }),
  ),
  toAccountHolderId: Type.Optional(
    Type.String({ description: 'Holder of the To account; without toAccountId the id of a saved recipient.' }),
  ),
  fromAccountId: Type.Optional(Type.String({ description: 'Account that the money leaves.' })),
  toAccountId: Type.Optional(Type.String({ description: 'Account that the money goes to; absent for a recipient.' })),
  amount: Type.Optional(TransferMoney),
  memo: Type.Optional(Type.String({ description: "At most 40 characters: letters, digits, space and . , ' - & / # ( )" })),
  paymentOption: Type.Optional(oneOf(paymentOptions)),
  previousYearContribution: Type.Optional(Type.Boolean({ description: 'Only to an individual retirement account.' })),
};

/** Contract sheet "Money movement", section 7. */
export const TransferRequest = Type.Object({
  ...requestFields,
  schedule: Type.Optional(TransferSchedule),
  type: Type.Optional(Type.String()),
  additionalInfo: Type.Optional(AdditionalInfo),
  transactionAmounts: Type.Optional(TransactionAmounts),
});

const ScheduleAnswer = Type.Object({
  lifeType: Type.String(),
  startDate: DateOnly,
  endDate: Type.Optional(DateOnly),
  numberOfExecutions: Type.Optional(Type.Integer()),
  frequency: Type.String(),
  dayOfWeek: Type.Optional(Type.Integer()),
  daysOfMonth: Type.Optional(Type.Array(Type.Integer())),
  nextExecutionDate: DateOnly,
  finalExecutionDate: Type.Optional(DateOnly),
  remainingNumberOfExecutions: Type.Optional(Type.Integer()),
});

const MoneyAnswer = Type.Object({ currencyCode: Type.String(), amount: Amount });

export const TransferAnswer = Type.Object({
  id: Type.Optional(Type.String({ description: 'Scheduled transfers only: 32 hexadecimal digits.' })),
  ...requestFields,
  amount: MoneyAnswer,
  paymentOption: Type.Optional(Type.String()),
  transactionAmounts: Type.Optional(Type.Array(Type.Object({ type: Type.String(), amount: MoneyAnswer }))),
  schedule: Type.Optional(ScheduleAnswer),
  type: Type.Optional(Type.String()),
  status: Type.Union([Type.Literal('SUCCESS'), Type.Literal('ERROR')]),
  confirmation: Type.String({ description: 'What the customer is told, as the law wants it.' }),
  fee: Type.Optional(MoneyAnswer),
  payoffAmount: Type.Optional(MoneyAnswer),
  notificationMessage: Type.Optional(Type.String({ description: 'Scheduled transfers only.' })),
});
