/** `connection`: no connection, or it broke. `timeout`: no answer in time. `unreadable`: an answer that cannot be read. */
export type NetworkErrorReason = 'connection' | 'timeout' | 'unreadable';

interface Circumstances {
  readonly operationId: string;
  readonly reason: NetworkErrorReason;
  readonly mayHaveArrived: boolean;
  readonly traceId: string | undefined;
  readonly cause?: unknown;
}

/** No usable answer came. Whether the server did what it was asked is unknown when `mayHaveArrived` is true. */
export class OpenbranchNetworkError extends Error {
  override readonly name = 'OpenbranchNetworkError';
  readonly operationId: string;
  readonly reason: NetworkErrorReason;
  /** False only when the request cannot have reached the server. */
  readonly mayHaveArrived: boolean;
  readonly traceId: string | undefined;

  constructor(message: string, circumstances: Circumstances) {
    super(message, circumstances.cause === undefined ? undefined : { cause: circumstances.cause });
    this.operationId = circumstances.operationId;
    this.reason = circumstances.reason;
    this.mayHaveArrived = circumstances.mayHaveArrived;
    this.traceId = circumstances.traceId;
  }
}
