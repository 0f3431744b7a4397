import type { IncomingMessage } from 'node:http';
import type { ErrorRow, Failure, Family } from '@openbranch/contract/family';
import type { Operation } from '@openbranch/contract/operation';
import { isSwitchKey, switches } from '@openbranch/contract/switches';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Application } from '../kernel/application.ts';
import type { Institution } from '../kernel/institution.ts';
import type { Principal } from '../kernel/principal.ts';
import { acceptsXml } from './header-checks.ts';

/** What the edge learns about a request while it checks it; also what the log line is made from. */
export interface Exchange {
  readonly operation: Operation | undefined;
  readonly family: Family;
  traceId: string | undefined;
  institution: Institution | undefined;
  application: Application | undefined;
  principal: Principal | undefined;
  errorCode: string | undefined;
  /** The handler's choice among the statuses of success; the usual one when undefined. */
  successStatus: number | undefined;
  /** Rows of the contradiction register that decided the answer. */
  rules: Set<string> | undefined;
}

declare module 'fastify' {
  interface FastifyRequest {
    exchange: Exchange | undefined;
  }
}

export function startExchange(request: FastifyRequest, operation: Operation | undefined, family: Family): Exchange {
  const exchange: Exchange = {
    operation,
    family,
    traceId: undefined,
    institution: undefined,
    application: undefined,
    principal: undefined,
    errorCode: undefined,
    successStatus: undefined,
    rules: undefined,
  };
  request.exchange = exchange;
  return exchange;
}

/** The row in force: the family's own, unless a switch of the institution shows another form of it. */
export function rowInForce(exchange: Exchange, name: string): ErrorRow {
  const { family, institution } = exchange;
  const row = family.errors[name];
  if (row === undefined) throw new Error(`Family ${family.name} has no error ${name}.`);
  if (institution === undefined || family.variants === undefined) return row;
  for (const { switchKey, value, rows } of family.variants) {
    const other = rows[name];
    if (other !== undefined && institution.switches[switchKey] === value) {
      noteRule(exchange, switchKey);
      return { ...row, ...other };
    }
  }
  return row;
}

export function noteRule(exchange: Exchange, switchKey: string): void {
  const register = isSwitchKey(switchKey) ? switches[switchKey].register : undefined;
  if (register === undefined || exchange.institution?.switches['debug.rules'] !== true) return;
  exchange.rules ??= new Set();
  exchange.rules.add(register);
}

/** The row of a generic failure; `unexpected` where the family has no row for it. */
export function rowNameOf(family: Family, failure: Failure): string {
  return family.failures[failure] ?? family.failures.unexpected;
}

/** True when the caller accepts JSON and the institution lets V1 products answer it (CR-22). */
export function wantsJsonTwin(exchange: Exchange, request: FastifyRequest): boolean {
  if (exchange.institution?.switches['legacy.json'] !== true || !/\bapplication\/json\b/iu.test(request.headers.accept ?? ''))
    return false;
  noteRule(exchange, 'legacy.json');
  return true;
}

/** True when the caller names XML and not JSON, and the institution lets the operation answer it. */
export function wantsXml(exchange: Exchange, raw: IncomingMessage): boolean {
  const twin = exchange.operation?.success.xmlTwin;
  if (twin === undefined || exchange.institution?.switches[twin.switchKey] !== twin.value) return false;
  if (!acceptsXml(raw) || /\bjson\b/iu.test(raw.headers.accept ?? '')) return false;
  noteRule(exchange, twin.switchKey);
  return true;
}

export function setRuleHeader(exchange: Exchange, reply: FastifyReply): void {
  if (exchange.rules !== undefined) reply.header('x-rule', [...exchange.rules].join(', '));
}
