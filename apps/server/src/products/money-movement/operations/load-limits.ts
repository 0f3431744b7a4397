import type { Institution } from '../../../kernel/institution.ts';
import type { Sql, Tx } from '../../../platform/db/database.ts';
import { findCustomerLimits } from '../store/transfer-limits.ts';

/** The limits in force for a customer: its own, else the institution's; 0 is no limit. */
export async function loadLimits(sql: Sql | Tx, { institutionId, policies }: Institution, customerId: string) {
  const own = await findCustomerLimits(sql, institutionId, customerId);
  return {
    limitMinor: own.transferLimitMinor ?? policies.moneyMovement.transferLimitMinor,
    dailyLimitMinor: own.dailyLimitMinor ?? policies.moneyMovement.dailyLimitMinor,
  };
}
