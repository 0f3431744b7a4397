import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connectionOptions, nodePostgresUrl } from './connection-options.ts';
import { socketTarget, withDatabase } from './database-target.ts';

const options = (url: string) => connectionOptions({ url });

test('a plain address gives host, port, user, password and database', () => {
  expect(options('postgresql://me:p%40ss@db.example:6543/bank')).toEqual({
    host: 'db.example',
    port: 6543,
    user: 'me',
    password: 'p@ss',
    database: 'bank',
    ssl: false,
  });
  expect(options('postgres://me@[::1]')).toEqual({ host: '::1', port: 5432, user: 'me', database: 'me', ssl: false });
});

test('a Unix socket is read from the place of the host and from the parameter, as libpq does', () => {
  const socket = { path: '/run/my sql/.s.PGSQL.5432', user: 'openbranch', database: 'openbranch', ssl: false };
  const target = socketTarget('/run/my sql', 'openbranch');
  expect(connectionOptions(target)).toEqual(socket);
  expect(options('postgresql://openbranch@/openbranch?host=%2Frun%2Fmy%20sql')).toEqual(socket);
  expect(connectionOptions(withDatabase(target, 'other/one'))).toEqual({ ...socket, database: 'other/one' });
});

test('sslmode has the meaning that libpq gives it', () => {
  const directory = mkdtempSync(join(tmpdir(), 'openbranch-tls-'));
  const file = join(directory, 'ca.pem');
  writeFileSync(file, 'PEM');
  const ssl = (query: string) => options(`postgresql://me@db/bank?${query}`).ssl;
  expect(ssl('sslmode=disable')).toBe(false);
  expect(ssl('sslmode=require')).toMatchObject({ rejectUnauthorized: false });
  expect(ssl(`sslmode=require&sslrootcert=${file}`)).toMatchObject({
    rejectUnauthorized: true,
    ca: 'PEM',
    checkServerIdentity: expect.any(Function),
  });
  expect(ssl(`sslmode=verify-full&sslrootcert=${file}`)).toEqual({ rejectUnauthorized: true, ca: 'PEM' });
  expect(ssl('sslmode=require&sslrootcert=system')).toEqual({ rejectUnauthorized: true });
  rmSync(directory, { recursive: true });
});

test.each([
  ['mysql://me@db/bank', 'DATABASE_URL is not a PostgreSQL address'],
  ['no address with secret', 'DATABASE_URL is not a PostgreSQL address'],
  ['postgresql://me:secret@db1,db2/bank', 'DATABASE_URL names several hosts'],
  ['postgresql://:secret@db/bank', 'DATABASE_URL names no user'],
  ['postgresql://me:secret@db/bank?pool=5', 'DATABASE_URL has the parameter "pool"'],
  ['postgresql://me:secret@db/bank?sslmode=prefer', 'DATABASE_URL has sslmode=prefer'],
  ['postgresql://me:secret@db/bank?port=many', 'DATABASE_URL has a port'],
  ['postgresql://me:secret@db/bank?sslmode=require&sslrootcert=/missing.pem', 'DATABASE_URL names the file /missing.pem'],
])('the wrong address %s is named in one line that does not show the password', (url, message) => {
  const attempt = () => options(url);
  expect(attempt).toThrow(message);
  expect(attempt).not.toThrow('secret');
});

test('node-postgres gets the same address in the form that it reads alike', () => {
  expect(nodePostgresUrl(socketTarget('/run/my sql', 'openbranch'))).toBe(
    'postgresql://openbranch@%2Frun%2Fmy%20sql:5432/openbranch',
  );
  expect(nodePostgresUrl({ url: 'postgresql://me:p%40ss@db/bank?sslmode=require' })).toBe(
    'postgresql://me:p%40ss@db:5432/bank?sslmode=require&uselibpqcompat=true',
  );
});
