import type { BodyOf, ErrorNameOf, Operation, OtherStatusOf, ParamsOf, QueryOf } from '@openbranch/contract/operation';
import type { SwitchKey, SwitchValue } from '@openbranch/contract/switches';
import type { Application } from '../kernel/application.ts';
import type { Institution } from '../kernel/institution.ts';
import type { Principal } from '../kernel/principal.ts';
import type { Sql } from '../platform/db/database.ts';
import type { Write } from '../platform/transactions/unit-of-work.ts';
import type { ApiRefusal } from './api-refusal.ts';

/** One request, as its handler sees it: everything here has passed the checks of the family. */
interface AnyCall<Op extends Operation> {
  readonly params: ParamsOf<Op>;
  readonly query: QueryOf<Op>;
  /** The caller sent query names that the operation does not list; they are not in `query`. */
  readonly hasUnknownQuery: boolean;
  readonly body: CheckedBodyOf<Op>;
  readonly traceId: string | undefined;
  /** As it was called, without the query. */
  readonly path: string;
  /** Where the call came from: the device that the caller names, else the peer. */
  readonly clientAddress: string;
  /** The pool; reads outside a transaction. */
  readonly sql: Sql;
  /** A request header that was sent once and is not empty. */
  header(name: string): string | undefined;
  /** An error to throw, by its name in the family's table. */
  error(name: ErrorNameOf<Op>, retryAfterSeconds?: number): ApiRefusal;
  /** The same with more to say: a detail, or further errors of the same input. */
  errorWith(
    name: ErrorNameOf<Op>,
    details: { readonly detail?: string; readonly others?: readonly ErrorNameOf<Op>[] },
  ): ApiRefusal;
  /** Success bears this status instead of the usual one; one of those that the operation declares. */
  answerWith(status: OtherStatusOf<Op>): void;
  nowIn(institution: Institution): Date;
  /** The form of a contradiction that this institution wants (Conventions section 14). */
  switchOf<Key extends SwitchKey>(institution: Institution, key: Key): SwitchValue<Key>;
  /**
   * One transaction: data, activity rows, announcements. With a replay guard, its value is the answer that is stored
   * for the trace id, and the handler must return it.
   */
  writeIn<Value>(institution: Institution, work: (write: Write) => Promise<Value>): Promise<Value>;
  /** The same request by another verb may answer another status (an alias of the operation). */
  readonly method: string;
}

/** A body that the handler checks itself has nothing but names yet. */
type CheckedBodyOf<Op extends Operation> = Op extends { readonly hasOwnBodyRules: true }
  ? Readonly<Record<string, unknown>>
  : BodyOf<Op>;

/** Calls with an access token know who calls and for which institution. */
interface BearerCall {
  readonly principal: Principal;
  readonly institution: Institution;
  readonly now: Date;
  write<Value>(work: (write: Write) => Promise<Value>): Promise<Value>;
}

/** Calls with the keys of an application. */
interface ClientCall {
  readonly application: Application;
}

type CallerOf<Op extends Operation> = Op['family']['authentication'] extends 'bearer'
  ? BearerCall
  : Op['family']['authentication'] extends 'basic'
    ? ClientCall
    : unknown;

export type Call<Op extends Operation> = AnyCall<Op> & CallerOf<Op>;
