import { toDecimalText } from '../../../kernel/money.ts';
import { accept, type Result, refuse } from '../../../kernel/result.ts';

/** What a confirmation tells, as 12 CFR 1005.9 wants it of electronic transfers: when, how much, from and to which account. */
export interface Confirmed {
  readonly date: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly fromAccountNumber: string;
  readonly toAccountNumber: string;
  readonly memo: string | undefined;
  readonly reference: string;
}

/** A template of the institution that is empty or names a value that there is not makes no confirmation. */
export function writeConfirmation(template: string, confirmed: Confirmed): Result<string, 'confirmationBroken'> {
  const values: Readonly<Record<string, string>> = {
    date: confirmed.date,
    amount: `${confirmed.currency} ${toDecimalText(confirmed.amountMinor)}`,
    from: `account ${maskAccountNumber(confirmed.fromAccountNumber)}`,
    to: `account ${maskAccountNumber(confirmed.toAccountNumber)}`,
    memo: confirmed.memo ?? '',
    reference: confirmed.reference,
  };
  if (template.trim() === '') return refuse('confirmationBroken');
  let isBroken = false;
  const text = template.replace(/\{\{(\w{0,32})\}\}/gu, (_, name: string) => {
    isBroken ||= !Object.hasOwn(values, name);
    return values[name] ?? '';
  });
  return isBroken ? refuse('confirmationBroken') : accept(text);
}

/** The number by which a customer asks about a scheduled transfer: the beginning of its id. */
export function referenceOfSchedule(scheduleId: string): string {
  return scheduleId.slice(0, 12);
}

/**
 * The last four characters, and never the whole of a short number.
 * @param lead `x` in texts for people, an asterisk in the activity log.
 */
export function maskAccountNumber(accountNumber: string, lead: 'x' | '*' = 'x'): string {
  return `${lead}${accountNumber.length > 4 ? accountNumber.slice(-4) : accountNumber.slice(-2)}`;
}
