import type { Principal } from '../../../kernel/principal.ts';
import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { Sql, Tx } from '../../../platform/db/database.ts';
import type { InstitutionUser } from '../domain/institution-user.ts';
import { parseCustomerId, parseLoginName } from '../domain/path-identifier.ts';
import { findUserByCustomerId, findUserByLogin, isKnownCustomer } from '../store/institution-users.ts';

type Refusal = 'pathInvalid' | 'customerNotCovered' | 'noDigitalUser' | 'customerNotFound';

/**
 * The user that a path of the customers family names (contract sheet "Customers", section 1.1), when the token covers it.
 * @param idType Undefined: 32 hexadecimal digits are a customer first, all else is a login name.
 */
export async function findCoveredCustomer(
  sql: Sql | Tx,
  principal: Principal,
  value: string,
  idType: 'CUSTOMER_ID' | 'LOGIN_ID' | undefined,
): Promise<Result<InstitutionUser, Refusal>> {
  const { institutionId } = principal.institution;
  const customerId = idType === 'LOGIN_ID' ? undefined : parseCustomerId(value);
  const loginName = idType === 'CUSTOMER_ID' ? undefined : parseLoginName(value);
  if (customerId === undefined && loginName === undefined) return refuse('pathInvalid');
  const user =
    (customerId === undefined ? undefined : await findUserByCustomerId(sql, institutionId, customerId)) ??
    (loginName === undefined ? undefined : await findUserByLogin(sql, institutionId, loginName));
  // A token of one user learns nothing of others, not even whether they exist.
  if (principal.user !== undefined && principal.user.institutionUserId !== user?.institutionUserId)
    return refuse('customerNotCovered');
  if (user !== undefined) return accept(user);
  const isKnown = customerId !== undefined && (await isKnownCustomer(sql, institutionId, customerId));
  return refuse(isKnown ? 'noDigitalUser' : 'customerNotFound');
}
