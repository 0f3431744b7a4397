import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ConnectionOptions } from './connection-options.ts';

const tlsRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
const tlsAccepted = 'S';

export type ServerConnection = {
  /** The socket below TLS: destroying it ends all. */
  readonly raw: Socket;
  /** What PostgreSQL's protocol is spoken through. Rejected when there is none. */
  readonly ready: Promise<Socket>;
};

export function connectToServer(options: ConnectionOptions): ServerConnection {
  const { path, host = 'localhost', port = 5432 } = options;
  const raw = path === undefined ? connect({ host, port }) : connect({ path });
  const ready = new Promise<Socket>((resolve, reject) => {
    raw.once('error', reject);
    raw.once('close', () => reject(new ConnectionCutError()));
    raw.once('connect', () => (options.ssl === false ? resolve(raw) : raw.write(tlsRequest)));
    if (options.ssl === false) return;
    const { ssl } = options;
    raw.once('data', (answer: Buffer) => {
      // More than the one letter would have been sent in the clear, by whoever sits between.
      if (answer.toString('latin1') !== tlsAccepted) {
        reject(new Error('the server does not offer TLS'));
        return;
      }
      const secured = connectTls({ socket: raw, host, ...(isIP(host) === 0 ? { servername: host } : {}), ...ssl });
      secured.once('error', reject);
      secured.once('secureConnect', () => resolve(secured));
    });
  });
  return { raw, ready };
}

export class ConnectionCutError extends Error {
  readonly code = 'ECONNRESET';

  constructor() {
    super('the server closed the connection');
  }
}
