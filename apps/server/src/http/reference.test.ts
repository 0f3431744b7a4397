import { gunzipSync } from 'node:zlib';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { registerReference } from './reference.ts';

const document = { openapi: '3.1.1', info: { title: 'A bank' } };
const collection = { info: { name: 'A bank' }, item: [] };
let app: FastifyInstance;

beforeAll(async () => {
  app = fastify();
  registerReference(app, { document: () => document, collection: () => collection });
  await app.ready();
});

afterAll(async () => {
  await app.close();
});

test('the document is served as JSON and as YAML, and both say the same', async () => {
  const json = await app.inject('/openapi.json');
  const yaml = await app.inject('/openapi.yaml');
  expect(json.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(json.json()).toEqual(document);
  expect(yaml.headers['content-type']).toBe('application/yaml');
  expect(parse(yaml.body)).toEqual(document);
});

test('the collection is served, and no route gives the environment with its secrets', async () => {
  expect((await app.inject('/postman.json')).json()).toEqual(collection);
  expect((await app.inject('/postman-environment.json')).statusCode).toBe(404);
});

test.each(['/', '/docs', '/docs/start.js', '/docs/scalar.js', '/openapi.json', '/openapi.yaml', '/postman.json'])(
  'who has %s already is told so and gets it no second time',
  async (url) => {
    const first = await app.inject(url);
    expect(first.statusCode).toBe(200);
    expect(first.headers['etag']).toMatch(/^"[\w-]{43}"$/u);
    const etag = String(first.headers['etag']);
    for (const condition of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await app.inject({ url, headers: { 'if-none-match': condition } });
      expect([again.statusCode, again.body]).toEqual([304, '']);
    }
    const other = await app.inject({ url, headers: { 'if-none-match': '"other"' } });
    expect(other.statusCode).toBe(200);
  },
);

test.each(['/', '/docs'])('the page at %s may run only scripts of this server and talk only to it', async (url) => {
  const page = await app.inject(url);
  const policy = String(page.headers['content-security-policy']);
  expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("connect-src 'self';");
  expect(policy).not.toMatch(/https?:|unsafe-eval/u);
  expect(page.body).not.toMatch(/https?:\/\//u);
});

test('the program of the page travels compressed where the browser takes that', async () => {
  const plain = await app.inject('/docs/scalar.js');
  const compressed = await app.inject({ url: '/docs/scalar.js', headers: { 'accept-encoding': 'gzip, br' } });
  expect(plain.headers['content-encoding']).toBeUndefined();
  expect(compressed.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
  expect(compressed.headers['etag']).not.toBe(plain.headers['etag']);
  expect(gunzipSync(compressed.rawPayload).equals(plain.rawPayload)).toBe(true);
});
