import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { Sql } from '../../../platform/db/database.ts';
import { administer } from '../../../platform/transactions/administer.ts';
import { type CustomerLimits, deleteCustomerLimits, saveCustomerLimits } from '../store/transfer-limits.ts';

/** Sets what a customer may move out, over no request; limits that are both absent are the institution's again. */
export async function setCustomerLimits(
  sql: Sql,
  institutionId: string,
  customerId: string,
  limits: CustomerLimits,
): Promise<Result<undefined, 'institutionNotFound' | 'customerNotFound'>> {
  return administer(sql, 'institutions set-customer-limits', async ({ tx, institutionIds, audit }) => {
    if (!institutionIds.includes(institutionId)) return refuse('institutionNotFound');
    if (!(await saveCustomerLimits(tx, institutionId, customerId, limits))) return refuse('customerNotFound');
    const { transferLimitMinor, dailyLimitMinor } = limits;
    if (transferLimitMinor === undefined && dailyLimitMinor === undefined)
      await deleteCustomerLimits(tx, institutionId, customerId);
    await audit([institutionId], 'transfer_limits_changed', {
      details: {
        customerId,
        transferLimitMinor: transferLimitMinor === undefined ? null : String(transferLimitMinor),
        dailyLimitMinor: dailyLimitMinor === undefined ? null : String(dailyLimitMinor),
      },
    });
    return accept(undefined);
  });
}
