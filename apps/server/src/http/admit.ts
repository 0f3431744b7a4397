import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import type { EdgePorts } from './edge-ports.ts';
import type { Exchange } from './exchange.ts';
import { meetsFault } from './meets-fault.ts';
import { type Checks, passesChecks } from './request-checks.ts';

/** Lets a request in that passes the checks; one that does not has been answered. */
export function admit(
  checks: Checks,
  exchange: Exchange,
  request: FastifyRequest,
  reply: FastifyReply,
  ports: EdgePorts,
  done: HookHandlerDoneFunction,
): void {
  if (ports.faults?.isArmed() !== true) {
    if (passesChecks(checks.all, exchange, request, reply, ports)) done();
    return;
  }
  passesAmongFaults(checks, exchange, request, reply, ports).then(
    (passes) => {
      if (passes) done();
    },
    (error: unknown) => done(error instanceof Error ? error : new Error('A fault could not be met.')),
  );
}

/** Only who is known and may call meets a fault; a refusal of the caller comes before the limits, all others after them. */
async function passesAmongFaults(
  { caller, limits, request: others }: Checks,
  exchange: Exchange,
  request: FastifyRequest,
  reply: FastifyReply,
  ports: EdgePorts,
): Promise<boolean> {
  if (!passesChecks(caller, exchange, request, reply, ports)) return false;
  if (await meetsFault('of the caller', exchange, request, reply, ports)) return false;
  if (!passesChecks(limits, exchange, request, reply, ports)) return false;
  if (await meetsFault('of the call', exchange, request, reply, ports)) return false;
  return passesChecks(others, exchange, request, reply, ports);
}
