import type { Institution } from '../../../kernel/institution.ts';
import type { Principal } from '../../../kernel/principal.ts';
import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { Sql } from '../../../platform/db/database.ts';
import { findUserById, findUserByLogin, findUserByMemberNumber, listReachedCustomers } from '../../customers/index.ts';
import { namedLocation, reachedLocation } from '../domain/addressed-location.ts';

/** Whose preferences a call is about. */
export interface AlertUser {
  readonly institutionId: string;
  readonly institutionUserId: string;
  /** The location that the call names; undefined means all on read, and the default one on write. */
  readonly customerId: string | undefined;
  readonly defaultCustomerId: string;
}

/** A call that names a location knows nothing of the others. */
export function isAtNamedLocation({ customerId }: AlertUser, preference: { readonly customerId: string }): boolean {
  return customerId === undefined || customerId === preference.customerId;
}

interface UserQuery {
  readonly hostUserId?: string | undefined;
  readonly loginId?: string | undefined;
  readonly institutionCustomerId?: string | undefined;
}

/** What of a call says which user is meant. */
export interface UserCall {
  readonly institution: Institution;
  readonly principal: Principal;
  readonly sql: Sql;
  readonly query: UserQuery;
  header(name: string): string | undefined;
}

type Refusal = 'userInvalid' | 'userNotCovered' | 'valueInvalid';
type FoundUser = NonNullable<Awaited<ReturnType<typeof findUserById>>>;

/** The user of the token, or the one that an application names (contract sheet "Alerts", section 2). */
export async function findAlertUser(call: UserCall, locationInBody?: string): Promise<Result<AlertUser, Refusal>> {
  const { sql, query, institution } = call;
  const location = namedLocation([call.header('institutionCustomerId'), query.institutionCustomerId, locationInBody]);
  if (!location.ok) return location;
  const named = await findNamedUser(call);
  if (!named.ok) return named;
  const { institutionUserId, customerGuid } = named.value;
  const reached = await listReachedCustomers(sql, institution.institutionId, institutionUserId);
  const customerIds = reached.map(({ customerId }) => customerId);
  const customerId = reachedLocation(location.value, { customerIds, ownGuid: customerGuid });
  if (!customerId.ok) return customerId;
  return accept({
    institutionId: institution.institutionId,
    institutionUserId,
    customerId: customerId.value,
    defaultCustomerId: customerIds[0] ?? customerGuid,
  });
}

async function findNamedUser({ sql, query, principal, institution }: UserCall): Promise<Result<FoundUser, Refusal>> {
  const { institutionId } = institution;
  const { hostUserId, loginId } = query;
  if (hostUserId !== undefined && loginId !== undefined) return refuse('userInvalid');
  const tokenUser = principal.user;
  if (hostUserId === undefined && loginId === undefined) {
    const own = tokenUser === undefined ? undefined : await findUserById(sql, institutionId, tokenUser.institutionUserId);
    return own === undefined ? refuse('userInvalid') : accept(own);
  }
  const found = await findByName(sql, institutionId, hostUserId, loginId);
  // A token of one user learns nothing of others, not even whether they exist.
  if (tokenUser !== undefined && found?.institutionUserId !== tokenUser.institutionUserId) return refuse('userNotCovered');
  return found === undefined ? refuse('userInvalid') : accept(found);
}

async function findByName(
  sql: Sql,
  institutionId: string,
  hostUserId: string | undefined,
  loginId: string | undefined,
): Promise<FoundUser | undefined> {
  if (loginId !== undefined) return loginId.length > 256 ? undefined : findUserByLogin(sql, institutionId, loginId);
  return hostUserId === undefined ? undefined : findRetailUserByMemberNumber(sql, institutionId, hostUserId);
}

export async function findRetailUserByMemberNumber(
  sql: Sql,
  institutionId: string,
  hostUserId: string,
): Promise<FoundUser | undefined> {
  if (!/^[0-9A-Za-z]{1,32}$/u.test(hostUserId)) return undefined;
  const user = await findUserByMemberNumber(sql, institutionId, hostUserId);
  // Member numbers name retail users only.
  return user?.userType === 'RETAIL' ? user : undefined;
}
