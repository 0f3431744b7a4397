/** What the core says of the payee. */
export interface PayeeFacts {
  /** The member whose number was given, or who holds the account. */
  readonly member: { readonly memberNumber: string; readonly lastName: string } | undefined;
  /** The account of that number. */
  readonly account: PayeeAccount | undefined;
  /** Who holds it. */
  readonly holders: readonly string[];
}

export interface PayeeAccount {
  readonly accountType: string;
  readonly closedOn: string | undefined;
  readonly statusFlags: readonly string[];
  readonly mayTransferTo: boolean;
  readonly transferRestriction: string | undefined;
}

export type ValidationRefusal = 'memberNotFound' | 'accountNotFound' | 'passCodeWrong';

/**
 * The test transfer to a payee (contract sheet "Money movement", section 5): member, then account, then passcode.
 * @returns Nothing when all is well.
 */
export function decideValidation(
  { accountType, passCode }: { readonly accountType: string | undefined; readonly passCode: string | undefined },
  { member, account, holders }: PayeeFacts,
): ValidationRefusal | undefined {
  if (member === undefined) return 'memberNotFound';
  const isTheirs = account !== undefined && holders.includes(member.memberNumber);
  const isOfType = accountType === undefined || account?.accountType === accountType;
  if (!isTheirs || !isOfType || !mayReceive(account)) return 'accountNotFound';
  return isPassCodeOf(member.lastName, passCode) ? undefined : 'passCodeWrong';
}

/** Open, and neither it nor the institution excludes it from transfers. */
function mayReceive(account: PayeeAccount): boolean {
  return (
    isUsable(account) &&
    account.mayTransferTo &&
    account.transferRestriction !== 'EXCLUDE_ALL' &&
    account.transferRestriction !== 'EXCLUDE_AS_TO'
  );
}

const endedBy = new Set(['writtenOff', 'deleted', 'notApproved']);

/** Neither closed nor written off, deleted or still to be approved. */
export function isUsable({ closedOn, statusFlags }: Pick<PayeeAccount, 'closedOn' | 'statusFlags'>): boolean {
  return closedOn === undefined && !statusFlags.some((flag) => endedBy.has(flag));
}

/** The first three letters of the last name, upper and lower case alike; a shorter name is taken whole. */
export function isPassCodeOf(lastName: string, passCode: string | undefined): boolean {
  const letters = lastName.replace(/[^A-Za-z]/gu, '').slice(0, 3);
  return letters !== '' && passCode?.toLowerCase() === letters.toLowerCase();
}
