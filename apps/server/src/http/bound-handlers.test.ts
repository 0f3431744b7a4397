import Fastify from 'fastify';
import { afterEach, expect, test } from 'vitest';
import { boundHandlers, HandlerTimeoutError } from './bound-handlers.ts';

const longestMs = 50;
let app = Fastify();

afterEach(() => app.close());

/** With a handler that ends when the test says so, and one that answers at once. */
function createServer() {
  app = Fastify();
  const slow = Promise.withResolvers<string>();
  const errors: unknown[] = [];
  boundHandlers(app, longestMs, 5);
  app.setErrorHandler((error, _request, reply) => {
    errors.push(error);
    return reply.code(503).send('too slow');
  });
  app.all('/slow', async () => slow.promise);
  app.all('/quick', async () => 'in time');
  return { slow, errors };
}

test.each(['GET', 'POST'] as const)('a %s whose handler does not end is answered in time', async (method) => {
  const { slow, errors } = createServer();
  const payload = method === 'POST' ? { payload: { with: 'a body' } } : {};
  const answer = await app.inject({ method, url: '/slow', ...payload });
  expect([answer.statusCode, answer.body]).toEqual([503, 'too slow']);
  expect(errors).toEqual([expect.any(HandlerTimeoutError)]);
  slow.resolve('late');
});

test('what a handler answers too late goes nowhere, and others are served', async () => {
  const { slow, errors } = createServer();
  const late = app.inject('/slow');
  expect((await app.inject('/quick')).body).toBe('in time');
  expect((await late).statusCode).toBe(503);
  slow.resolve('late');
  expect((await app.inject('/quick')).body).toBe('in time');
  expect(errors).toHaveLength(1);
});
