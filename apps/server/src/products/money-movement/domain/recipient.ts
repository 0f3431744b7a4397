/** A payee at the same institution, whom a user has saved. */
export interface Recipient extends RecipientDetails {
  /** 32 upper hex. */
  readonly recipientId: string;
  /** Whose recipient it is. */
  readonly institutionUserId: string;
}

export interface RecipientDetails {
  /** Absent where the provider derives it from the account. */
  readonly memberNumber: string | undefined;
  readonly accountNumber: string;
  readonly accountType: string | undefined;
  readonly passCode: string | undefined;
  readonly email: string | undefined;
  /** Unique among the recipients of a user, upper and lower case alike. */
  readonly nickName: string | undefined;
  readonly fullName: string | undefined;
}

/** What comes first when both are taken: the payee, then the nickname. */
export type Duplicate = 'recipientExists' | 'nickNameTaken';

/** @param others Recipients of the same user, without the one that is being changed. */
export function findDuplicate(
  wanted: RecipientDetails,
  others: readonly Pick<RecipientDetails, 'memberNumber' | 'accountNumber' | 'accountType' | 'nickName'>[],
): Duplicate | undefined {
  const isSamePayee = others.some(
    (other) =>
      other.memberNumber === wanted.memberNumber &&
      other.accountNumber === wanted.accountNumber &&
      other.accountType === wanted.accountType,
  );
  if (isSamePayee) return 'recipientExists';
  const nickName = wanted.nickName?.toLowerCase();
  const isTaken = nickName !== undefined && others.some((other) => other.nickName?.toLowerCase() === nickName);
  return isTaken ? 'nickNameTaken' : undefined;
}
