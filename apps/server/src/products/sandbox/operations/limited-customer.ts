import type { Institution } from '../../../kernel/institution.ts';
import { toAmount } from '../../../kernel/money.ts';
import type { Sql } from '../../../platform/db/database.ts';
import type { CustomerLimits } from '../../money-movement/index.ts';
import { findInstitutionOfCustomer } from '../store/customer-institution.ts';
import type { SandboxParts } from './sandbox-parts.ts';

/** A customer whom a path names, of whichever institution. */
export interface NamedCustomer {
  readonly institution: Institution;
  readonly customerId: string;
}

/** @param given With or without dashes, in capitals or not. */
export async function findNamedCustomer(
  { institutions }: Pick<SandboxParts, 'institutions'>,
  sql: Sql,
  given: string,
): Promise<NamedCustomer | undefined> {
  const customerId = given.replaceAll('-', '').toLowerCase();
  const known = institutions.all().map(({ institutionId }) => institutionId);
  const institutionId = await findInstitutionOfCustomer(sql, known, customerId);
  const institution = institutionId === undefined ? undefined : institutions.find(institutionId);
  return institution === undefined ? undefined : { institution, customerId };
}

export function toLimitsAnswer(
  { institution, customerId }: NamedCustomer,
  { transferLimitMinor, dailyLimitMinor }: CustomerLimits,
) {
  return {
    ...{ institutionId: institution.institutionId, customerId },
    ...(transferLimitMinor === undefined ? {} : { transferLimit: toAmount(transferLimitMinor) }),
    ...(dailyLimitMinor === undefined ? {} : { dailyLimit: toAmount(dailyLimitMinor) }),
  };
}
