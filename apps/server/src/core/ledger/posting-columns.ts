import type { NewPosting } from '../port.ts';
import { internalAccountKeys } from './internal-accounts.ts';

/** What is stored of a posting, in the order of the columns of `postingColumns`. */
export interface PostingValues {
  readonly account_key: bigint;
  readonly amount_minor: bigint;
  readonly transaction_type: string;
  readonly description: string | undefined;
  readonly memo: string | undefined;
  readonly check_number: string | undefined;
  readonly host_transaction_id: string | undefined;
  readonly image_type: string | undefined;
  readonly principal_minor: bigint | undefined;
  readonly interest_minor: bigint | undefined;
  readonly escrow_minor: bigint | undefined;
  readonly fees_minor: bigint | undefined;
  readonly merchant_name: string | undefined;
  readonly merchant_category: string | undefined;
}

export function toPostingValues(posting: NewPosting): PostingValues {
  return {
    account_key: accountKeyOf(posting),
    amount_minor: posting.amountMinor,
    transaction_type: posting.type,
    description: posting.description,
    memo: posting.memo,
    check_number: posting.checkNumber,
    host_transaction_id: posting.hostTransactionId,
    image_type: posting.imageType,
    principal_minor: posting.principalMinor,
    interest_minor: posting.interestMinor,
    escrow_minor: posting.escrowMinor,
    fees_minor: posting.feesMinor,
    merchant_name: posting.merchantName,
    merchant_category: posting.merchantCategory,
  };
}

export function accountKeyOf({ account }: Pick<NewPosting, 'account'>): bigint {
  return 'key' in account ? account.key : internalAccountKeys[account.internal];
}

/** @throws Error when the amounts do not sum to zero, or one of them is zero: a mistake of the program. */
export function assertBalanced(amounts: readonly bigint[]): void {
  const sum = amounts.reduce((total, amount) => total + amount, 0n);
  if (sum !== 0n) throw new Error(`An entry must sum to zero, and this one sums to ${sum}.`);
  if (amounts.length < 2 || amounts.includes(0n)) throw new Error('An entry needs two postings or more, and none of zero.');
}
