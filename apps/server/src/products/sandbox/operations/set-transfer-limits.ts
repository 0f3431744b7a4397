import { setTransferLimits } from '@openbranch/contract/sandbox/transfer-limit-operations';
import { type Route, route } from '../../../http/route.ts';
import { saveCustomerLimits } from '../../money-movement/index.ts';
import { toLimitMinor } from '../domain/to-limit-minor.ts';
import { findNamedCustomer, toLimitsAnswer } from './limited-customer.ts';
import type { SandboxParts } from './sandbox-parts.ts';

export function setTransferLimitsRoute(parts: SandboxParts): Route {
  return route(setTransferLimits).handle(async (call) => {
    const { transferLimit, dailyLimit } = call.body;
    const [ofOne, ofDay] = [toLimitMinor(transferLimit), toLimitMinor(dailyLimit)];
    if (!ofOne.ok || !ofDay.ok) throw call.error('transferLimitsInvalid');
    const limits = { transferLimitMinor: ofOne.value, dailyLimitMinor: ofDay.value };
    const named = await findNamedCustomer(parts, call.sql, call.params.customerId);
    if (named === undefined) throw call.error('customerNotFound');
    const { institution, customerId } = named;
    await call.writeIn(institution, async (write) => {
      // It may have gone meanwhile, by a reset.
      if (!(await saveCustomerLimits(write.sql, institution.institutionId, customerId, limits)))
        throw call.error('customerNotFound');
      await write.audit('transfer_limits_changed', {
        details: { customerId, transferLimit: transferLimit ?? null, dailyLimit: dailyLimit ?? null },
      });
    });
    return toLimitsAnswer(named, limits);
  });
}
