import type { AnswerOf, BodyOf } from '@openbranch/contract/operation';
import type { armCallFault } from '@openbranch/contract/sandbox/fault-operations';
import type { CallFault, FaultEffect } from '../../../platform/faults/call-fault.ts';

const defaultDelayMs = 2000;

/** @returns undefined when the members contradict each other. */
export function toFaultEffect({ effect, error, delayMs }: BodyOf<typeof armCallFault>): FaultEffect | undefined {
  if ((effect === 'ERROR') !== (error !== undefined) || (effect !== 'DELAY' && delayMs !== undefined)) return undefined;
  if (effect === 'DELAY') return { kind: effect, delayMs: delayMs ?? defaultDelayMs };
  return effect === 'ERROR' ? { kind: effect, error: error ?? '' } : { kind: effect };
}

export function toCallFaultAnswer(fault: CallFault): AnswerOf<typeof armCallFault> {
  const { faultId, institutionId, operation, clientId, user, effect, remaining } = fault;
  return {
    ...{ faultId, institutionId, effect: effect.kind },
    ...(operation !== undefined && { operation }),
    ...(clientId !== undefined && { callerClientId: clientId }),
    ...(user !== undefined && { user }),
    ...(effect.kind === 'ERROR' && { error: effect.error }),
    ...(effect.kind === 'DELAY' && { delayMs: effect.delayMs }),
    ...(remaining !== undefined && { remaining }),
  };
}
