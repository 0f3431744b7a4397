import { getBankingImage } from '@openbranch/contract/documents/image-operations';
import type { AnswerOf } from '@openbranch/contract/operation';
import type { Call } from '../../../http/call.ts';
import { type Route, route } from '../../../http/route.ts';
import {
  decideStatementDate,
  decideTransactionImage,
  isTransactionImage,
  type TransactionImageType,
} from '../domain/image-request.ts';
import { findPeriod } from '../domain/statement-period.ts';
import type { DocumentsParts } from './documents-parts.ts';
import { findImageSubject, type ImageSubject } from './image-call.ts';
import { readStatementFiles } from './statement-files.ts';
import { toStatementImage } from './statement-images.ts';
import { findTransactions, toTransactionImage } from './transaction-images.ts';

type GetCall = Call<typeof getBankingImage>;
type Image = AnswerOf<typeof getBankingImage>;

/** I2: one image of a list. Id and parameters must agree. */
export function getBankingImageRoute(parts: DocumentsParts): Route {
  return route(getBankingImage).handle(async (call) => {
    const subject = await findImageSubject(call, parts);
    const { type } = subject;
    return isTransactionImage(type) ? getOfTransaction(call, parts, subject, type) : getStatement(call, parts, subject);
  });
}

async function getOfTransaction(
  call: GetCall,
  parts: DocumentsParts,
  subject: ImageSubject,
  type: TransactionImageType,
): Promise<Image> {
  const asked = decideTransactionImage(call.query, type, false);
  if (!asked.ok) throw refusalOf(call, asked.refusal);
  const { today, earliest } = subject.window;
  if (asked.value.date > today || asked.value.date < earliest)
    throw call.error(type === 'CHECK' ? 'chequeOutsideRetention' : 'outsideRetention');
  const found = await findTransactions(call, parts, subject, asked.value);
  const row = found.ok
    ? found.value.find(({ transactionNumber }) => String(transactionNumber) === call.params.bankingImageId)
    : undefined;
  if (row === undefined) throw call.error('imageNotFound');
  return toTransactionImage(call, subject, asked.value, row, true);
}

type Refusal = Extract<ReturnType<typeof decideTransactionImage>, { readonly ok: false }>['refusal'];

/** The query of the operation lists no number, so none can be wrong. */
function refusalOf(call: GetCall, refusal: Refusal): Error {
  if (refusal === 'imageNumberInvalid') return new Error('A single image has no number.');
  return call.error(refusal);
}

async function getStatement(call: GetCall, parts: DocumentsParts, subject: ImageSubject): Promise<Image> {
  const { type, account, window } = subject;
  if (type === 'CC_STATEMENT' && account.accountType !== 'CREDIT_CARD_LOAN') throw call.error('imageIdentifierMissing');
  const date = decideStatementDate(call.query);
  if (!date.ok) throw call.error(date.refusal);
  const period = type === 'DOCUMENT' ? undefined : findPeriod(call.params.bankingImageId, account, window);
  if (period === undefined || (date.value !== undefined && date.value !== period.to)) throw call.error('imageNotFound');
  const files = await readStatementFiles(call, parts, subject, [period]);
  const file = files.get(period.id);
  if (file === undefined) throw new Error('A statement cannot be made or read.');
  return toStatementImage(call, subject, period, file);
}
