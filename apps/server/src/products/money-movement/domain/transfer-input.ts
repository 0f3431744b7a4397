import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { ScheduleInput } from './schedule-input.ts';

/** What a transfer call sent, before any rule has looked at it. JSON and XML arrive in the same shape. */
export interface TransferInput {
  readonly fromHolder: string | undefined;
  readonly toHolder: string | undefined;
  readonly fromAccountId: string | undefined;
  readonly toAccountId: string | undefined;
  /** One amount; several when they came as transactionAmounts. */
  readonly amounts: readonly AmountInput[];
  /** Both forms of the amount were sent. */
  readonly hasTwoAmounts: boolean;
  readonly isSplit: boolean;
  readonly memo: string | undefined;
  readonly paymentOption: PaymentOption | undefined;
  readonly isForPreviousYear: boolean | undefined;
  readonly schedule: ScheduleInput | undefined;
  readonly type: string | undefined;
  readonly recipientAccountType: string | undefined;
  readonly recipientPassCode: string | undefined;
}

/** A member that is no text or number is unreadable, not missing. */
export interface AmountInput {
  readonly amount: string | undefined;
  readonly currencyCode: string | undefined;
}

export const paymentOptions = [
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
export type PaymentOption = (typeof paymentOptions)[number];

export interface ReadingRules {
  /** type, additionalInfo and transactionAmounts are looked at. */
  readonly takesUndocumented: boolean;
  readonly takesPayOff: boolean;
}

const mostAmounts = 100;

/** Refuses what is not a transfer at all: texts that no list knows, and objects where values belong. */
export function readTransfer(body: object, rules: ReadingRules): Result<TransferInput, 'bodyInvalid'> {
  try {
    return accept(read(body, rules));
  } catch (error) {
    if (error instanceof UnreadableError) return refuse('bodyInvalid');
    throw error;
  }
}

class UnreadableError extends Error {
  override readonly name = 'UnreadableError';
}

function read(body: object, { takesUndocumented, takesPayOff }: ReadingRules): TransferInput {
  const undocumented = takesUndocumented ? body : {};
  const split = readSplit(undocumented);
  const amount = memberOf(body, 'amount');
  const entries = readEntries(undocumented);
  return {
    fromHolder: textOf(body, 'fromAccountHolderId'),
    toHolder: textOf(body, 'toAccountHolderId'),
    fromAccountId: textOf(body, 'fromAccountId'),
    toAccountId: textOf(body, 'toAccountId'),
    amounts: split ?? (amount === undefined ? [] : [readAmount(amount)]),
    hasTwoAmounts: split !== undefined && amount !== undefined,
    isSplit: split !== undefined,
    // Blanks at the ends are the caller's; only an empty memo is none.
    memo: rawTextOf(body, 'memo'),
    paymentOption: readPaymentOption(textOf(body, 'paymentOption'), takesPayOff),
    isForPreviousYear: readFlag(textOf(body, 'previousYearContribution')),
    schedule: readSchedule(memberOf(body, 'schedule')),
    type: textOf(undocumented, 'type'),
    recipientAccountType: entries.get('recipientAccountType'),
    recipientPassCode: entries.get('recipientPassCode'),
  };
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}

/** Undefined when it was not sent or is blank. */
function textOf(from: unknown, name: string): string | undefined {
  const text = rawTextOf(from, name)?.trim();
  return text === '' ? undefined : text;
}

function rawTextOf(from: unknown, name: string): string | undefined {
  const value = memberOf(from, name);
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') throw new UnreadableError();
  return String(value);
}

/** An element that comes once is no list. */
function listOf(value: unknown): readonly unknown[] | undefined {
  if (value === undefined || value === '') return undefined;
  return Array.isArray(value) ? value : [value];
}

function readAmount(value: unknown): AmountInput {
  // A bare number or text is an amount that is not valid, and no amount that is missing.
  if (typeof value !== 'object' || value === null) return value === '' ? noAmount : { ...noAmount, amount: 'no money' };
  const amount = memberOf(value, 'amount');
  const isPlain = amount === undefined || typeof amount === 'string' || typeof amount === 'number';
  return {
    amount: isPlain ? textOf(value, 'amount') : 'no number',
    currencyCode: textOf(value, 'currencyCode'),
  };
}

const noAmount: AmountInput = { amount: undefined, currencyCode: undefined };

function readSplit(body: object): readonly AmountInput[] | undefined {
  const list = listOf(memberOf(body, 'transactionAmounts'));
  if (list === undefined) return undefined;
  if (list.length > mostAmounts) throw new UnreadableError();
  return list.map((entry) => {
    if (textOf(entry, 'type') !== 'AMOUNT') throw new UnreadableError();
    const amount = memberOf(entry, 'amount');
    return amount === undefined ? noAmount : readAmount(amount);
  });
}

function readPaymentOption(text: string | undefined, takesPayOff: boolean): PaymentOption | undefined {
  if (text === undefined) return undefined;
  const option = paymentOptions.find((name) => name === text);
  if (option === undefined || (option === 'PAY_IN_FULL_AND_CLOSE' && !takesPayOff)) throw new UnreadableError();
  return option;
}

function readFlag(text: string | undefined): boolean | undefined {
  const value = text?.toLowerCase();
  if (value !== undefined && value !== 'true' && value !== 'false') throw new UnreadableError();
  return value === undefined ? undefined : value === 'true';
}

function readSchedule(value: unknown): ScheduleInput | undefined {
  if (value === undefined) return undefined;
  if (value !== '' && (typeof value !== 'object' || value === null || Array.isArray(value))) throw new UnreadableError();
  return {
    lifeType: textOf(value, 'lifeType'),
    frequency: textOf(value, 'frequency'),
    startDate: textOf(value, 'startDate'),
    endDate: textOf(value, 'endDate'),
    numberOfExecutions: textOf(value, 'numberOfExecutions'),
    dayOfWeek: textOf(value, 'dayOfWeek'),
    daysOfMonth: listOf(memberOf(value, 'daysOfMonth'))
      // One more than any month has: what comes after is wrong anyhow.
      ?.slice(0, 32)
      .map((day) => (typeof day === 'string' || typeof day === 'number' ? String(day).trim() : 'no day')),
  };
}

function readEntries(body: object): ReadonlyMap<string, string> {
  const list = listOf(memberOf(memberOf(body, 'additionalInfo'), 'entry')) ?? [];
  if (list.length > mostAmounts) throw new UnreadableError();
  return new Map(
    list.flatMap((entry): [string, string][] => {
      const [key, value] = [textOf(entry, 'key'), textOf(entry, 'value')];
      return key === undefined || value === undefined ? [] : [[key, value]];
    }),
  );
}
