import { absolute, toDecimalText } from '../../../kernel/money.ts';

/** The time of a zone as export keys name it, e.g. `-5:EST`. */
export type ZoneLabel = string;

export interface ExportedTransaction {
  /** YYYY-MM-DD */
  readonly transactionDate: string;
  /** Negative for a debit. */
  readonly amountMinor: bigint;
  readonly type: string;
  readonly text: string;
}

/** The codes that are published; every other type is 0, "unknown". */
const codes: ReadonlyMap<string, number> = new Map([
  ['RETURN_OF_GOODS', 600],
  ['AUTOMATIC_DEBIT', 10],
]);

/**
 * The keys by which programs that keep books know a row again (contract sheet "Transactions", section 6.2): date, amount,
 * code, a blank, the text of the core. A debit is negative, but for `ccTid`.
 */
export const exportKeys = {
  ofxTid: ({ transactionDate: date, amountMinor, type, text }: ExportedTransaction, zone: ZoneLabel): string =>
    `${compact(date)}000000[${zone}]*${toDecimalText(amountMinor)}*${codeOf(type)}**${text}`,
  dcTid: ({ transactionDate: date, amountMinor, type, text }: ExportedTransaction): string =>
    `${compact(date)}*${amountMinor}*${codeOf(type)}**${text}`,
  ccTid: ({ transactionDate: date, amountMinor, type, text }: ExportedTransaction): string =>
    `${date.slice(5, 7)}/${date.slice(8)}/${date.slice(0, 4)}*${toDecimalText(absolute(amountMinor))}*${codeOf(type)}**${text}`,
} as const;

/** `20260406`; every row of a page has it twice. */
function compact(date: string): string {
  return date.slice(0, 4) + date.slice(5, 7) + date.slice(8);
}

function codeOf(type: string): number {
  return codes.get(type) ?? 0;
}
