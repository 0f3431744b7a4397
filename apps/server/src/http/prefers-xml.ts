import type { FastifyRequest } from 'fastify';

/** True when the caller accepts XML and likes it better than JSON (RFC 9110 section 12.5.1); without a wish it is JSON. */
export function prefersXml({ headers: { accept } }: Pick<FastifyRequest, 'headers'>): boolean {
  if (accept === undefined || !accept.toLowerCase().includes('xml')) return false;
  const ranges = accept.split(',', 32).map(readRange);
  const weightOf = (...names: readonly string[]) =>
    Math.max(...ranges.filter(({ name }) => names.includes(name)).map(({ weight }) => weight), 0);
  const json = weightOf('application/json') || weightOf('application/*', '*/*');
  return weightOf('application/xml', 'text/xml') > json;
}

function readRange(text: string): { readonly name: string; readonly weight: number } {
  const [name = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  const weight = quality === undefined ? 1 : Number(quality);
  return { name, weight: Number.isFinite(weight) ? weight : 0 };
}
