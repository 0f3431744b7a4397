import { accept, type Result, refuse } from '../../../kernel/result.ts';
import { type TransactionImageRequest, withoutZeros } from './image-request.ts';

/** What of a transaction decides whether it has the image that is asked for. */
export interface ImageRow {
  readonly transactionNumber: bigint;
  readonly type: string;
  readonly imageType?: string | undefined;
  readonly checkNumber?: string | undefined;
}

export interface Matching {
  /** The transaction that the identifier names, when it is one of this account. */
  readonly identified: bigint | undefined;
  /** True: an identifier finds the transaction (BIS-S3). */
  readonly byIdentifier: boolean;
  /** Types of transactions of which images are kept; of all when absent. */
  readonly transactionTypes: readonly string[] | undefined;
}

/**
 * The transactions of the day whose image is asked for (contract sheet "Banking Images", section 3). The cheques of one
 * deposit bear its reference, and are found together.
 */
export function findImageRows<Row extends ImageRow>(
  rows: readonly Row[],
  request: TransactionImageRequest,
  { identified, byIdentifier, transactionTypes }: Matching,
): Result<readonly Row[], 'transactionNotFound' | 'imageNotFound'> {
  const { type, identifier, number } = request;
  const isOfNumber = (row: Row): boolean => number !== undefined && withoutZeros(row.checkNumber) === number;
  const isIdentified = (row: Row): boolean => row.transactionNumber === identified;
  const usesIdentifier = identifier !== undefined && (byIdentifier || (type !== 'CHECK' && number === undefined));
  // Neither names one: an image is picked by its id among all of the day.
  const isNamed = usesIdentifier ? isIdentified : number === undefined ? () => true : isOfNumber;
  const named = rows.filter((row) => isNamed(row) && (row.imageType === undefined || row.imageType === type));
  if (named.length === 0) return refuse('transactionNotFound');
  const kept = named.filter(
    (row) => row.imageType === type && (transactionTypes === undefined || transactionTypes.includes(row.type)),
  );
  if (kept.length === 0) return refuse('imageNotFound');
  return accept(type === 'DEPOSIT_CHECK' ? rows.filter((row) => kept.includes(row) || isBeside(row, kept)) : kept);
}

function isBeside(row: ImageRow, kept: readonly ImageRow[]): boolean {
  return (
    row.imageType === 'DEPOSIT_CHECK' &&
    row.checkNumber !== undefined &&
    kept.some(({ checkNumber }) => checkNumber === row.checkNumber)
  );
}
