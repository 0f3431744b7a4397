import type { listTransactions } from '@openbranch/contract/accounts/operations';
import type { AnswerOf } from '@openbranch/contract/operation';
import type { CoreTransaction, OpaqueIds } from '../../../core/index.ts';
import { absolute, toMoney } from '../../../kernel/money.ts';
import { shownBalance } from '../domain/account-state.ts';
import { type ExportKey, exportKeysOf } from '../domain/export-keys.ts';
import type { UserAccount } from './accounts-of-user.ts';

export interface TransactionContext {
  readonly institutionId: string;
  readonly institutionUserId: string;
  readonly accountId: string;
  readonly account: UserAccount;
  readonly ids: OpaqueIds;
  /** Of the institution's zone, e.g. `-5:EST`. */
  readonly zoneLabel: string;
  /** Keys that a row may carry in additionalInfo. */
  readonly additionalInfoKeys: readonly string[];
  readonly isEnriched: boolean;
}

type TransactionAnswer = AnswerOf<typeof listTransactions>['transactions'][number];

/** Contract sheet "Transactions", section 6.2. The ids of all rows are made at once. */
export function toTransactions(context: TransactionContext, rows: readonly CoreTransaction[]): TransactionAnswer[] {
  const ids = encodeIds(context, 'transaction', rows);
  const withImage = rows.filter(({ imageType }) => imageType !== undefined);
  const images = encodeIds(context, 'image', withImage);
  const imageOf = new Map(withImage.map((row, index) => [row, images[index] ?? '']));
  return rows.map((row, index) => toTransaction(context, row, ids[index] ?? '', imageOf.get(row)));
}

export function encodeIds(
  { ids, institutionId, account }: Pick<TransactionContext, 'ids' | 'institutionId' | 'account'>,
  kind: 'transaction' | 'image',
  rows: readonly CoreTransaction[],
): readonly string[] {
  if (rows.length === 0) return [];
  const { accountKey } = account;
  return ids.encode(
    kind,
    institutionId,
    rows.map(({ transactionNumber }) => ({ accountKey, number: transactionNumber })),
  );
}

/**
 * The amount is positive whichever way the money went; on a loan the balance is what is still owed. Members are set one
 * by one, and always in the same order: a page has many rows, and rows that are built alike cost least.
 */
function toTransaction(
  context: TransactionContext,
  row: CoreTransaction,
  id: string,
  image: string | undefined,
): TransactionAnswer {
  const { account } = context;
  const answer: TransactionAnswer = {
    id,
    institutionId: context.institutionId,
    institutionUserId: context.institutionUserId,
    institutionCustomerId: account.customerId,
    accountId: context.accountId,
    transactionNumber: String(row.transactionNumber),
    transactionDate: row.transactionDate,
    amount: toMoney(absolute(row.amountMinor), account.currency),
    type: row.type,
    isCreditTransaction: row.amountMinor > 0n,
    // What may still change or go away is in no one's books.
    isExportable: !row.isPending,
    isPending: row.isPending,
  };
  setTexts(answer, account, row);
  setAmounts(answer, account, row);
  if (row.imageType !== undefined && image !== undefined)
    answer.transactionImage = { imageType: row.imageType, imageIdentifier: image };
  const entry = additionalInfoOf(context, row);
  if (entry.length > 0) answer.additionalInfo = { entry };
  return answer;
}

function setTexts(answer: TransactionAnswer, { micrNumber }: UserAccount, row: CoreTransaction): void {
  if (row.effectiveDate !== undefined) answer.effectiveDate = row.effectiveDate;
  if (row.description !== undefined) answer.description = row.description;
  if (row.memo !== undefined) answer.memo = row.memo;
  if (row.hostTransactionId !== undefined) answer.hostTransactionId = row.hostTransactionId;
  if (row.checkNumber === undefined) return;
  answer.checkNumber = row.checkNumber;
  if (micrNumber !== undefined) answer.micrNumber = micrNumber;
}

function setAmounts(answer: TransactionAnswer, account: UserAccount, row: CoreTransaction): void {
  const { currency } = account;
  if (row.balanceAfterMinor !== undefined) answer.ledgerBalance = toMoney(shownBalance(account, row.balanceAfterMinor), currency);
  if (row.feesMinor !== undefined) answer.fee = toMoney(row.feesMinor, currency);
  if (row.principalMinor !== undefined) answer.amountToPrincipal = toMoney(row.principalMinor, currency);
  if (row.escrowMinor !== undefined) answer.amountToEscrow = toMoney(row.escrowMinor, currency);
  if (row.interestMinor !== undefined) answer.amountToInterest = toMoney(row.interestMinor, currency);
}

/** Keys of the institution's list that have a value; enrichment only for whoever may read it. */
function additionalInfoOf(
  { additionalInfoKeys, zoneLabel, isEnriched }: TransactionContext,
  row: CoreTransaction,
): { key: string; value: string }[] {
  if (additionalInfoKeys.length === 0) return [];
  const { transactionDate, amountMinor, type, description, memo } = row;
  const exported = exportKeysOf({ transactionDate, amountMinor, type, text: description ?? memo ?? '' }, zoneLabel);
  const entries: { key: string; value: string }[] = [];
  for (const key of additionalInfoKeys) {
    const value = isExportKey(key) ? exported[key] : isEnriched ? enrichmentOf(key, row) : undefined;
    if (value !== undefined) entries.push({ key, value });
  }
  return entries;
}

function isExportKey(key: string): key is ExportKey {
  return key === 'ofxTid' || key === 'dcTid' || key === 'ccTid';
}

/** Other keys, merchantLogoUrl among them, have no value in a core that keeps none. */
function enrichmentOf(key: string, { merchantName, merchantCategory }: CoreTransaction): string | undefined {
  return key === 'merchantName' ? merchantName : key === 'merchantCategory' ? merchantCategory : undefined;
}
