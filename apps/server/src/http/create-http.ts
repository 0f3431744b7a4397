import type { Operation } from '@openbranch/contract/operation';
import Fastify, { type FastifyInstance } from 'fastify';
import { boundHandlers } from './bound-handlers.ts';
import { endConnectionsOnClose } from './end-connections.ts';
import { answerBrokenRequest } from './errors.ts';
import { createNormaliseUrl } from './normalise-url.ts';
import { actionsOf } from './register-operations.ts';

const maximumBodyBytes = 1_048_576;
/** Less than the time that proxies before us usually wait. */
const longestHandlerMs = 25_000;

/** The server before anything is registered on it: what a request may cost is bounded here. */
export function createHttp(known: readonly Operation[], trustedProxies: readonly string[]): FastifyInstance {
  const normaliseUrl = createNormaliseUrl(actionsOf(known));
  const http = Fastify({
    logger: false,
    bodyLimit: maximumBodyBytes,
    // Whoever sends slowly or holds a connection without asking is cut off.
    requestTimeout: 30_000,
    connectionTimeout: 60_000,
    keepAliveTimeout: 65_000,
    http: { headersTimeout: 15_000, maxHeaderSize: 32_768 },
    forceCloseConnections: 'idle',
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    exposeHeadRoutes: false,
    rewriteUrl: (request) => normaliseUrl(request.url ?? '/'),
    clientErrorHandler: answerBrokenRequest,
    // No path is longer than the headers may be; what a value may hold is said by the operation.
    routerOptions: { ignoreTrailingSlash: false, maxParamLength: 32_768 },
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false, allowUnionTypes: true } },
  });
  endConnectionsOnClose(http);
  boundHandlers(http, longestHandlerMs);
  return http;
}
