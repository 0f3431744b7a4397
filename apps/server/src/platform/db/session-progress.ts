import { messageType, noTransaction, textAt, walkMessages } from './session-messages.ts';

const endOfTransaction = /^(?:commit|rollback)$/iu;
const longestEnd = 100;

/** Follows what both sides of one session have said, as far as one must know it when the session is lost. */
export class SessionProgress {
  #status: 'starting' | 'idle' | 'transaction' = 'starting';
  #unanswered = 0;
  #hasOpenStatement = false;
  #isEnding = false;
  readonly #endings = new Set<string>();

  get isStarting(): boolean {
    return this.#status === 'starting';
  }

  /** A transaction is open, and nobody has asked for its end yet. */
  get isInTransaction(): boolean {
    return this.#status === 'transaction' && !this.#isEnding;
  }

  /** How many ReadyForQuery the server owes. */
  get unanswered(): number {
    return this.#unanswered;
  }

  /** Says once that a statement was begun whose sync the driver sends only when it has seen an answer. */
  takeOpenStatement(): boolean {
    const hasOne = this.#hasOpenStatement;
    this.#hasOpenStatement = false;
    return hasOne;
  }

  /** @param bytes whole messages, of which the first of a session (the startup) has no type. */
  onSent(bytes: Buffer): void {
    walkMessages(bytes, (type, start, end) => {
      const isAnswered = type === messageType.sync || type === messageType.query;
      if (isAnswered) this.#unanswered += 1;
      if (isAnswered || type === messageType.flush) this.#hasOpenStatement = !isAnswered;
      this.#noteEnding(bytes, type, start, end);
      return true;
    });
  }

  onReady(status: number): void {
    this.#status = status === noTransaction ? 'idle' : 'transaction';
    if (this.#unanswered > 0) this.#unanswered -= 1;
    if (this.#unanswered === 0) this.#isEnding = false;
  }

  /** `commit` and `rollback` are prepared as any statement: their text is seen once, later only their name. */
  #noteEnding(bytes: Buffer, type: number, start: number, end: number): void {
    const body = start + 5;
    if (type === messageType.query && end - start < longestEnd && endOfTransaction.test(textAt(bytes, body)))
      this.#isEnding = true;
    if (type === messageType.parse && end - start < longestEnd) {
      const name = textAt(bytes, body);
      if (endOfTransaction.test(textAt(bytes, body + Buffer.byteLength(name) + 1))) this.#endings.add(name);
      else this.#endings.delete(name);
    }
    if (type !== messageType.bind || this.#endings.size === 0) return;
    const name = textAt(bytes, body + Buffer.byteLength(textAt(bytes, body)) + 1);
    if (this.#endings.has(name)) this.#isEnding = true;
  }
}
