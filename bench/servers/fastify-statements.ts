import { readFileSync } from 'node:fs';
import { connectionOptions } from '@openbranch/server/platform/db/connection-options';
import Fastify from 'fastify';
import postgres from 'postgres';

/**
 * The floor of a read: Fastify and the statements that Openbranch sent for the same call, sent with postgres.js. It answers
 * the bytes that Openbranch answered. No token is looked at, nothing is checked, counted or logged.
 */
interface Plan {
  readonly path: string;
  readonly statements: readonly string[];
  /** By path and query: the parameters of each statement, and the answer. */
  readonly calls: Readonly<Record<string, { readonly parameters: readonly (string | null)[][]; readonly answer: string }>>;
}

const { PORT, DATABASE_URL = '', PLANS = '' } = process.env;
const plans: readonly Plan[] = JSON.parse(readFileSync(PLANS, 'utf8'));
const sql = postgres({ ...connectionOptions({ url: DATABASE_URL }), max: 10, onnotice: () => undefined });

const app = Fastify();
app.get('/', () => 'ready');
for (const { path, statements, calls } of plans) {
  const known = new Map(Object.entries(calls));
  app.get(path, async (request, reply) => {
    const call = known.get(request.url);
    if (call === undefined) return reply.code(500).send('The call is not a prepared one.');
    const rows = await Promise.all(statements.map((text, index) => sql.unsafe(text, call.parameters[index], { prepare: true })));
    if (rows.every(({ length }) => length === 0)) return reply.code(500).send('The statements find nothing.');
    return reply.type('application/json; charset=utf-8').send(call.answer);
  });
}
await app.listen({ port: Number(PORT), host: '127.0.0.1' });
