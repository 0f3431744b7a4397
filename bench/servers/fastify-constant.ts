import Fastify from 'fastify';

/** Fastify, which reads the form and answers a constant of the size of a token answer. */
const app = Fastify();
app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => done(null, body));
app.get('/', () => 'ready');
const answer = JSON.stringify({ access_token: 'x'.repeat(760), expires_in: '1799', token_type: 'Bearer' });
app.post('/oauth2/v1/token', (_request, reply) => reply.type('application/json; charset=utf-8').send(answer));
await app.listen({ port: Number(process.env['PORT']), host: '127.0.0.1' });
