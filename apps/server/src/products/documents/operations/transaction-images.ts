import type { getBankingImage } from '@openbranch/contract/documents/image-operations';
import type { AnswerOf } from '@openbranch/contract/operation';
import type { CoreTransaction } from '../../../core/index.ts';
import { absolute, toMoney } from '../../../kernel/money.ts';
import type { Result } from '../../../kernel/result.ts';
import { renderPicture } from '../../../platform/drawing/render-picture.ts';
import type { TransactionImageRequest } from '../domain/image-request.ts';
import { findImageRows } from '../domain/image-rows.ts';
import { drawTransaction } from '../domain/transaction-drawing.ts';
import type { DocumentsParts } from './documents-parts.ts';
import type { ImageCall, ImageSubject } from './image-call.ts';
import { getShowNumberOnImages } from './shown-number.ts';

type ImageAnswer = AnswerOf<typeof getBankingImage>;

/** The transactions of the day whose images are asked for. */
export async function findTransactions(
  call: ImageCall,
  { core, ids }: DocumentsParts,
  { account: { accountKey } }: ImageSubject,
  request: TransactionImageRequest,
): Promise<Result<readonly CoreTransaction[], 'transactionNotFound' | 'imageNotFound'>> {
  const { institution, sql } = call;
  const { institutionId } = institution;
  const { date, identifier } = request;
  const { transactions } = await core.listTransactions(sql, {
    ...{ institutionId, accountKey, from: date, to: date },
    ...{ skip: 0, take: undefined, isCounted: false },
  });
  const key = identifier === undefined ? undefined : ids.decode('image', institutionId, identifier);
  return findImageRows(transactions, request, {
    identified: key?.accountKey === accountKey ? key.number : undefined,
    byIdentifier: call.switchOf(institution, 'images.identifier_matching'),
    transactionTypes: institution.policies.images.transactionTypes,
  });
}

/** One transaction as the API shows its image; the pictures are drawn unless only the data is wanted. */
export async function toTransactionImage(
  call: ImageCall,
  { account, accountId }: ImageSubject,
  { type, date }: TransactionImageRequest,
  row: CoreTransaction,
  hasFiles: boolean,
): Promise<ImageAnswer> {
  const { institution } = call;
  const accountNumber = getShowNumberOnImages(call)(account.accountNumber);
  const description = row.description ?? row.memo;
  return {
    id: String(row.transactionNumber),
    institutionCustomerId: account.customerId,
    institutionId: institution.institutionId,
    accountId,
    imageType: type,
    // Of a deposited cheque the number would be that of whoever drew it, which the books do not hold.
    ...(type !== 'DEPOSIT_CHECK' && { accountNumber }),
    accountType: account.accountType,
    ...(hasFiles && { imageInfoItems: { imageInfo: await drawViews() } }),
    ...(row.checkNumber !== undefined && { transactionImageNumber: row.checkNumber }),
    transactionDate: date,
    ...(description !== undefined && { transactionDescription: description }),
    transactionStatus: row.isPending ? 'HELD_FOR_REVIEW' : 'ACCEPTED',
    amount: toMoney(absolute(row.amountMinor), account.currency),
  };

  function drawViews() {
    const format = call.switchOf(institution, 'images.format');
    const views = drawTransaction({
      ...{ type, date, accountNumber, description: row.description, memo: row.memo, merchantName: row.merchantName },
      institutionName: institution.name,
      ownerName: account.primaryHolderName ?? '',
      routingNumber: account.routingNumber,
      amountMinor: row.amountMinor,
      number: row.checkNumber,
    });
    return Promise.all(
      views.map(async ({ view, drawing }) => ({
        data: (await renderPicture(drawing, format)).toString('base64'),
        // The published list of types has no TIFF.
        type: format === 'TIFF' ? ('UNKNOWN' as const) : format,
        view,
      })),
    );
  }
}
