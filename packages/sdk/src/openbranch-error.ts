import type { OperationId, Operations } from '@openbranch/contract/operations';

/** The names of the rows in the error table of an operation's family. */
export type ErrorNameIn<Id extends OperationId> = keyof Operations[Id]['family']['errors'] & string;

interface Refusal<Id extends OperationId, Name extends string | undefined> {
  readonly operationId: Id;
  readonly status: number;
  readonly code: string | undefined;
  readonly errorName: Name;
  readonly traceId: string | undefined;
  readonly retryAfterSeconds: number | undefined;
}

/** The API refused a call: it answered, and the answer is an error. The message is the server's own. */
export class OpenbranchError<
  Id extends OperationId = OperationId,
  Name extends string | undefined = string | undefined,
> extends Error {
  override readonly name = 'OpenbranchError';
  /** The operation that was refused: `requestToken` when a method could not get its token. */
  readonly operationId: Id;
  /** HTTP status. */
  readonly status: number;
  /** Code of the error table, for instance `UXU_88888`; undefined when the answer has none. */
  readonly code: string | undefined;
  /** Name of the row in the family's error table; undefined when status and code are not in it. */
  readonly errorName: Name;
  /** What was sent in the trace header; undefined where the family has none. */
  readonly traceId: string | undefined;
  /** From header Retry-After. */
  readonly retryAfterSeconds: number | undefined;

  constructor(message: string, refusal: Refusal<Id, Name>) {
    super(message);
    this.operationId = refusal.operationId;
    this.status = refusal.status;
    this.code = refusal.code;
    this.errorName = refusal.errorName;
    this.traceId = refusal.traceId;
    this.retryAfterSeconds = refusal.retryAfterSeconds;
  }
}

/**
 * True for a refusal by the API; with an operation, and an error name of its family, only for that one:
 * `isOpenbranchError(error, 'unlockUser', 'userNotLocked')`.
 */
export function isOpenbranchError(error: unknown): error is OpenbranchError;
export function isOpenbranchError<Id extends OperationId>(error: unknown, operationId: Id): error is OpenbranchError<Id>;
export function isOpenbranchError<Id extends OperationId, Name extends ErrorNameIn<Id>>(
  error: unknown,
  operationId: Id,
  errorName: Name,
): error is OpenbranchError<Id, Name>;
export function isOpenbranchError(error: unknown, operationId?: OperationId, errorName?: string): boolean {
  if (!(error instanceof OpenbranchError)) return false;
  if (operationId !== undefined && error.operationId !== operationId) return false;
  return errorName === undefined || error.errorName === errorName;
}
