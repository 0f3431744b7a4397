import { accept, type Result, refuse } from '../../../kernel/result.ts';
import { parseDecisionTime } from './decision-time.ts';
import { kindOf } from './disclosure.ts';
import type { UserDisclosure } from './user-disclosure.ts';

/** What a caller sends to choose electronic or paper statements. */
export interface PreferenceChange {
  readonly isElectronic: boolean;
  readonly decidedAt: Date;
}

type BodyRefusal = 'inputMissing' | 'requestInvalid';

/** @param body As it was sent; nothing of it has been looked at. */
export function decidePreferenceChange(body: object, now: Date): Result<PreferenceChange, BodyRefusal> {
  // Other published texts spell it with a capital (CR-59).
  const isElectronic: unknown = Reflect.get(body, 'activateEstatement') ?? Reflect.get(body, 'activateEStatement') ?? undefined;
  const updatedAt: unknown = Reflect.get(body, 'disclosureStatusUpdatedAt') ?? undefined;
  if (isElectronic === undefined) return refuse('inputMissing');
  if (typeof isElectronic !== 'boolean' || (updatedAt !== undefined && typeof updatedAt !== 'string'))
    return refuse('requestInvalid');
  const decidedAt = parseDecisionTime(updatedAt, now);
  return decidedAt === undefined ? refuse('requestInvalid') : accept({ isElectronic, decidedAt });
}

/** The account that a body names. */
export function decideNamedAccount(body: object): Result<string, BodyRefusal> {
  const accountId: unknown = Reflect.get(body, 'accountId') ?? undefined;
  if (accountId === undefined || accountId === '') return refuse('inputMissing');
  return typeof accountId === 'string' && /^[A-Za-z0-9_-]{43}$/u.test(accountId) ? accept(accountId) : refuse('requestInvalid');
}

/** Decisions on online statements: the user's own, and those on single accounts. */
export function statementDecisions(rows: readonly UserDisclosure[]): {
  readonly ofUser: UserDisclosure | undefined;
  readonly ofAccounts: readonly UserDisclosure[];
} {
  const decisions = rows.filter(({ disclosure }) => kindOf(disclosure.name) === 'OLS');
  return {
    ofUser: decisions.find(({ accountId }) => accountId === undefined),
    ofAccounts: decisions.filter(({ accountId }) => accountId !== undefined),
  };
}

/** The decision on one account, if its preference may be changed. */
export function decideAccountPreference(
  rows: readonly UserDisclosure[],
  accountId: string,
): Result<UserDisclosure, 'accountNotInDisclosure' | 'disclosureNotAccepted'> {
  const row = statementDecisions(rows).ofAccounts.find((one) => one.accountId === accountId);
  if (row === undefined) return refuse('accountNotInDisclosure');
  return row.status === 'ACCEPTED' ? accept(row) : refuse('disclosureNotAccepted');
}

export function withPreference(row: UserDisclosure, { isElectronic, decidedAt }: PreferenceChange): UserDisclosure {
  return { ...row, paperWaiver: isElectronic, statusAt: decidedAt };
}
