import type { OutgoingMessage } from './message.ts';

/** Hands a message to whoever brings it to the person. */
export interface Sender {
  /** How many messages it carries at the same time; more would only wait within it. */
  readonly atOnce: number;
  /** True when all institutions and channels share that number, as they share the connections to one server. */
  readonly isShared: boolean;
  /**
   * @param signal Aborts when the try has taken too long: what was not handed over by then never will be.
   * @throws SendFailure, or any other error, which counts as a failure that may pass.
   */
  send(message: OutgoingMessage, signal: AbortSignal): Promise<{ readonly providerReference: string | undefined }>;
  close(): Promise<void>;
}

/** A try has failed. The code goes into the database and the log: it quotes nothing of the message. */
export class SendFailure extends Error {
  override readonly name = 'SendFailure';
  readonly code: string;
  /** False when no later try can succeed. */
  readonly mayPass: boolean;

  constructor(code: string, mayPass: boolean) {
    super(`the message was not taken: ${code}`);
    this.code = code;
    this.mayPass = mayPass;
  }
}
