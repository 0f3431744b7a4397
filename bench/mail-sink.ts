import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

export interface MailSink {
  readonly smtpUrl: string;
  close(): Promise<void>;
}

/** A mail server that takes everything and keeps nothing (RFC 5321, as much of it as one client needs). */
export async function startMailSink(): Promise<MailSink> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
    talk(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    smtpUrl: `smtp://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

function talk(socket: Socket): void {
  let pending = '';
  let isData = false;
  socket.write('220 sink\r\n');
  socket.setEncoding('utf8').on('data', (text: string) => {
    const lines = `${pending}${text}`.split('\r\n');
    pending = lines.pop() ?? '';
    for (const line of lines) {
      if (isData) {
        isData = line !== '.';
        if (!isData) socket.write('250 taken\r\n');
        continue;
      }
      isData = line.toUpperCase() === 'DATA';
      socket.write(isData ? '354 go on\r\n' : line.toUpperCase() === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n');
    }
  });
}
