import { readFileSync } from 'node:fs';
import { connectionOptions } from '@openbranch/server/platform/db/connection-options';
import Fastify from 'fastify';
import postgres from 'postgres';

/**
 * The floor of reading a user's status: Fastify and the same selects with postgres.js. It answers the bytes that
 * Openbranch answers, made ready before. No token is looked at, nothing is checked, counted or logged.
 */
const { PORT, DATABASE_URL = '', INSTITUTION_ID = '', ANSWERS = '' } = process.env;
/** By user. */
const answers: ReadonlyMap<string, string> = new Map(JSON.parse(readFileSync(ANSWERS, 'utf8')));
const sql = postgres({ ...connectionOptions({ url: DATABASE_URL }), max: 10, onnotice: () => undefined });
const columns = sql.unsafe(`u.institution_id, u.institution_user_id, u.auth_id, u.customer_guid, u.user_type, u.user_role,
  u.parent_institution_user_id, u.login_name, u.first_name, u.middle_name, u.last_name, u.email_address, u.registered_at,
  c.password_hash, c.pepper_id, c.registration, c.locked_at, c.lock_reason, c.held_at, c.hold_reason, c.hold_initiated_by,
  c.must_change_password, c.is_deleted, c.has_invalid_email, c.has_accepted_disclosure, c.failed_login_count,
  c.failed_password_reset_count, c.last_login_at`);

const app = Fastify();
app.get('/', () => 'ready');
app.get<{ Params: { userId: string } }>('/v1/user-status/:userId', async (request, reply) => {
  const { userId } = request.params;
  const [user] = await sql`
    select ${columns} from institution_users u join credentials c using (institution_id, institution_user_id)
    where u.institution_id = ${INSTITUTION_ID} and u.institution_user_id = ${userId} and not c.is_deleted`;
  const subUsers = await sql`
    select ${columns} from institution_users u join credentials c using (institution_id, institution_user_id)
    where u.institution_id = ${INSTITUTION_ID} and u.parent_institution_user_id = ${userId} and not c.is_deleted
    order by u.registered_at, u.institution_user_id`;
  if (user === undefined || subUsers.length > 0) return reply.code(500).send('The user is not the prepared one.');
  return reply.type('application/json; charset=utf-8').send(answers.get(userId));
});
await app.listen({ port: Number(PORT), host: '127.0.0.1' });
