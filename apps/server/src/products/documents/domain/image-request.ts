import { parseCalendarDate } from '../../../kernel/calendar-date.ts';
import { accept, type Result, refuse } from '../../../kernel/result.ts';

/** What a call on images asks for (contract sheet "Banking Images", section 2). */

const imageTypes = ['CHECK', 'DEPOSIT_SLIP', 'DEPOSIT_CHECK', 'STATEMENT', 'CC_STATEMENT', 'DOCUMENT'] as const;
export type ImageType = (typeof imageTypes)[number];
export type TransactionImageType = 'CHECK' | 'DEPOSIT_SLIP' | 'DEPOSIT_CHECK';

export interface ImageQuery {
  readonly hostUserId?: string | undefined;
  readonly loginId?: string | undefined;
  readonly institutionCustomerId?: string | undefined;
  readonly accountId?: string | undefined;
  readonly imageType?: string | undefined;
  readonly transactionDate?: string | undefined;
  readonly imageIdentifier?: string | undefined;
  readonly transactionImageNumber?: string | undefined;
  readonly statementStartDate?: string | undefined;
  readonly statementEndDate?: string | undefined;
  readonly statementPreview?: string | undefined;
  readonly statementDate?: string | undefined;
}

const longest = 128;
const longestOf: Readonly<Record<string, number>> = { transactionImageNumber: 30, statementDate: 30 };

export function hasTooLong(query: ImageQuery): boolean {
  return Object.entries(query).some(([name, value]: [string, string | undefined]) => {
    return value !== undefined && value.length > (longestOf[name] ?? longest);
  });
}

export function decideImageType(
  text: string | undefined,
  offered: readonly string[],
): Result<ImageType, 'imageTypeMissing' | 'imageTypeUnsupported'> {
  if (isBlank(text)) return refuse('imageTypeMissing');
  const found = imageTypes.find((type) => type === text);
  return found === undefined || !offered.includes(found) ? refuse('imageTypeUnsupported') : accept(found);
}

export function isTransactionImage(type: ImageType): type is TransactionImageType {
  return type === 'CHECK' || type === 'DEPOSIT_SLIP' || type === 'DEPOSIT_CHECK';
}

export interface TransactionImageRequest {
  readonly type: TransactionImageType;
  /** Booked on this day. */
  readonly date: string;
  readonly identifier: string | undefined;
  /** Of the cheque, without leading zeros, or reference of the deposit. */
  readonly number: string | undefined;
}

type TransactionRefusal =
  | 'transactionDateMissing'
  | 'dateInvalid'
  | 'imageIdentifierMissing'
  | 'imageNumberInvalid'
  | 'userParameterInvalid';

/** @param needsNumber A list of cheques is asked for by number unless an identifier finds them; an image has its id. */
export function decideTransactionImage(
  query: ImageQuery,
  type: TransactionImageType,
  needsNumber: boolean,
): Result<TransactionImageRequest, TransactionRefusal> {
  const { transactionDate, imageIdentifier, transactionImageNumber: number } = query;
  if (isBlank(transactionDate)) return refuse('transactionDateMissing');
  const date = parseCalendarDate(transactionDate);
  if (date === undefined) return refuse('dateInvalid');
  if (type !== 'CHECK') {
    if (isBlank(imageIdentifier)) return refuse('imageIdentifierMissing');
    if (number !== undefined && isBlank(number)) return refuse('userParameterInvalid');
    return accept({ type, date, identifier: imageIdentifier, number: withoutZeros(number) });
  }
  if (imageIdentifier !== undefined && isBlank(imageIdentifier)) return refuse('userParameterInvalid');
  if (isBlank(number) && needsNumber) return refuse('imageNumberInvalid');
  if (number !== undefined && !/^\d+$/u.test(number)) return refuse('imageNumberInvalid');
  return accept({ type, date, identifier: imageIdentifier, number: withoutZeros(number) });
}

/** 000201 and 201 are the same cheque. */
export function withoutZeros(number: string | undefined): string | undefined {
  return number?.replace(/^0+(?=.)/u, '');
}

export interface StatementRequest {
  /** Inclusive. */
  readonly from: string;
  /** Inclusive. */
  readonly to: string;
  readonly isPreviewed: boolean;
}

type StatementRefusal =
  | 'statementDatesMissing'
  | 'dateInvalid'
  | 'statementDatesReversed'
  | 'queryInvalid'
  | 'userParameterInvalid';

export function decideStatementRange(query: ImageQuery): Result<StatementRequest, StatementRefusal> {
  const { statementStartDate, statementEndDate, statementPreview } = query;
  if (isBlank(statementStartDate) || isBlank(statementEndDate)) return refuse('statementDatesMissing');
  const [from, to] = [parseCalendarDate(statementStartDate), parseCalendarDate(statementEndDate)];
  if (from === undefined || to === undefined) return refuse('dateInvalid');
  if (from > to) return refuse('statementDatesReversed');
  if (statementPreview !== undefined && isBlank(statementPreview)) return refuse('userParameterInvalid');
  const preview = statementPreview?.toUpperCase() ?? 'FALSE';
  if (!['TRUE', 'FALSE', 'PREVIEW', 'CURRENT'].includes(preview)) return refuse('queryInvalid');
  return accept({ from, to, isPreviewed: preview === 'TRUE' || preview === 'PREVIEW' });
}

/** The date that a single statement must bear, when one is named. */
export function decideStatementDate({
  statementDate,
}: ImageQuery): Result<string | undefined, 'statementDateBlank' | 'dateInvalid'> {
  if (statementDate === undefined) return accept(undefined);
  if (isBlank(statementDate)) return refuse('statementDateBlank');
  const date = parseCalendarDate(statementDate);
  return date === undefined ? refuse('dateInvalid') : accept(date);
}

/** The first day of which images are still kept. */
export function earliestKept(today: string, retentionYears: number): string {
  const year = String(Number(today.slice(0, 4)) - retentionYears).padStart(4, '0');
  return `${year}${today.slice(4)}`;
}

export function isBlank(text: string | undefined): text is undefined {
  return text === undefined || text.trim() === '';
}
