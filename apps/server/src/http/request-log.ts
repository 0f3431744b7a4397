import type { FastifyInstance } from 'fastify';
import type { Logger } from '../platform/telemetry/logger.ts';
import type { Metrics } from '../platform/telemetry/metrics.ts';

/**
 * One line and one count for each request. The line has the operation, ids whose form was checked, and the form of the
 * path without its values; never a header, a query, a body or a path value, which may be personal or secret.
 */
export function registerRequestLog(app: FastifyInstance, log: Logger, metrics: Metrics): void {
  const isLogging = log.isLevelEnabled('info');
  // Every member of the line is chosen below, so nothing has to be looked for and redacted in each of them.
  const lines = log.child({}, { redact: [] });
  app.addHook('onResponse', (request, reply, done) => {
    const { exchange } = request;
    const operation = exchange?.operation?.id ?? 'unknown';
    const durationMs = reply.elapsedTime;
    metrics.requestEnded(operation, reply.statusCode, durationMs / 1000);
    if (isLogging) {
      lines.info({
        operation,
        method: request.method,
        form: request.routeOptions.url,
        status: reply.statusCode,
        code: exchange?.errorCode,
        traceId: exchange?.traceId,
        institution: exchange?.institution?.institutionId,
        application: exchange?.application?.name,
        durationMs: Math.round(durationMs * 100) / 100,
      });
    }
    done();
  });
}
