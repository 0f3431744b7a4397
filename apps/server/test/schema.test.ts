import { createTestDatabase, type TestDatabase } from '@openbranch/testkit/test-database';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** The schema distributes by institution: what that needs is read from the database itself. */
let own: TestDatabase;
beforeAll(async () => {
  own = await createTestDatabase();
});
afterAll(() => own.drop());

/** Small tables that every node of a distributed database has in full. */
const referenceTables = [
  'application_secrets',
  'applications',
  'change_feed',
  'institutions',
  'schema_migrations',
  'signing_keys',
  'installation',
  'system_alert_templates',
  'system_alert_types',
];

async function tenantTables(): Promise<string[]> {
  const tables = await own.database.sql<{ name: string }[]>`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' order by table_name`;
  return tables.map(({ name }) => name).filter((name) => !referenceTables.includes(name));
}

/** Columns of primary keys, unique constraints and unique indexes, in their order. */
function uniqueKeys() {
  return own.database.sql<{ table: string; name: string; is_primary: boolean; columns: string[] }[]>`
    select c.relname as table, i.relname as name, x.indisprimary as is_primary,
      array(select pg_get_indexdef(x.indexrelid, position, true) from generate_series(1, x.indnkeyatts) as position) as columns
    from pg_index x join pg_class c on c.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
    where c.relnamespace = 'public'::regnamespace and x.indisunique`;
}

function foreignKeys() {
  return own.database.sql<{ from: string; to: string; name: string; columns: string[]; target_columns: string[] }[]>`
    select conrelid::regclass::text as from, confrelid::regclass::text as to, conname as name,
      array(select attname::text from unnest(conkey) with ordinality k (n, o) join pg_attribute on attrelid = conrelid and attnum = n order by o) as columns,
      array(select attname::text from unnest(confkey) with ordinality k (n, o) join pg_attribute on attrelid = confrelid and attnum = n order by o) as target_columns
    from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace`;
}

test('every table is a reference table that is named here, or a tenant table with institution_id', async () => {
  const tables = await tenantTables();
  expect(tables.length).toBeGreaterThan(8);
  const columns = await own.database.sql<{ table: string; data_type: string; is_nullable: string }[]>`
    select table_name as table, data_type, is_nullable from information_schema.columns
    where table_schema = 'public' and column_name = 'institution_id' and table_name in ${own.database.sql(tables)}
    order by table_name`;
  expect(columns.map(({ table }) => table)).toEqual(tables);
  for (const column of columns) expect(column).toMatchObject({ data_type: 'text', is_nullable: 'NO' });
});

test('the primary key and every unique key of a tenant table begin with institution_id', async () => {
  const tables = await tenantTables();
  const keys = (await uniqueKeys()).filter(({ table }) => tables.includes(table));
  expect(
    keys
      .filter((key) => key.is_primary)
      .map(({ table }) => table)
      .sort(),
  ).toEqual(tables);
  for (const { name, columns } of keys) expect([name, columns[0]]).toEqual([name, 'institution_id']);
});

test('every index of a tenant table begins with institution_id', async () => {
  const tables = await tenantTables();
  const indexes = await own.database.sql<{ name: string; first: string }[]>`
    select i.relname as name, pg_get_indexdef(x.indexrelid, 1, true) as first
    from pg_index x join pg_class c on c.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
    where c.relnamespace = 'public'::regnamespace and c.relname in ${own.database.sql(tables)}`;
  expect(indexes.filter(({ first }) => first !== 'institution_id')).toEqual([]);
});

test('foreign keys between tenant tables include institution_id on both sides, in the same place', async () => {
  const tables = await tenantTables();
  const between = (await foreignKeys()).filter(({ from, to }) => tables.includes(from) && tables.includes(to));
  expect(between.length).toBeGreaterThan(3);
  for (const { name, columns, target_columns: targets } of between)
    expect([name, columns[0], targets[0]]).toEqual([name, 'institution_id', 'institution_id']);
});

test('a reference table never points at a tenant table', async () => {
  const pointing = (await foreignKeys()).filter(
    ({ from, to }) => referenceTables.includes(from) && !referenceTables.includes(to),
  );
  expect(pointing).toEqual([]);
});

test('every constraint has a name that says what it is about', async () => {
  const constraints = await own.database.sql<{ name: string; table: string }[]>`
    select conname as name, conrelid::regclass::text as table from pg_constraint
    where connamespace = 'public'::regnamespace and contype in ('p', 'u', 'f', 'c')`;
  for (const { name, table } of constraints) expect(name.startsWith(`${table}__`), name).toBe(true);
});
