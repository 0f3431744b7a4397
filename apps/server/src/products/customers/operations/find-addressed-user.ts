import type { Principal } from '../../../kernel/principal.ts';
import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { Sql } from '../../../platform/db/database.ts';
import { type InstitutionUser, isCoveredBy } from '../domain/institution-user.ts';
import { parseCustomerId, parseInstitutionUserId, parseLoginName, parseMemberNumber } from '../domain/path-identifier.ts';
import {
  findUserByAuthId,
  findUserByCustomerId,
  findUserById,
  findUserByLogin,
  findUserByMemberNumber,
} from '../store/institution-users.ts';

export type UserIdType = 'INSTITUTION_USER_ID' | 'HOST_USER_ID' | 'LOGIN_ID' | 'CUSTOMER_ID' | 'LEGACY_USER_GUID' | 'USER_ID';

type Found = Result<InstitutionUser | undefined, 'pathInvalid'>;

type Refusal = 'pathInvalid' | 'queryInvalid' | 'userNotCovered' | 'userNotFound';

/**
 * The user that a path of the institution users' family names (contract sheet "Customers", section 1.1), if the token
 * covers it.
 */
export async function findAddressedUser(
  sql: Sql,
  { institution, user: tokenUser }: Principal,
  idType: UserIdType,
  value: string,
): Promise<Result<InstitutionUser, Refusal>> {
  const found = await findByIdType(sql, institution.institutionId, idType, value);
  if (!found.ok) return found;
  const user = found.value;
  // A token of one user learns nothing of others, not even whether they exist.
  if (tokenUser !== undefined && (user === undefined || !isCoveredBy(user, tokenUser.institutionUserId))) {
    return refuse('userNotCovered');
  }
  if (user === undefined) return refuse('userNotFound');
  // Member numbers name retail users only.
  return idType === 'HOST_USER_ID' && user.userType === 'BUSINESS' ? refuse('queryInvalid') : accept(user);
}

async function findByIdType(sql: Sql, institutionId: string, idType: UserIdType, value: string): Promise<Found> {
  switch (idType) {
    case 'INSTITUTION_USER_ID':
      return findBy(parseInstitutionUserId(value), (id) => findUserById(sql, institutionId, id));
    case 'LOGIN_ID':
      return findBy(parseLoginName(value), (login) => findUserByLogin(sql, institutionId, login));
    case 'CUSTOMER_ID':
    case 'LEGACY_USER_GUID':
      return findBy(parseCustomerId(value), (id) => findUserByCustomerId(sql, institutionId, id));
    case 'USER_ID':
      return findBy(parseCustomerId(value), (id) => findUserByAuthId(sql, institutionId, id));
    case 'HOST_USER_ID':
      return findBy(parseMemberNumber(value), (member) => findUserByMemberNumber(sql, institutionId, member));
  }
}

async function findBy(
  identifier: string | undefined,
  find: (identifier: string) => Promise<InstitutionUser | undefined>,
): Promise<Found> {
  return identifier === undefined ? refuse('pathInvalid') : accept(await find(identifier));
}
