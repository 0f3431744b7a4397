import type { Principal, TokenUser } from '../../../kernel/principal.ts';
import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { Sql } from '../../../platform/db/database.ts';
import { findLocation } from '../../accounts/index.ts';
import {
  findUserById,
  findUserByLogin,
  findUserByMemberNumber,
  type InstitutionUser,
  listReachedCustomers,
} from '../../customers/index.ts';

/** Whom a call is about, as its query names them. */
export interface UserQuery {
  readonly hostUserId?: string;
  readonly loginId?: string;
  readonly institutionCustomerId?: string;
}

/** A user, and of a business user the location. */
export interface FoundUser {
  readonly user: InstitutionUser;
  readonly institutionCustomerId: string | undefined;
}

type Refusal = 'queryParamInvalid' | 'notFoundForUser' | 'notAuthorised' | 'locationRequired';

/** User context and location (contract sheet "Disclosures", section 2). */
export async function findDecidingUser(
  sql: Sql,
  { institution: { institutionId }, user: tokenUser }: Principal,
  query: UserQuery,
): Promise<Result<FoundUser, Refusal>> {
  const found = await (tokenUser === undefined
    ? findNamedUser(sql, institutionId, query)
    : findTokenUser(sql, institutionId, tokenUser, query));
  if (!found.ok) return found;
  const location = await locationOf(sql, found.value, query.institutionCustomerId);
  return location.ok ? accept({ user: found.value, institutionCustomerId: location.value }) : location;
}

async function findNamedUser(
  sql: Sql,
  institutionId: string,
  { hostUserId, loginId }: UserQuery,
): Promise<Result<InstitutionUser, Refusal>> {
  if ((hostUserId === undefined) === (loginId === undefined)) return refuse('queryParamInvalid');
  const user =
    loginId === undefined
      ? await findRetailUser(sql, institutionId, hostUserId ?? '')
      : await findUserByLogin(sql, institutionId, loginId);
  return user === undefined ? refuse('notFoundForUser') : accept(user);
}

/** Member numbers name retail users only. */
async function findRetailUser(sql: Sql, institutionId: string, memberNumber: string): Promise<InstitutionUser | undefined> {
  const user = await findUserByMemberNumber(sql, institutionId, memberNumber);
  return user?.userType === 'RETAIL' ? user : undefined;
}

/** A token of one user learns nothing of others, not even whether they exist. */
async function findTokenUser(
  sql: Sql,
  institutionId: string,
  { institutionUserId }: TokenUser,
  { hostUserId, loginId }: UserQuery,
): Promise<Result<InstitutionUser, Refusal>> {
  const user = await findUserById(sql, institutionId, institutionUserId);
  if (user === undefined) return refuse('notFoundForUser');
  if (loginId !== undefined && loginId.toLowerCase() !== user.loginName.toLowerCase()) return refuse('notAuthorised');
  if (hostUserId === undefined) return accept(user);
  const named = await findRetailUser(sql, institutionId, hostUserId);
  return named?.institutionUserId === institutionUserId ? accept(user) : refuse('notAuthorised');
}

/** Rows of a business user belong to a location; a retail user has none, and may only name its own customer. */
async function locationOf(
  sql: Sql,
  { institutionId, institutionUserId, userType, customerGuid }: InstitutionUser,
  named: string | undefined,
): Promise<Result<string | undefined, 'locationRequired'>> {
  const isRetail = userType === 'RETAIL';
  if (named === undefined) return isRetail ? accept(undefined) : refuse('locationRequired');
  if (isRetail && findLocation([{ customerId: customerGuid }], named) !== undefined) return accept(undefined);
  const customerId = findLocation(await listReachedCustomers(sql, institutionId, institutionUserId), named);
  if (customerId === undefined) return refuse('locationRequired');
  return accept(isRetail ? undefined : customerId);
}
