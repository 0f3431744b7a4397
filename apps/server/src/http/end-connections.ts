import type { FastifyInstance } from 'fastify';

/** As long as a request may take to arrive; Node no longer watches that once the server closes. */
const longestGraceMs = 30_000;

/**
 * Lets a stop end with the last running request: idle connections are closed by Node when the server begins to close, but one that
 * was busy then would stay open until its client lets go or its keep-alive is over, and the stop would wait for that.
 */
export function endConnectionsOnClose(app: FastifyInstance): void {
  let isClosing = false;
  app.addHook('preClose', (done) => {
    isClosing = true;
    setTimeout(() => app.server.closeAllConnections(), longestGraceMs).unref();
    done();
  });
  app.addHook('onResponse', (request, _reply, done) => {
    if (isClosing) request.raw.socket.end();
    done();
  });
}
