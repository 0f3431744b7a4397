import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Database, openDatabase } from '@openbranch/server/platform/db/database';
import type { DatabaseTarget } from '@openbranch/server/platform/db/database-target';
import { migrate } from '@openbranch/server/platform/db/migrate';
import { migrationsDirectory } from '@openbranch/server/platform/db/migrations-directory';
import { createKeyRing, type KeyRing } from '@openbranch/server/platform/keys/key-ring';
import { createPasswordHasher } from '@openbranch/server/platform/passwords/password-hasher';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '@openbranch/server/platform/postgres/embedded-postgres';
import { hashApplicationSecret } from '@openbranch/server/products/identity/index';
import { makeRunDirectory, removeLeftoverRuns } from '@openbranch/testkit/run-directory';
import { silentLog } from '@openbranch/testkit/silent-log';

/** A durable private database with one institution, for the time of one benchmark. */
export interface PreparedInstitution {
  /** A folder of this run, in which a server may write its log. */
  readonly folder: string;
  readonly target: DatabaseTarget;
  readonly database: Database;
  readonly postgresProcessId: number;
  readonly masterKey: Buffer;
  readonly keyRing: KeyRing;
  readonly users: readonly PreparedUser[];
  remove(): Promise<void>;
}

export interface PreparedUser {
  readonly institutionUserId: string;
  readonly loginName: string;
}

export const institutionId = '00042';
/** What the application may do, as the form field of a token call has it. */
export const scopes = ['accounts:read', 'institution-users:read', 'institution-users:write', 'transactions:read'];
/** Of every user: what is measured is the verifying, and hashing thousands of passwords takes minutes. */
export const password = 'correct horse battery staple';
export const application = { clientId: digest('client').slice(0, 48), clientSecret: digest('secret').slice(0, 48) };

/** The database alone, with our schema and nothing in it. */
export type PreparedDatabase = Omit<PreparedInstitution, 'users'>;

/** Starts the database and fills it with that many active retail users, each a primary who has signed in before. */
export async function prepareInstitution(userCount: number): Promise<PreparedInstitution> {
  const prepared = await prepareDatabase();
  const users = Array.from({ length: userCount }, (_, index) => toUser(index));
  await insertInstitution(prepared.database, prepared.keyRing);
  await insertUsers(prepared.database, prepared.keyRing, userCount);
  return { ...prepared, users };
}

export async function prepareDatabase(): Promise<PreparedDatabase> {
  await removeLeftoverRuns();
  const run = await makeRunDirectory();
  const dataDirectory = join(run.path, 'data');
  const postgres = await startEmbeddedPostgres({ dataDirectory, log: silentLog, durable: true });
  const target = postgres.connection;
  await migrate(target, migrationsDirectory, silentLog);
  // Filling a large institution takes its time.
  const database = await openDatabase(target, { maxConnections: 2, applicationName: 'bench', statementTimeoutMs: 0 });
  const masterKey = randomBytes(32);
  const keyRing = createKeyRing(masterKey);
  const remove = async () => {
    await database.close();
    await postgres.stop();
    await removeEmbeddedPostgres(dataDirectory);
    await run.remove();
  };
  return { folder: run.path, target, database, postgresProcessId: postgres.processId, masterKey, keyRing, remove };
}

function digest(text: string): string {
  return createHash('sha256').update(`openbranch bench ${text}`).digest('hex');
}

function toUser(index: number): PreparedUser {
  return { institutionUserId: digest(`user ${index}`).slice(0, 32).toUpperCase(), loginName: `user${index}` };
}

async function insertInstitution({ sql }: Database, keyRing: KeyRing): Promise<void> {
  const { clientId, clientSecret } = application;
  await sql`insert into institutions (institution_id, name) values (${institutionId}, 'Bench Credit Union')`;
  // Without quota and spike arrest, which would refuse what is measured.
  await sql`
    insert into applications (client_id, name, institution_ids, products, grants_v1, grants_v2, allowed_scopes, quota_per_day, spike_per_second)
    values (${clientId}, 'bench', ${[institutionId]}, '{authentication,legacy-authentication}', '{client_credentials}', '{client_credentials,password,refresh_token}', ${scopes}, 0, 0)`;
  await sql`
    insert into application_secrets (client_id, secret_id, secret_hash, created_at)
    values (${clientId}, 'bench', ${hashApplicationSecret(keyRing, clientId, clientSecret)}, clock_timestamp())`;
}

/** The same users as `toUser` makes, by the database itself: a million of them in a minute. */
async function insertUsers({ sql }: Database, keyRing: KeyRing, userCount: number): Promise<void> {
  const { passwordHash, pepperId } = await createPasswordHasher(keyRing).hash(password);
  await sql.begin(async (tx) => {
    // What refers to what is known to be there.
    await tx`set local session_replication_role = replica`;
    await tx`create temporary table prepared on commit drop as
      select upper(id) as id, id as guid, 'user' || index as login, index + 1 as number
      from generate_series(0, ${userCount - 1}::int) index
      cross join lateral (select left(encode(sha256(convert_to('openbranch bench user ' || index, 'UTF8')), 'hex'), 32) as id) made`;
    await tx`insert into customers (institution_id, customer_id, customer_type, member_number)
      select ${institutionId}, guid, 'RETAIL', (1000000 + number)::text from prepared`;
    await tx`insert into institution_users (institution_id, institution_user_id, auth_id, customer_guid, user_type, user_role,
        login_name, first_name, last_name, registered_at)
      select ${institutionId}, id, guid, guid, 'RETAIL', 'PRIMARY', login, 'Pat', 'Demo', clock_timestamp() from prepared`;
    await tx`insert into institution_user_customers (institution_id, institution_user_id, customer_id, is_primary)
      select ${institutionId}, id, guid, true from prepared`;
    await tx`insert into credentials (institution_id, institution_user_id, password_hash, pepper_id, registration,
        has_accepted_disclosure, last_login_at)
      select ${institutionId}, id, ${passwordHash}, ${pepperId}, 'approved', true, clock_timestamp() from prepared`;
  });
  await analyzeFilled(sql);
}

/** As the database does some time later. An empty table is left alone, so that the planner does not believe it stays so. */
export async function analyzeFilled(sql: Database['sql']): Promise<void> {
  const tables = await sql<{ name: string }[]>`
    select relname as name from pg_class
    where relkind = 'r' and relnamespace = 'public'::regnamespace and pg_relation_size(oid) > 0`;
  for (const { name } of tables) await sql`vacuum analyze ${sql(name)}`;
}
