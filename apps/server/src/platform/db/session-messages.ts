/** How many bytes stand before the body of a message: its type, and its length (which counts itself, not the type). */
const headerBytes = 5;

export const messageType = {
  bind: 0x42,
  error: 0x45,
  flush: 0x48,
  parse: 0x50,
  password: 0x70,
  query: 0x51,
  ready: 0x5a,
  sync: 0x53,
} as const;

/** Calls `visit` for each whole message and answers where the first one begins that is not whole. `visit` may stop by `false`. */
export function walkMessages(bytes: Buffer, visit: (type: number, start: number, end: number) => boolean | undefined): number {
  let start = 0;
  while (start + headerBytes <= bytes.length) {
    const end = start + 1 + bytes.readUInt32BE(start + 1);
    if (end > bytes.length || visit(bytes.readUInt8(start), start, end) === false) return start;
    start = end;
  }
  return start;
}

/** The first length of a message that has begun; undefined while its header is not whole. */
export function neededBytes(bytes: Buffer): number | undefined {
  return bytes.length < headerBytes ? undefined : 1 + bytes.readUInt32BE(1);
}

/** The text that ends at the next zero byte. */
export function textAt(bytes: Buffer, start: number): string {
  return bytes.toString('utf8', start, bytes.indexOf(0, start));
}

export type ServerError = { readonly isFatal: boolean; readonly code: string; readonly message: string };

/** Reads an ErrorResponse: fields of one letter and a text each. */
export function readServerError(bytes: Buffer, start: number, end: number): ServerError {
  const fields = bytes.toString('utf8', start + headerBytes, end).split('\0');
  const field = (letter: string) => fields.find((text) => text.startsWith(letter))?.slice(1) ?? '';
  return { isFatal: ['FATAL', 'PANIC'].includes(field('V')), code: field('C'), message: field('M') };
}

/** What a server sends for a statement that failed. */
export function errorMessage(code: string, text: string): Buffer {
  return message('E', Buffer.from(`SERROR\0VERROR\0C${code}\0M${text}\0\0`));
}

/** What ReadyForQuery says of a session. */
export const noTransaction = 0x49;
export const failedTransaction = 0x45;

export const readyInFailedTransaction = message('Z', Buffer.from([failedTransaction]));

/** AuthenticationSASL: the one message that makes a driver write, whatever it is doing, and that asks for no secret. */
export const signOfLifeRequest = message('R', Buffer.from('\0\0\0\u000aSCRAM-SHA-256\0\0'));

function message(type: string, body: Buffer): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.write(type);
  header.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([header, body]);
}
