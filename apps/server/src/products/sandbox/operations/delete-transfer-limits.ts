import { deleteTransferLimits } from '@openbranch/contract/sandbox/transfer-limit-operations';
import { type Route, route } from '../../../http/route.ts';
import { deleteCustomerLimits } from '../../money-movement/index.ts';
import { findNamedCustomer } from './limited-customer.ts';
import type { SandboxParts } from './sandbox-parts.ts';

export function deleteTransferLimitsRoute(parts: SandboxParts): Route {
  return route(deleteTransferLimits).handle(async (call) => {
    const named = await findNamedCustomer(parts, call.sql, call.params.customerId);
    if (named === undefined) throw call.error('customerNotFound');
    const { institution, customerId } = named;
    await call.writeIn(institution, async (write) => {
      await deleteCustomerLimits(write.sql, institution.institutionId, customerId);
      await write.audit('transfer_limits_changed', { details: { customerId } });
    });
  });
}
