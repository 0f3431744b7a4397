import { randomUUID } from 'node:crypto';
import { canMeetFault, findArmableError } from '@openbranch/contract/armable-errors';
import type { Operation } from '@openbranch/contract/operation';
import { operations } from '@openbranch/contract/operations';
import { armCallFault } from '@openbranch/contract/sandbox/fault-operations';
import { type Route, route } from '../../../http/route.ts';
import { callFaultsChanged, insertCallFault, listCallFaults, lockCallFaults } from '../../../platform/faults/call-fault-rows.ts';
import { toCallFaultAnswer, toFaultEffect } from './call-fault-answer.ts';
import type { SandboxParts } from './sandbox-parts.ts';

const mostFaults = 100;

export function armCallFaultRoute({ institutions }: SandboxParts): Route {
  return route(armCallFault).handle(async (call) => {
    const { institutionId } = call.query;
    const { operation, callerClientId: clientId, user, count } = call.body;
    const institution = institutions.find(institutionId);
    if (institution === undefined) throw call.error('institutionNotFound');
    const effect = toFaultEffect(call.body);
    if (effect === undefined) throw call.errorWith('faultInvalid', { detail: 'error belongs to ERROR, delayMs to DELAY' });
    const meant = operationsMeant(operation);
    if (meant.length === 0) throw call.errorWith('faultInvalid', { detail: 'there is no such operation' });
    if (effect.kind === 'ERROR' && !meant.some(({ family }) => findArmableError(family, effect.error) !== undefined))
      throw call.errorWith('faultInvalid', { detail: 'there is no such error' });
    const fault = { institutionId, faultId: randomUUID(), operation, clientId, user, effect, remaining: count };
    await call.writeIn(institution, async (write) => {
      await lockCallFaults(write.sql, institutionId);
      if ((await listCallFaults(write.sql, institutionId)).length >= mostFaults) throw call.error('tooManyFaults');
      await insertCallFault(write.sql, fault);
      await write.audit('institution_changed', {
        details: { what: 'call fault', operation: operation ?? 'any', effect: effect.kind },
      });
      await write.announce(callFaultsChanged(institutionId));
    });
    return toCallFaultAnswer(fault);
  });
}

/** Not those that could never meet it. */
function operationsMeant(id: string | undefined): readonly Operation[] {
  const all: readonly Operation[] = Object.values(operations);
  return all.filter((operation) => (id === undefined || operation.id === id) && canMeetFault(operation.family));
}
