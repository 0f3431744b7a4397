import { parseCalendarDate } from './calendar-date.ts';

/** What an institution wants of recipients and transfers (contract sheet "Money movement"). */
export interface MoneyMovementPolicy {
  /** The only currency of transfers, ISO 4217. */
  readonly currency: string;
  /** GENERIC or NONGENERIC; blank when none was set, and another text is answered as unknown. */
  readonly recipientProvider: string;
  /** Types of account that may be saved as a recipient and take transfers. */
  readonly recipientAccountTypes: readonly string[];
  readonly hasRecipientTransfers: boolean;
  readonly hasScheduledTransfers: boolean;
  readonly hasMemos: boolean;
  readonly memoMaxLength: number;
  readonly hasOverpayments: boolean;
  /** Payment options beyond the normal one, of all loans. */
  readonly overpaymentOptions: readonly string[];
  /** Types of account of its own that the institution lets take part: GENERAL_LEDGER, INSTITUTION_ACCOUNT. */
  readonly institutionAccountTypes: readonly string[];
  readonly needsCifNumber: boolean;
  /** Applications that may not transfer here. */
  readonly blockedClientIds: readonly string[];
  /** Fee of a transfer to a recipient. */
  readonly recipientFeeMinor: bigint;
  /** The most of one transfer; 0 is no limit. A customer's own limit takes its place. */
  readonly transferLimitMinor: bigint;
  /** The most that a customer may move out in a day of the institution; 0 is no limit. */
  readonly dailyLimitMinor: bigint;
  /** So long after a password reset or a new phone number there are no new recipients and only small transfers; 0 is off. */
  readonly recoveryHoldHours: number;
  /** The most that a user may move during that time, all transfers and schedules together. */
  readonly recoveryHoldLimitMinor: bigint;
  /** `{{date}}`, `{{amount}}`, `{{from}}`, `{{to}}`, `{{memo}}` and `{{reference}}` stand for what they say. */
  readonly confirmationTemplate: string;
  /** Days on which banks are closed, YYYY-MM-DD, beside weekends. */
  readonly bankHolidays: readonly string[];
}

export const defaultMoneyMovementPolicy: MoneyMovementPolicy = {
  currency: 'USD',
  recipientProvider: 'GENERIC',
  recipientAccountTypes: ['SAVINGS', 'CHECKING', 'MONEY_MARKET', 'CREDIT_CARD_LOAN', 'LINE_OF_CREDIT_LOAN'],
  hasRecipientTransfers: true,
  hasScheduledTransfers: true,
  hasMemos: true,
  memoMaxLength: 40,
  hasOverpayments: true,
  overpaymentOptions: [
    'MULTIPLE_PAYMENT',
    'INTEREST_ONLY',
    'PRINCIPAL_ONLY',
    'EXCESS_TO_INTEREST',
    'EXCESS_TO_PRINCIPAL',
    'ESCROW_ONLY',
    'FEES_ONLY',
    'PAY_IN_FULL_AND_CLOSE',
  ],
  institutionAccountTypes: [],
  needsCifNumber: false,
  blockedClientIds: [],
  recipientFeeMinor: 0n,
  transferLimitMinor: 0n,
  dailyLimitMinor: 0n,
  recoveryHoldHours: 24,
  recoveryHoldLimitMinor: 100_00n,
  confirmationTemplate:
    'On {{date}} you told us to move {{amount}} from {{from}} to {{to}}. Reference {{reference}}. If this is wrong, or if you did not ask for it, call us at once at the number on your card or statement.',
  bankHolidays: [],
};

const mostMinor = 99_999_999_999;

/**
 * Reads what is stored below `moneyMovement`; what is absent takes the default.
 * @throws Error naming the member that is out of range.
 */
export function parseMoneyMovementPolicy(stored: unknown): MoneyMovementPolicy {
  const read = readerOf(stored);
  const standard = defaultMoneyMovementPolicy;
  return {
    currency: read.text('currency', standard.currency, /^[A-Z]{3}$/u),
    recipientProvider: read.text('recipientProvider', standard.recipientProvider, /^[A-Z_]{0,32}$/u),
    recipientAccountTypes: read.names('recipientAccountTypes', standard.recipientAccountTypes),
    hasRecipientTransfers: read.flag('hasRecipientTransfers', standard.hasRecipientTransfers),
    hasScheduledTransfers: read.flag('hasScheduledTransfers', standard.hasScheduledTransfers),
    hasMemos: read.flag('hasMemos', standard.hasMemos),
    memoMaxLength: read.integer('memoMaxLength', 1, 80, standard.memoMaxLength),
    hasOverpayments: read.flag('hasOverpayments', standard.hasOverpayments),
    overpaymentOptions: read.names('overpaymentOptions', standard.overpaymentOptions),
    institutionAccountTypes: read.names('institutionAccountTypes', standard.institutionAccountTypes),
    needsCifNumber: read.flag('needsCifNumber', standard.needsCifNumber),
    blockedClientIds: read.names('blockedClientIds', standard.blockedClientIds),
    recipientFeeMinor: read.minor('recipientFeeMinor', standard.recipientFeeMinor),
    transferLimitMinor: read.minor('transferLimitMinor', standard.transferLimitMinor),
    dailyLimitMinor: read.minor('dailyLimitMinor', standard.dailyLimitMinor),
    recoveryHoldHours: read.integer('recoveryHoldHours', 0, 672, standard.recoveryHoldHours),
    recoveryHoldLimitMinor: read.minor('recoveryHoldLimitMinor', standard.recoveryHoldLimitMinor),
    confirmationTemplate: read.text('confirmationTemplate', standard.confirmationTemplate, /^[\x20-\x7e]{0,1000}$/u),
    bankHolidays: read.days('bankHolidays', standard.bankHolidays),
  };
}

function isCalendarDate(value: unknown): value is string {
  return typeof value === 'string' && parseCalendarDate(value) !== undefined;
}

function readerOf(stored: unknown) {
  const memberOf = (name: string): unknown =>
    typeof stored === 'object' && stored !== null ? Reflect.get(stored, name) : undefined;
  const integer = (name: string, least: number, most: number, otherwise: number): number => {
    const value = memberOf(name) ?? otherwise;
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw new Error(`Policy ${name} must be a whole number from ${least} to ${most}.`);
  };
  return {
    integer,
    minor: (name: string, otherwise: bigint): bigint => BigInt(integer(name, 0, mostMinor, Number(otherwise))),
    flag: (name: string, otherwise: boolean): boolean => {
      const value = memberOf(name) ?? otherwise;
      if (typeof value === 'boolean') return value;
      throw new Error(`Policy ${name} must be true or false.`);
    },
    text: (name: string, otherwise: string, pattern: RegExp): string => {
      const value = memberOf(name) ?? otherwise;
      if (typeof value === 'string' && pattern.test(value)) return value;
      throw new Error(`Policy ${name} must be a text of the form ${pattern.source}.`);
    },
    names: (name: string, otherwise: readonly string[]): readonly string[] => {
      const value = memberOf(name) ?? otherwise;
      if (Array.isArray(value) && value.length <= 1000 && value.every((one) => typeof one === 'string')) return value;
      throw new Error(`Policy ${name} must be a list of at most 1000 names.`);
    },
    days: (name: string, otherwise: readonly string[]): readonly string[] => {
      const value = memberOf(name) ?? otherwise;
      if (Array.isArray(value) && value.length <= 1000 && value.every(isCalendarDate)) return value;
      throw new Error(`Policy ${name} must be a list of at most 1000 days of the form YYYY-MM-DD.`);
    },
  };
}
