import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { referencePage, referencePagePolicy, referenceStart } from './reference-page.ts';
import { loadReferenceScript } from './reference-script.ts';
import { type Content, sendContent, toContent } from './send-content.ts';
import { toYamlText } from './yaml-text.ts';

export interface ReferenceOptions {
  /** The OpenAPI document. Asked once, when first needed. */
  readonly document: () => object;
  /** The Postman collection. Asked once, when first needed. */
  readonly collection: () => object;
}

/** Clients keep what they got but ask each time whether it is still good. */
const revalidate = 'no-cache';

/**
 * The API reference at `/` and `/docs`, and what it is made from: `/openapi.json`, `/openapi.yaml` and `/postman.json`.
 * Everything comes from this server.
 */
export function registerReference(app: FastifyInstance, options: ReferenceOptions): void {
  const document = once(options.document);
  registerPage(app);
  const documents: readonly [string, () => Content][] = [
    ['/openapi.json', once(() => json(document()))],
    ['/openapi.yaml', once(() => toContent('application/yaml', toYamlText(document())))],
    ['/postman.json', once(() => json(options.collection()))],
  ];
  for (const [path, content] of documents) {
    app.get(path, (request, reply) => sendContent(request, reply, content(), revalidate));
  }
}

function registerPage(app: FastifyInstance): void {
  const page = toContent('text/html; charset=utf-8', referencePage);
  const start = toContent('text/javascript; charset=utf-8', referenceStart);
  const script = once(loadReferenceScript);

  const sendPage = (request: FastifyRequest, reply: FastifyReply) => {
    reply.header('content-security-policy', referencePagePolicy).header('referrer-policy', 'no-referrer');
    return sendContent(request, reply, page, revalidate);
  };
  app.get('/', sendPage);
  app.get('/docs', sendPage);
  app.get('/docs/start.js', (request, reply) => sendContent(request, reply, start, revalidate));
  app.get('/docs/scalar.js', async (request, reply) => {
    const { plain, compressed } = await script();
    reply.header('vary', 'accept-encoding');
    if (!/\bgzip\b/u.test(request.headers['accept-encoding'] ?? '')) return sendContent(request, reply, plain, revalidate);
    return sendContent(request, reply.header('content-encoding', 'gzip'), compressed, revalidate);
  });
}

function json(value: object): Content {
  return toContent('application/json; charset=utf-8', `${JSON.stringify(value, null, 2)}\n`);
}

/** The same function, which remembers its first answer. */
function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
