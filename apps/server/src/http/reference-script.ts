import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import fastify from 'fastify';
import { type Content, toContent } from './send-content.ts';

export interface ReferenceScript {
  readonly plain: Content;
  readonly compressed: Content;
}

/**
 * The program of the reference page (Scalar), taken out of its npm package so that the page needs no other host.
 * The package gives it only through its Fastify plugin, with a page of its own that loads from elsewhere; so a server that
 * listens nowhere is asked for it. It is 4 MB and is loaded when somebody first opens the page.
 */
export async function loadReferenceScript(): Promise<ReferenceScript> {
  const { default: scalar } = await import('@scalar/fastify-api-reference');
  const source = fastify();
  try {
    await source.register(scalar, { routePrefix: '/docs', configuration: { url: '/openapi.json' } });
    const answer = await source.inject('/docs/js/scalar.js');
    if (answer.statusCode !== 200) throw new Error('The package @scalar/fastify-api-reference has no script: install it again.');
    // The map of the sources is not served, so browsers must not look for it.
    const script = answer.body.replace(/\n\/\/# sourceMappingURL=.*$/u, '\n');
    const type = 'text/javascript; charset=utf-8';
    return { plain: toContent(type, script), compressed: toContent(type, await promisify(gzip)(script)) };
  } finally {
    await source.close();
  }
}
