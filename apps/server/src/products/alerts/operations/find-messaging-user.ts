import type { Sql } from '../../../platform/db/database.ts';
import { findUserByCustomerId, type InstitutionUser } from '../../customers/index.ts';

const customerGuid = /^[0-9a-f]{32}$/iu;

/** The user whose customer a V1 path names; a location of a business is its administrator. What has no GUID is nobody. */
export async function findMessagingUser(
  sql: Sql,
  institutionId: string,
  diFicustomer: string,
): Promise<InstitutionUser | undefined> {
  return customerGuid.test(diFicustomer) ? findUserByCustomerId(sql, institutionId, diFicustomer.toLowerCase()) : undefined;
}
