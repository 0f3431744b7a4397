import type { FastifyInstance, FastifyReply } from 'fastify';

/** A handler has not answered in time. */
export class HandlerTimeoutError extends Error {
  override readonly name = 'HandlerTimeoutError';
}

/**
 * Answers for handlers that do not end in time; what they answer later is thrown away. One timer looks after all of
 * them: a timer and an abort signal for each request, as Fastify's own `handlerTimeout` makes them, cost a busy server a
 * tenth of its time, and are given up as soon as a body has been read.
 */
export function boundHandlers(app: FastifyInstance, longestMs: number, lookEveryMs = 1000): void {
  /** When each handler began, the oldest first. */
  const running = new Map<FastifyReply, number>();
  app.addHook('preHandler', (_request, reply, done) => {
    running.set(reply, performance.now());
    done();
  });
  app.addHook('onResponse', (_request, reply, done) => {
    running.delete(reply);
    done();
  });
  const timer = setInterval(() => {
    const latestStart = performance.now() - longestMs;
    for (const [reply, startedAt] of running) {
      if (startedAt > latestStart) break;
      running.delete(reply);
      if (!reply.sent) reply.send(new HandlerTimeoutError(`The handler ran longer than ${longestMs} ms.`));
    }
  }, lookEveryMs);
  timer.unref();
  app.addHook('onClose', async () => clearInterval(timer));
}
