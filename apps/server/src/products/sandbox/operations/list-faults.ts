import { listFaults } from '@openbranch/contract/sandbox/fault-operations';
import { type Route, route } from '../../../http/route.ts';
import { listFaults as listStoredFaults } from '../../../platform/delivery/delivery-fault.ts';
import { listCallFaults } from '../../../platform/faults/call-fault-rows.ts';
import { toCallFaultAnswer } from './call-fault-answer.ts';
import type { SandboxParts } from './sandbox-parts.ts';

export function listFaultsRoute({ institutions }: SandboxParts): Route {
  return route(listFaults).handle(async (call) => {
    const { institutionId } = call.query;
    if (institutions.find(institutionId) === undefined) throw call.error('institutionNotFound');
    const [faults, callFaults] = await Promise.all([
      listStoredFaults(call.sql, institutionId),
      listCallFaults(call.sql, institutionId),
    ]);
    return { faults: faults.map((fault) => ({ institutionId, ...fault })), callFaults: callFaults.map(toCallFaultAnswer) };
  });
}
