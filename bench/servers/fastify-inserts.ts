import { connectionOptions } from '@openbranch/server/platform/db/connection-options';
import Fastify from 'fastify';
import postgres from 'postgres';

/** The floor of publishing: Fastify, and one insert of the same body. No token is looked at, nothing is checked. */
const { PORT, DATABASE_URL = '' } = process.env;
const sql = postgres({ ...connectionOptions({ url: DATABASE_URL }), max: 10, onnotice: () => undefined });
await sql`create table if not exists bench_events (institution_id text, event_id text, body text, primary key (institution_id, event_id))`;

const app = Fastify();
app.get('/', () => 'ready');
app.post<{ Body: { eventDetails: { eventId: string; institutionId: string } } }>(
  '/v1/realtime-events',
  async (request, reply) => {
    const { eventId, institutionId } = request.body.eventDetails;
    await sql`
    insert into bench_events (institution_id, event_id, body) values (${institutionId}, ${eventId}, ${JSON.stringify(request.body)})
    on conflict do nothing`;
    return reply.code(202).send();
  },
);
await app.listen({ port: Number(PORT), host: '127.0.0.1' });
