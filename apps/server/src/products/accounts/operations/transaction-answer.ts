import type { listTransactions } from '@openbranch/contract/accounts/operations';
import type { AnswerOf } from '@openbranch/contract/operation';
import type { CoreTransaction, OpaqueIds } from '../../../core/index.ts';
import { absolute, toMoney } from '../../../kernel/money.ts';
import { shownBalance } from '../domain/account-state.ts';
import { type ExportedTransaction, exportKeys } from '../domain/export-keys.ts';
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

/** The amount is positive whichever way the money went; on a loan the balance is what is still owed. */
function toTransaction(
  context: TransactionContext,
  row: CoreTransaction,
  id: string,
  image: string | undefined,
): TransactionAnswer {
  const { account } = context;
  const { currency } = account;
  const info = additionalInfoOf(context, row);
  return {
    id,
    institutionId: context.institutionId,
    institutionUserId: context.institutionUserId,
    institutionCustomerId: account.customerId,
    accountId: context.accountId,
    transactionNumber: String(row.transactionNumber),
    transactionDate: row.transactionDate,
    ...(row.effectiveDate !== undefined && { effectiveDate: row.effectiveDate }),
    ...(row.description !== undefined && { description: row.description }),
    amount: toMoney(absolute(row.amountMinor), currency),
    ...(row.balanceAfterMinor !== undefined && {
      ledgerBalance: toMoney(shownBalance(account, row.balanceAfterMinor), currency),
    }),
    ...(hasRareMembers(row) && rareMembers(context, row, image)),
    type: row.type,
    isCreditTransaction: row.amountMinor > 0n,
    // What may still change or go away is in no one's books.
    isExportable: !row.isPending,
    isPending: row.isPending,
    ...(info.length > 0 && { additionalInfo: { entry: info } }),
  };
}

/** Most rows of a page have none of them, and each costs a little to leave out. */
function hasRareMembers(row: CoreTransaction): boolean {
  return (
    row.hostTransactionId !== undefined ||
    row.memo !== undefined ||
    row.checkNumber !== undefined ||
    row.imageType !== undefined ||
    row.feesMinor !== undefined ||
    row.principalMinor !== undefined ||
    row.escrowMinor !== undefined ||
    row.interestMinor !== undefined
  );
}

function rareMembers({ account }: TransactionContext, row: CoreTransaction, image: string | undefined) {
  const { currency, micrNumber } = account;
  return {
    ...(row.hostTransactionId !== undefined && { hostTransactionId: row.hostTransactionId }),
    ...(row.memo !== undefined && { memo: row.memo }),
    ...(row.feesMinor !== undefined && { fee: toMoney(row.feesMinor, currency) }),
    ...(row.principalMinor !== undefined && { amountToPrincipal: toMoney(row.principalMinor, currency) }),
    ...(row.escrowMinor !== undefined && { amountToEscrow: toMoney(row.escrowMinor, currency) }),
    ...(row.interestMinor !== undefined && { amountToInterest: toMoney(row.interestMinor, currency) }),
    ...(row.checkNumber !== undefined && { checkNumber: row.checkNumber }),
    ...(row.checkNumber !== undefined && micrNumber !== undefined && { micrNumber }),
    ...(row.imageType !== undefined &&
      image !== undefined && { transactionImage: { imageType: row.imageType, imageIdentifier: image } }),
  };
}

/** Keys of the institution's list that have a value; enrichment only for whoever may read it. */
function additionalInfoOf(context: TransactionContext, row: CoreTransaction): { key: string; value: string }[] {
  const exported: ExportedTransaction = {
    transactionDate: row.transactionDate,
    amountMinor: row.amountMinor,
    type: row.type,
    text: row.description ?? row.memo ?? '',
  };
  const entries: { key: string; value: string }[] = [];
  for (const key of context.additionalInfoKeys) {
    const value = infoValue(key, context, row, exported);
    if (value !== undefined) entries.push({ key, value });
  }
  return entries;
}

function infoValue(
  key: string,
  { zoneLabel, isEnriched }: TransactionContext,
  row: CoreTransaction,
  exported: ExportedTransaction,
): string | undefined {
  switch (key) {
    case 'ofxTid':
      return exportKeys.ofxTid(exported, zoneLabel);
    case 'dcTid':
      return exportKeys.dcTid(exported);
    case 'ccTid':
      return exportKeys.ccTid(exported);
    case 'merchantName':
      return isEnriched ? row.merchantName : undefined;
    case 'merchantCategory':
      return isEnriched ? row.merchantCategory : undefined;
    default:
      // Other keys, merchantLogoUrl among them, have no value in a core that keeps none.
      return undefined;
  }
}
