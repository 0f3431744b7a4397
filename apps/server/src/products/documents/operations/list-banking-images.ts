import { listBankingImages } from '@openbranch/contract/documents/image-operations';
import type { AnswerOf } from '@openbranch/contract/operation';
import type { Call } from '../../../http/call.ts';
import { type Route, route } from '../../../http/route.ts';
import {
  decideStatementRange,
  decideTransactionImage,
  isBlank,
  isTransactionImage,
  type TransactionImageType,
} from '../domain/image-request.ts';
import { listPeriods } from '../domain/statement-period.ts';
import type { DocumentsParts } from './documents-parts.ts';
import { findImageSubject, type ImageSubject } from './image-call.ts';
import { readStatementFiles } from './statement-files.ts';
import { hasHolderWithoutStatements, toStatementImage } from './statement-images.ts';
import { findTransactions, toTransactionImage } from './transaction-images.ts';

type ListCall = Call<typeof listBankingImages>;
type Images = Exclude<AnswerOf<typeof listBankingImages>, undefined>;

const warnings = {
  missing: { code: 'BIS_20002', message: 'there are no statements for some user of the account' },
  older: { code: 'BIS_20007', message: 'older statements are listed without their files: ask for fewer at once' },
  failed: { code: 'BIS_20007', message: 'some statements cannot be shown now' },
} as const;

/** I1: the images of one transaction, or the statements of a range of dates. */
export function listBankingImagesRoute(parts: DocumentsParts): Route {
  return route(listBankingImages).handle(async (call) => {
    const subject = await findImageSubject(call, parts);
    const { type } = subject;
    return isTransactionImage(type) ? listOfTransaction(call, parts, subject, type) : listStatements(call, parts, subject);
  });
}

async function listOfTransaction(
  call: ListCall,
  parts: DocumentsParts,
  subject: ImageSubject,
  type: TransactionImageType,
): Promise<Images> {
  const { institution, query } = call;
  const isIdentified = !isBlank(query.imageIdentifier) && call.switchOf(institution, 'images.identifier_matching');
  const asked = decideTransactionImage(query, type, !isIdentified);
  if (!asked.ok) throw call.error(asked.refusal);
  const { today, earliest } = subject.window;
  if (asked.value.date > today || asked.value.date < earliest)
    throw call.error(type === 'CHECK' ? 'chequeOutsideRetention' : 'outsideRetention');
  const found = await findTransactions(call, parts, subject, asked.value);
  if (!found.ok) throw call.error(found.refusal);
  const hasFiles = call.switchOf(institution, 'images.list_data') === 'include';
  return {
    bankingImage: await Promise.all(found.value.map((row) => toTransactionImage(call, subject, asked.value, row, hasFiles))),
  };
}

async function listStatements(call: ListCall, parts: DocumentsParts, subject: ImageSubject): Promise<Images | undefined> {
  const { institution, query } = call;
  const { type, account, window } = subject;
  if (type === 'CC_STATEMENT' && account.accountType !== 'CREDIT_CARD_LOAN') throw call.error('imageIdentifierMissing');
  const range = decideStatementRange(query);
  if (!range.ok) throw call.error(range.refusal);
  if (range.value.to < window.earliest || range.value.from > window.today) throw call.error('outsideRetention');
  // Other documents of a customer are made by no part of the built-in core.
  const periods = type === 'DOCUMENT' ? [] : listPeriods(account, range.value, window);
  if (periods.length === 0) {
    if (call.switchOf(institution, 'images.empty_statements') === '204') return undefined;
    return { bankingImage: [], warnings: [warnings.missing] };
  }
  const hasFiles = call.switchOf(institution, 'images.list_data') === 'include';
  const wanted = hasFiles ? periods.slice(-institution.policies.images.filesPerList) : [];
  const older = hasFiles ? periods.slice(0, periods.length - wanted.length) : [];
  const [files, isIncomplete] = await Promise.all([
    readStatementFiles(call, parts, subject, wanted),
    hasHolderWithoutStatements(call, parts, subject),
  ]);
  const shown = periods.filter((period) => !wanted.includes(period) || files.has(period.id));
  const told = [
    ...(isIncomplete ? [warnings.missing] : []),
    ...(older.length > 0 ? [warnings.older] : []),
    ...(shown.length < periods.length ? [warnings.failed] : []),
  ];
  return {
    bankingImage: shown.map((period) => toStatementImage(call, subject, period, files.get(period.id))),
    ...(told.length > 0 && { warnings: told }),
  };
}
