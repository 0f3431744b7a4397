import { accept, type Result, refuse } from '../../../kernel/result.ts';

/** What a tester asks the core to book. */
export interface PostingRequest {
  readonly type: 'credit' | 'debit' | 'cheque' | 'hold';
  /** In units of the currency. */
  readonly amount: number;
  readonly description?: string | undefined;
  readonly memo?: string | undefined;
  readonly checkNumber?: string | undefined;
  readonly merchantName?: string | undefined;
  readonly merchantCategory?: string | undefined;
  readonly transactionDate?: string | undefined;
  readonly isPending?: boolean | undefined;
  readonly expiresAt?: string | undefined;
  readonly mayOverdraw?: boolean | undefined;
}

export interface PostedAccount {
  readonly accountType: string;
  readonly category: string;
  readonly isClosed: boolean;
  /** The most that may go out. */
  readonly spendableMinor: bigint;
}

/** Positive when the owner of the account gains. */
export interface DecidedPosting {
  readonly amountMinor: bigint;
  readonly isPending: boolean;
  readonly kind: string;
  readonly transactionDate: string;
  readonly expiresAt: Date | undefined;
  readonly text: DecidedText;
}

interface DecidedText {
  readonly type: string;
  readonly description: string;
  readonly memo: string | undefined;
  readonly checkNumber: string | undefined;
  readonly imageType: 'CHECK' | undefined;
  readonly merchantName: string | undefined;
  readonly merchantCategory: string | undefined;
}

type Refusal = 'postingInvalid' | 'accountClosed' | 'fundsInsufficient';

/**
 * @param today YYYY-MM-DD in the institution; what is booked is not dated later, what is pending may be.
 * @param now The institution's time; a hold ends after it.
 */
export function decidePosting(
  account: PostedAccount,
  request: PostingRequest,
  today: string,
  now: Date,
): Result<DecidedPosting, Refusal> {
  const amountMinor = toMinor(request.amount);
  const isPending = request.type === 'hold' || request.isPending === true;
  const transactionDate = request.transactionDate ?? today;
  const expiresAt = request.expiresAt === undefined ? undefined : new Date(request.expiresAt);
  if (amountMinor === undefined || !isPlausible(request, isPending, now, expiresAt)) return refuse('postingInvalid');
  if (transactionDate < '1970-01-01' || transactionDate > '2100-12-31') return refuse('postingInvalid');
  if (!isPending && transactionDate > today) return refuse('postingInvalid');
  if (account.isClosed) return refuse('accountClosed');
  const isCredit = request.type === 'credit';
  if (!isCredit && request.mayOverdraw !== true && amountMinor > account.spendableMinor) return refuse('fundsInsufficient');
  return accept({
    amountMinor: isCredit ? amountMinor : -amountMinor,
    isPending,
    kind: kinds[request.type],
    transactionDate,
    expiresAt,
    text: textOf(account, request),
  });
}

const kinds = { credit: 'deposit', debit: 'withdrawal', cheque: 'cheque', hold: 'hold' } as const;

/** A cheque has a number and is booked when it is here; only what is pending can end. */
function isPlausible(request: PostingRequest, isPending: boolean, now: Date, expiresAt: Date | undefined): boolean {
  const isCheque = request.type === 'cheque';
  if (isCheque !== (request.checkNumber !== undefined)) return false;
  if (isCheque && isPending) return false;
  if (request.type === 'hold' && request.isPending === false) return false;
  return expiresAt === undefined || (isPending && expiresAt > now);
}

/** Undefined when there are more than two decimals. */
export function toMinor(amount: number): bigint | undefined {
  const minor = Math.round(amount * 100);
  return minor > 0 && Math.abs(amount * 100 - minor) < 1e-4 ? BigInt(minor) : undefined;
}

function textOf(account: PostedAccount, request: PostingRequest): DecidedText {
  const { type, checkNumber, merchantName } = request;
  const otherwise = type === 'cheque' ? `Check ${checkNumber}` : (merchantName ?? defaultTexts[type]);
  return {
    type: transactionTypeOf(account, request),
    description: request.description ?? otherwise,
    memo: request.memo,
    checkNumber,
    imageType: type === 'cheque' ? 'CHECK' : undefined,
    merchantName,
    merchantCategory: request.merchantCategory,
  };
}

const defaultTexts = { credit: 'Deposit', debit: 'Withdrawal', hold: 'Pending purchase' } as const;

function transactionTypeOf({ accountType, category }: PostedAccount, { type, merchantName }: PostingRequest): string {
  if (type === 'cheque') return 'CHECK';
  const isCard = accountType === 'CREDIT_CARD_LOAN';
  if (type === 'credit') return isCard ? 'PAYMENT_CREDIT_CARD' : category === 'DEPOSIT' ? 'DEPOSIT' : 'PAYMENT';
  if (isCard) return 'RETAIL_PURCHASE';
  if (category !== 'DEPOSIT') return 'ADVANCE';
  return merchantName !== undefined || type === 'hold' ? 'POS_PURCHASE' : 'WITHDRAWAL';
}
