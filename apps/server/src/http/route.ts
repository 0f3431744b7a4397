import type { AnswerOf, Operation } from '@openbranch/contract/operation';
import type { Call } from './call.ts';

/** An operation with the function that does it. */
export interface Route {
  readonly operation: Operation;
  /**
   * Declared as a method on purpose: its parameter is the call of its own operation, whose parts the edge has checked
   * against the operation's schemas.
   */
  run(call: Call<Operation>): Promise<unknown>;
}

type HandlerAnswer<Op extends Operation> = [AnswerOf<Op>] extends [undefined] ? void : AnswerOf<Op>;

interface RouteOf<Op extends Operation> {
  handle(handler: (call: Call<Op>) => Promise<HandlerAnswer<Op>>): Route;
}

/**
 * Joins an operation and its handler. Curried, so that the literal type of the operation survives: a handler can throw
 * only errors that its operation declares, and cannot leave out a member of the answer.
 */
export function route<Op extends Operation>(operation: Op): RouteOf<Op>;
export function route(operation: Operation): { handle(run: Route['run']): Route } {
  return { handle: (run) => ({ operation, run }) };
}
