import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../platform/telemetry/metrics.ts';

/** For load balancers and Prometheus. Live: the process runs. Ready: the database answers and has every migration. */
export function registerHealth(app: FastifyInstance, metrics: Metrics, readiness: () => Promise<readonly string[]>): void {
  app.get('/health/live', async () => ({ status: 'live' }));
  app.get('/health/ready', async (_request, reply) => {
    const problems = await readiness();
    return problems.length === 0 ? { status: 'ready' } : reply.code(503).send({ status: 'not ready', problems });
  });
  app.get('/metrics', async (_request, reply) =>
    reply.header('content-type', metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
}
