import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import postgres from 'postgres';
import { ConnectionCutError, connectToServer, type ServerConnection } from './connect-to-server.ts';
import type { ConnectionOptions } from './connection-options.ts';
import {
  errorMessage,
  failedTransaction,
  messageType,
  neededBytes,
  readServerError,
  readyInFailedTransaction,
  type ServerError,
  signOfLifeRequest,
  walkMessages,
} from './session-messages.ts';
import { SessionProgress } from './session-progress.ts';

/** SQLSTATE connection_failure. */
const lostCode = '08006';
const lostMessage = errorMessage(lostCode, 'the connection to the database was lost');

/** What the server refused a session with, as the driver tells of it: its types keep the constructor to itself. */
function toPostgresError({ code, message }: ServerError): Error {
  const error: Error = Reflect.construct(postgres.PostgresError, [{ severity: 'FATAL', code, message }]);
  return error;
}

/**
 * What postgres.js takes for its socket. When the connection to the server is lost, it stands in for the server until the
 * driver has nothing under way: the driver cannot bear the loss of a socket while it writes or in a transaction (ADR 14).
 */
export class ServerSocket extends EventEmitter {
  /** The driver names them in its errors. */
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly #connection: ServerConnection;
  readonly #progress = new SessionProgress();
  #link: Socket | undefined;
  #waiting: Buffer[] = [];
  #hasStarted = false;
  #parts: Buffer[] = [];
  #partBytes = 0;
  #wantedBytes = 0;
  #state: 'open' | 'lost' | 'closing' | 'closed' = 'open';
  #failed = false;

  constructor(options: ConnectionOptions) {
    super();
    this.host = options.host;
    this.port = options.port;
    this.#connection = connectToServer(options);
    this.#connection.raw.on('error', () => undefined);
    this.#connection.ready.then(
      (link) => this.#onLink(link),
      (error: unknown) => this.#lose(error),
    );
  }

  get readyState(): 'open' | 'closed' {
    return this.#state === 'closed' ? 'closed' : 'open';
  }

  /** Always true: what the driver does when it is told to wait loses a transaction's connection to another one. */
  write(bytes: Buffer, done?: (error?: Error | null) => void): boolean {
    const isStartup = !this.#hasStarted;
    this.#hasStarted = true;
    if (!isStartup) this.#progress.onSent(bytes);
    if (this.#state !== 'open') {
      this.#onWriteInVain(isStartup ? bytes.subarray(bytes.readUInt32BE(0)) : bytes);
      if (done !== undefined) setImmediate(() => done(new ConnectionCutError()));
    } else if (this.#link === undefined) this.#waiting.push(bytes);
    else this.#link.write(bytes, done);
    return true;
  }

  /** The driver writes nothing after this, so that it can be told of the end without being asked for more. */
  end(bytes: Buffer): void {
    if (this.#state === 'open' && this.#link !== undefined) this.#link.end(bytes);
    else if (this.#state === 'open') this.destroy();
    else setImmediate(() => this.#closeNow());
  }

  destroy(): void {
    this.#connection.raw.destroy();
    this.#lose();
  }

  pause(): void {
    this.#link?.pause();
  }

  resume(): void {
    this.#link?.resume();
  }

  setKeepAlive(isOn: boolean, afterMs: number): void {
    this.#connection.raw.setKeepAlive(isOn, afterMs);
  }

  #onLink(link: Socket): void {
    if (this.#state !== 'open') return;
    this.#link = link;
    link.on('error', () => undefined);
    link.on('close', () => this.#lose());
    link.on('data', (bytes: Buffer) => this.#receive(bytes));
    for (const bytes of this.#waiting) link.write(bytes);
    this.#waiting = [];
  }

  /** Hands on whole messages only, so that another one can follow at any moment. */
  #receive(bytes: Buffer): void {
    if (this.#state !== 'open') return;
    this.#parts.push(bytes);
    this.#partBytes += bytes.length;
    if (this.#partBytes < this.#wantedBytes) return;
    const all = this.#parts.length === 1 ? bytes : Buffer.concat(this.#parts);
    const { whole, fatal } = this.#readWhole(all);
    const rest = all.subarray(whole);
    this.#parts = rest.length === 0 ? [] : [rest];
    this.#partBytes = rest.length;
    this.#wantedBytes = neededBytes(rest) ?? 0;
    if (whole > 0) this.emit('data', all.subarray(0, whole));
    if (fatal !== undefined) this.#lose(toPostgresError(fatal));
  }

  /** A server that says FATAL says nothing more. The driver would hold the error against the next session's first statement. */
  #readWhole(bytes: Buffer): { whole: number; fatal?: ServerError } {
    let fatal: ServerError | undefined;
    const whole = walkMessages(bytes, (type, start, end) => {
      if (type === messageType.ready) this.#progress.onReady(bytes.readUInt8(start + 5));
      if (type !== messageType.error) return true;
      const error = readServerError(bytes, start, end);
      if (error.isFatal) fatal = error;
      return !error.isFatal;
    });
    return fatal === undefined ? { whole } : { whole, fatal };
  }

  #lose(error?: unknown): void {
    if (this.#state !== 'open') return;
    this.#state = 'lost';
    this.#connection.raw.destroy();
    setImmediate(() => {
      if (this.#progress.isStarting && error !== undefined) {
        this.#failed = true;
        this.emit('error', error);
      }
      this.#answerLost();
    });
  }

  /** Nothing is answered at once: the driver is in the middle of its write. */
  #onWriteInVain(bytes: Buffer): void {
    let isSignOfLife = false;
    walkMessages(bytes, (type) => {
      isSignOfLife ||= type === messageType.password;
      return true;
    });
    if (this.#state === 'closing' && isSignOfLife) this.#closeNow();
    if (this.#state === 'lost') setImmediate(() => this.#answerLost());
  }

  /** In place of the server: every statement of the transaction fails, and with its end the connection ends. */
  #answerLost(): void {
    if (this.#state !== 'lost') return;
    if (!this.#progress.isInTransaction) {
      this.#close();
      return;
    }
    for (let owed = this.#progress.unanswered; owed > 0; owed -= 1) {
      this.#progress.onReady(failedTransaction);
      this.emit('data', Buffer.concat([lostMessage, readyInFailedTransaction]));
    }
    if (this.#progress.takeOpenStatement()) this.emit('data', lostMessage);
  }

  /**
   * The driver may hold bytes that it has not written yet. It would keep them, and never write again, if it heard of the
   * end now. So it is made to write: while it does, it holds nothing.
   */
  #close(): void {
    if (this.#state !== 'lost') return;
    this.#state = 'closing';
    if (this.listenerCount('data') === 0) this.#closeNow();
    else this.emit('data', signOfLifeRequest);
  }

  #closeNow(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.emit('close', this.#failed);
  }
}
