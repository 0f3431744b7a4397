import type { FastifyInstance } from 'fastify';
import type { ConfirmDelivery } from '../platform/delivery/confirm-delivery.ts';
import { signatureHeader, timestampHeader } from '../platform/delivery/webhook-signature.ts';
import { singleHeader } from './header-checks.ts';

/** More than any confirmation has. */
const longestBodyBytes = 16_384;
const statuses = { taken: 204, 'not genuine': 401, malformed: 400, unknown: 404 } as const;

/** Where the service behind the webhook says what became of a message: docs/delivery.md. */
export function registerDeliveryCallback(app: FastifyInstance, confirm: ConfirmDelivery): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    // The signature is over the bytes as they came.
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.post('/delivery/v1/callbacks', async (request, reply) => {
      const outcome = await confirm({
        signature: singleHeader(request.raw, signatureHeader),
        timestamp: singleHeader(request.raw, timestampHeader),
        body: Buffer.isBuffer(request.body) && request.body.length <= longestBodyBytes ? request.body : Buffer.alloc(0),
      });
      return reply.code(statuses[outcome]).header('cache-control', 'no-store').send();
    });
  });
}
