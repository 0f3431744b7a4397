import type { getBankingImage, listBankingImages } from '@openbranch/contract/documents/image-operations';
import type { Call } from '../../../http/call.ts';
import { toInstitutionDate } from '../../../kernel/institution-time.ts';
import { findAccountOfUser, findLocation, isHistoryReadable, type UserAccount } from '../../accounts/index.ts';
import { findNamedUser, type UserReach } from '../../customers/index.ts';
import {
  decideImageType,
  earliestKept,
  hasTooLong,
  type ImageType,
  isBlank,
  isTransactionImage,
} from '../domain/image-request.ts';
import { decideAccountType, decideServed } from '../domain/image-settings.ts';
import { hasAcceptedStatements } from '../domain/statement-consent.ts';
import type { StatementWindow } from '../domain/statement-period.ts';
import { listDecisions } from '../store/user-disclosures.ts';
import type { DocumentsParts } from './documents-parts.ts';

export type ImageCall = Call<typeof listBankingImages> | Call<typeof getBankingImage>;

/** Whose images of which account are asked for. */
export interface ImageSubject {
  readonly type: ImageType;
  readonly user: UserReach;
  readonly account: UserAccount;
  /** As the caller named it. */
  readonly accountId: string;
  readonly window: StatementWindow;
}

const userErrors = {
  blank: 'userParameterInvalid',
  both: 'userParameterInvalid',
  none: 'userParameterInvalid',
  notTheTokens: 'userNotCovered',
  unknown: 'userNotFound',
} as const;

/** The checks that come before the parameters of one family of images, in the order of the contract. */
export async function findImageSubject(call: ImageCall, parts: DocumentsParts): Promise<ImageSubject> {
  const { institution, now, query } = call;
  const policy = institution.policies.images;
  if (hasTooLong(query)) throw call.error('parameterTooLong');
  const type = decideImageType(query.imageType, policy.offered);
  if (!type.ok) throw call.error(type.refusal);
  const { accountId } = query;
  if (isBlank(accountId)) throw call.error('accountIdMissing');
  const user = await findUser(call);
  const customerId = locationOf(call, user);
  const served = decideServed(policy, type.value);
  if (!served.ok) throw call.error(served.refusal);
  const account = await findAccount(call, parts, user, { accountId, customerId });
  // A statement tells every row of the history, so it is shown to nobody who may not read that.
  if (account === undefined || !isHistoryReadable(account.actions)) throw call.error('accountNotFound');
  const fit = decideAccountType(policy, type.value, account.accountType);
  if (!fit.ok) throw call.error(fit.refusal);
  if (!isTransactionImage(type.value)) await checkConsent(call, user, account, accountId);
  const today = toInstitutionDate(now, institution.timeZone);
  const closedThrough = isTransactionImage(type.value) ? today : await parts.core.findClosedThrough(call.sql, institution, now);
  const window = { today, earliest: earliestKept(today, policy.retentionYears), closedThrough };
  return { type: type.value, user, account, accountId, window };
}

async function findUser(call: ImageCall): Promise<UserReach> {
  const { principal, query } = call;
  const isUnnamed = principal.user === undefined && query.hostUserId === undefined && query.loginId === undefined;
  // Only users of businesses have locations.
  if (isUnnamed && query.institutionCustomerId !== undefined) throw call.error('businessUserMissing');
  const named = await findNamedUser(call.sql, principal, query);
  if (!named.ok) throw call.error(userErrors[named.refusal]);
  const isBusinessByNumber =
    principal.user === undefined && named.value.userType === 'BUSINESS' && query.hostUserId !== undefined;
  if (isBusinessByNumber) throw call.error('businessUserMissing');
  return named.value;
}

/** @returns The location of a business; undefined for a retail user, whose accounts are all of its own. */
function locationOf(call: ImageCall, { userType, customers }: UserReach): string | undefined {
  const { institutionCustomerId: named } = call.query;
  if (named === undefined && userType === 'RETAIL') return undefined;
  if (named !== undefined && isBlank(named)) throw call.error('userParameterInvalid');
  const found = named === undefined ? undefined : findLocation(customers, named);
  if (found === undefined) throw call.error('locationInvalid');
  return userType === 'RETAIL' ? undefined : found;
}

async function findAccount(
  { institution, sql }: ImageCall,
  { core, ids }: DocumentsParts,
  user: UserReach,
  { accountId, customerId }: { readonly accountId: string; readonly customerId: string | undefined },
): Promise<UserAccount | undefined> {
  const key = ids.decode('account', institution.institutionId, accountId);
  if (key === undefined) return undefined;
  const customers = user.customers.filter((one) => customerId === undefined || one.customerId === customerId);
  return findAccountOfUser(core, sql, { ...user, customers }, key.accountKey);
}

async function checkConsent(call: ImageCall, user: UserReach, account: UserAccount, accountId: string): Promise<void> {
  const { institution, sql } = call;
  const rows = await listDecisions(sql, {
    institutionId: institution.institutionId,
    institutionUserId: user.institutionUserId,
    institutionCustomerId: user.userType === 'RETAIL' ? undefined : account.customerId,
  });
  const { multiStatement } = institution.policies.statements;
  if (!account.actions.isOnlineStatementEnabled || !hasAcceptedStatements(rows, accountId, multiStatement))
    throw call.error('statementsNotAccepted');
}
