import { toDecimalText } from '../../../kernel/money.ts';

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

export type ExportKey = 'ofxTid' | 'dcTid' | 'ccTid';

/** The codes that are published; every other type is 0, "unknown". */
const codes: ReadonlyMap<string, number> = new Map([
  ['RETURN_OF_GOODS', 600],
  ['AUTOMATIC_DEBIT', 10],
]);

/**
 * The keys by which programs that keep books know a row again (contract sheet "Transactions", section 6.2): date, amount,
 * code, a blank, the text of the core. A debit is negative, but for `ccTid`.
 */
export function exportKeysOf(
  { transactionDate: date, amountMinor, type, text }: ExportedTransaction,
  zone: ZoneLabel,
): Readonly<Record<ExportKey, string>> {
  const [year, month, day] = [date.slice(0, 4), date.slice(5, 7), date.slice(8)];
  const amount = toDecimalText(amountMinor);
  const unsigned = amountMinor < 0n ? amount.slice(1) : amount;
  const end = `${codes.get(type) ?? 0}**${text}`;
  return {
    ofxTid: `${year}${month}${day}000000[${zone}]*${amount}*${end}`,
    dcTid: `${year}${month}${day}*${amountMinor}*${end}`,
    ccTid: `${month}/${day}/${year}*${unsigned}*${end}`,
  };
}
