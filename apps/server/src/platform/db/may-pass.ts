import { PostgresError } from './database.ts';

/** SQLSTATE classes of a database that is away, overloaded or about to end, and of a lost race. */
const passingStates = /^(?:08|40|53|55|57|58)/u;
/** A statement that takes too long: the same one takes too long again. */
const tooSlow = '57014';
/** A connection that is not there: codes of postgres.js and of the system. */
const passingCodes: ReadonlySet<unknown> = new Set([
  ...['CONNECTION_CLOSED', 'CONNECTION_ENDED', 'CONNECTION_DESTROYED', 'CONNECT_TIMEOUT'],
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'ENETDOWN', 'ENETUNREACH', 'EHOSTDOWN', 'EHOSTUNREACH'],
  ...['ENOTFOUND', 'EAI_AGAIN', 'ENOENT', 'EMFILE', 'ENFILE'],
]);

/** Whether a failure is the database's of this moment, so that the same work may go well a little later. */
export function mayPass(failure: unknown): boolean {
  if (failure instanceof PostgresError) return failure.code !== tooSlow && passingStates.test(failure.code);
  return failure instanceof Error && passingCodes.has(Reflect.get(failure, 'code'));
}
