import type { Operation } from '@openbranch/contract/operation';
import { type SwitchKey, type SwitchValue, switchValue } from '@openbranch/contract/switches';
import type { FastifyRequest } from 'fastify';
import type { Application } from '../kernel/application.ts';
import type { Institution } from '../kernel/institution.ts';
import type { Principal } from '../kernel/principal.ts';
import type { Sql } from '../platform/db/database.ts';
import type { Write } from '../platform/transactions/unit-of-work.ts';
import { ApiRefusal, type RefusalDetails } from './api-refusal.ts';
import type { Call } from './call.ts';
import type { EdgePorts } from './edge-ports.ts';
import { type Exchange, noteRule } from './exchange.ts';
import { singleHeader } from './header-checks.ts';
import type { KnownQuery } from './known-query.ts';
import { type ReplayKey, replayBodyHash, runOnce } from './replay-guard.ts';

/** The call that a handler gets; its typed face is `Call<Op>`. */
export class RunningCall implements Call<Operation> {
  readonly params: Record<never, never>;
  readonly query: Record<never, never>;
  readonly hasUnknownQuery: boolean;
  readonly traceId: string | undefined;
  readonly method: string;
  readonly path: string;
  readonly #operation: Operation;
  readonly #exchange: Exchange;
  readonly #request: FastifyRequest;
  readonly #ports: EdgePorts;
  #body: object | (() => object);

  constructor(
    operation: Operation,
    exchange: Exchange,
    request: FastifyRequest,
    query: KnownQuery,
    body: object | (() => object),
    ports: EdgePorts,
  ) {
    this.#operation = operation;
    this.#exchange = exchange;
    this.#request = request;
    this.#ports = ports;
    this.params = asObject(request.params);
    this.query = query.members;
    this.hasUnknownQuery = query.hasOthers;
    this.#body = body;
    this.traceId = exchange.traceId;
    this.method = request.method;
    this.path = request.originalUrl.split('?', 1)[0] ?? '';
  }

  /** Some operations look at other things first, so what is wrong with their body shows here. */
  get body(): Record<never, never> {
    if (typeof this.#body === 'function') this.#body = this.#body();
    return this.#body;
  }

  get clientAddress(): string {
    // The checks of the family have looked at the form of the header.
    return this.header('originating_ip') ?? this.#request.ip;
  }

  get sql(): Sql {
    return this.#ports.sql;
  }

  get application(): Application {
    return present(this.#exchange.application, 'application');
  }

  get principal(): Principal {
    return present(this.#exchange.principal, 'principal');
  }

  get institution(): Institution {
    return this.principal.institution;
  }

  get now(): Date {
    return this.nowIn(this.institution);
  }

  header(name: string): string | undefined {
    return singleHeader(this.#request.raw, name.toLowerCase());
  }

  error(name: string, retryAfterSeconds?: number): ApiRefusal {
    return new ApiRefusal(name, retryAfterSeconds);
  }

  errorWith(name: string, details: RefusalDetails): ApiRefusal {
    return new ApiRefusal(name, undefined, details);
  }

  answerWith(status: 200 | 206): void {
    this.#exchange.successStatus = status;
  }

  nowIn(institution: Institution): Date {
    return this.#ports.clock.now(institution);
  }

  switchOf<Key extends SwitchKey>(institution: Institution, key: Key): SwitchValue<Key> {
    this.#exchange.institution ??= institution;
    noteRule(this.#exchange, key);
    return switchValue(institution.switches, key);
  }

  write<Value>(work: (write: Write) => Promise<Value>): Promise<Value> {
    return this.writeIn(this.institution, work);
  }

  writeIn<Value>(institution: Institution, work: (write: Write) => Promise<Value>): Promise<Value> {
    this.#exchange.institution ??= institution;
    const operation = this.#operation;
    const context = {
      institutionId: institution.institutionId,
      now: this.nowIn(institution),
      clientId: this.#exchange.application?.clientId,
      operation: operation.id,
      traceId: this.traceId,
      address: this.clientAddress,
    };
    const key = this.#replayKey(institution);
    if (key === undefined) return this.#ports.runWrite(context, work);
    const { keyRing } = this.#ports;
    const isStrict = this.switchOf(institution, 'replay.strict');
    return this.#ports.runWrite(context, (write) =>
      runOnce(write.sql, keyRing, key, operation.success.status, isStrict, () => work(write)),
    );
  }

  #replayKey(institution: Institution): ReplayKey | undefined {
    if (this.#operation.hasReplayGuard !== true) return undefined;
    return {
      institutionId: institution.institutionId,
      clientId: this.application.clientId,
      operation: this.#operation.id,
      traceId: present(this.traceId, 'trace id'),
      // Path and query name whom the call is about: the same body for another user is another call.
      bodyHash: replayBodyHash(this.#ports.keyRing, { params: this.params, query: this.query, body: this.body }),
    };
  }
}

function asObject(value: unknown): Record<never, never> {
  return typeof value === 'object' && value !== null ? value : {};
}

/** What the checks of the family have put there; its absence is a bug. */
function present<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`This call has no ${what}.`);
  return value;
}
