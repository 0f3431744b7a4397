import { setTimeout as delay } from 'node:timers/promises';
import { findArmableError } from '@openbranch/contract/armable-errors';
import type { Failure } from '@openbranch/contract/family';
import type { Operation } from '@openbranch/contract/operation';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type CallFault, type FaultyCall, isMeant } from '../platform/faults/call-fault.ts';
import type { EdgePorts } from './edge-ports.ts';
import { sendError } from './errors.ts';
import type { Exchange } from './exchange.ts';
import { echoTraceIfGood, institutionOf } from './request-checks.ts';

/** Whether a fault is a refusal of who calls, or anything else. */
type FaultTime = 'of the caller' | 'of the call';

/**
 * Lets the call meet the first armed fault that is meant for it.
 * @returns true when the call has ended with it; after a delay it goes on.
 */
export async function meetsFault(
  time: FaultTime,
  exchange: Exchange,
  request: FastifyRequest,
  reply: FastifyReply,
  ports: EdgePorts,
): Promise<boolean> {
  const { operation, family } = exchange;
  const institution = institutionOf(exchange, request, ports);
  if (operation === undefined || institution === undefined || ports.faults === undefined) return false;
  // A header alone makes nobody use up what is armed for the callers of an institution.
  if (exchange.application?.institutionIds.has(institution.institutionId) === false) return false;
  const call: FaultyCall = {
    operation: operation.id,
    clientId: exchange.application?.clientId,
    users: () => usersOf(exchange, request),
  };
  for (const fault of ports.faults.of(institution.institutionId)) {
    if (!isMeant(fault, call) || timeOf(fault, exchange) !== time) continue;
    if (!(await ports.faults.take(fault))) continue;
    // The forms of a row that the institution's switches want.
    exchange.institution ??= institution;
    reply.header('x-fault', fault.faultId);
    switch (fault.effect.kind) {
      case 'DELAY':
        await delay(fault.effect.delayMs, undefined, { ref: false });
        return false;
      case 'CUT':
        reply.hijack();
        request.raw.socket.destroy();
        return true;
      case 'MALFORMED':
        sendMalformed(operation, reply);
        return true;
      case 'ERROR':
        echoTraceIfGood(exchange, request, reply);
        sendError(exchange, reply, findArmableError(family, fault.effect.error)?.name ?? family.failures.unexpected, {
          retryAfterSeconds: isTemporary(exchange, fault.effect.error) ? 1 : undefined,
        });
        return true;
    }
  }
  return false;
}

/** @returns undefined when the family of the call has no such refusal. */
function timeOf({ effect }: CallFault, { family }: Exchange): FaultTime | undefined {
  if (effect.kind !== 'ERROR') return 'of the call';
  const error = findArmableError(family, effect.error);
  if (error === undefined) return undefined;
  return error.isOfCaller ? 'of the caller' : 'of the call';
}

const temporary: readonly Failure[] = ['quotaExceeded', 'spikeExceeded', 'overloaded', 'unavailable'];

/** The refusals that say by themselves when to come back. */
function isTemporary({ family }: Exchange, error: string): boolean {
  const name = findArmableError(family, error)?.name;
  return temporary.some((failure) => family.failures[failure] === name);
}

/** The user of the token, and whatever stands in path and query. */
function usersOf({ principal }: Exchange, { params, query }: FastifyRequest): ReadonlySet<string> {
  const values = [params, query].flatMap((named) => (typeof named === 'object' && named !== null ? Object.values(named) : []));
  const texts = values.filter((value: unknown) => typeof value === 'string');
  const { user } = principal ?? {};
  return new Set([...texts, ...(user === undefined ? [] : [user.institutionUserId, user.customerId])]);
}

/** Begins like an answer of the operation, and breaks off. */
function sendMalformed({ success, family }: Operation, reply: FastifyReply): void {
  const isXml = success.xmlRoot !== undefined || family.envelope === 'legacy-status';
  reply
    .code(success.status === 204 ? 200 : success.status)
    .header('content-type', `application/${isXml ? 'xml' : 'json'}; charset=utf-8`)
    .header('cache-control', 'no-store')
    .serializer(asText)
    .send(isXml ? '<' : '{"');
}

const asText = (body: unknown): string => String(body);
