/**
 * Regulation D (12 CFR 204.2(d)): what leaves savings by transfer or by cheque, card and the like is counted for each
 * calendar month. What the owner fetches at a counter or a machine is not.
 */
const transferTypes: readonly string[] = [
  ...['TRANSFER_DEBIT', 'ELECTRONIC_TRANSFER_DEBIT', 'TELEPHONE_TRANSFER_DEBIT', 'AUTOMATIC_DEBIT', 'BILL_PAYMENT'],
];
const chequeTypes: readonly string[] = ['CHECK', 'ACH_CHECK', 'POS_PURCHASE'];

/** Types of transactions that count. */
export const regDTypes: readonly string[] = [...transferTypes, ...chequeTypes];

/** What of a month's allowance of one account is used. */
export interface RegDUse {
  readonly transferCount: number;
  readonly chequeCount: number;
}

/** @returns 0 for accounts that are not bound. */
export function regDMaximumOf({ regDMaximum }: { readonly regDMaximum: number }, accountType: string): number {
  return isRegDBound(accountType) ? regDMaximum : 0;
}

export function isRegDBound(accountType: string): boolean {
  return accountType === 'SAVINGS' || accountType === 'MONEY_MARKET';
}

/** @param today YYYY-MM-DD, of the institution. */
export function regDMonthOf(today: string): { readonly from: string; readonly to: string } {
  return { from: `${today.slice(0, 'yyyy-mm'.length)}-01`, to: today };
}

/** @param counts Of any accounts and types. */
export function regDUseOf(
  accountKey: bigint,
  counts: readonly { readonly accountKey: bigint; readonly type: string; readonly count: number }[],
): RegDUse {
  const sumOf = (types: readonly string[]): number =>
    counts.reduce((sum, one) => (one.accountKey === accountKey && types.includes(one.type) ? sum + one.count : sum), 0);
  return { transferCount: sumOf(transferTypes), chequeCount: sumOf(chequeTypes) };
}
