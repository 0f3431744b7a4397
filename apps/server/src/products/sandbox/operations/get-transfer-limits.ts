import { getTransferLimits } from '@openbranch/contract/sandbox/transfer-limit-operations';
import { type Route, route } from '../../../http/route.ts';
import { findCustomerLimits } from '../../money-movement/index.ts';
import { findNamedCustomer, toLimitsAnswer } from './limited-customer.ts';
import type { SandboxParts } from './sandbox-parts.ts';

export function getTransferLimitsRoute(parts: SandboxParts): Route {
  return route(getTransferLimits).handle(async (call) => {
    const named = await findNamedCustomer(parts, call.sql, call.params.customerId);
    if (named === undefined) throw call.error('customerNotFound');
    const { institution, customerId } = named;
    return toLimitsAnswer(named, await findCustomerLimits(call.sql, institution.institutionId, customerId));
  });
}
