import { readFileSync } from 'node:fs';
import type { DatabaseTarget } from './database-target.ts';
import { SetupError } from './setup-error.ts';

/** The part of postgres.js's options that comes from the address. */
export type ConnectionOptions = {
  host?: string;
  port?: number;
  path?: string;
  database: string;
  user: string;
  password?: string;
  ssl: false | TlsOptions;
};

type TlsOptions = {
  rejectUnauthorized: boolean;
  ca?: string;
  cert?: string;
  key?: string;
  checkServerIdentity?: () => undefined;
};

const knownParameters = ['host', 'port', 'user', 'password', 'dbname', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey'];
const modes = ['disable', 'require', 'verify-ca', 'verify-full'];

type Address = { host: string; port: number; user: string; password: string; database: string; tls: ReadonlyMap<string, string> };

/**
 * Reads a PostgreSQL URL as libpq does, a Unix socket's directory in place of the host included. postgres.js would read it
 * otherwise, and would send to the server what it does not know.
 * @throws SetupError that names the part of DATABASE_URL which is wrong, and never shows the password.
 */
export function connectionOptions(target: DatabaseTarget): ConnectionOptions {
  const { host, port, user, password, database, tls } = parseAddress(target.url);
  const isSocket = host.startsWith('/');
  return {
    database,
    user,
    ...(password === '' ? {} : { password }),
    ...(isSocket ? { path: `${host}/.s.PGSQL.${port}` } : { host, port }),
    ssl: isSocket ? false : tlsOptions(tls),
  };
}

/** The same address for node-postgres (graphile-worker), in the one form that it reads as libpq does. */
export function nodePostgresUrl(target: DatabaseTarget): string {
  const { host, port, user, password, database, tls } = parseAddress(target.url);
  const secret = password === '' ? '' : `:${encodeURIComponent(password)}`;
  const place = host.includes(':') ? `[${host}]` : encodeURIComponent(host);
  const parameters = new URLSearchParams([...tls]);
  if (parameters.get('sslrootcert') === 'system') parameters.delete('sslrootcert');
  // Without this it checks certificates where libpq would not, and warns about it.
  if (tls.has('sslmode')) parameters.set('uselibpqcompat', 'true');
  const query = parameters.size === 0 ? '' : `?${parameters}`;
  return `postgresql://${encodeURIComponent(user)}${secret}@${place}:${port}/${encodeURIComponent(database)}${query}`;
}

function parseAddress(text: string): Address {
  const url = parseUrl(text);
  for (const name of url.searchParams.keys()) {
    if (knownParameters.includes(name)) continue;
    throw new SetupError(
      `DATABASE_URL has the parameter "${name}", which is not known: remove it, or use ${knownParameters.join(', ')}.`,
    );
  }
  const part = (name: string, inUrl: string) => url.searchParams.get(name) ?? decodePart(inUrl);
  const host = part('host', url.hostname).replace(/^\[(.*)\]$/, '$1') || 'localhost';
  const user = part('user', url.username);
  const port = Number(part('port', url.port) || '5432');
  if (host.includes(',') && !host.startsWith('/'))
    throw new SetupError('DATABASE_URL names several hosts: name one, for example that of the proxy before them.');
  if (user === '') throw new SetupError('DATABASE_URL names no user: write postgresql://user:password@host:5432/database.');
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new SetupError('DATABASE_URL has a port that is not a number up to 65535.');
  const database = part('dbname', url.pathname.slice(1)) || user;
  return { host, port, user, password: part('password', url.password), database, tls: tlsParameters(url.searchParams) };
}

function decodePart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new SetupError('DATABASE_URL has a "%" that begins no escape: write %25 for it, in a password too.');
  }
}

function parseUrl(text: string): URL {
  // libpq lets the host be empty when it stands in the parameter; a URL with a user may not be so.
  const url = URL.parse(text.replace('@/', '@localhost/'));
  if (url?.protocol === 'postgresql:' || url?.protocol === 'postgres:') return url;
  throw new SetupError('DATABASE_URL is not a PostgreSQL address: write postgresql://user:password@host:5432/database.');
}

function tlsParameters(parameters: URLSearchParams): ReadonlyMap<string, string> {
  const tls = new Map([...parameters].filter(([name]) => name.startsWith('ssl')));
  const isSystem = tls.get('sslrootcert') === 'system';
  const mode = tls.get('sslmode') ?? (isSystem ? 'verify-full' : undefined);
  if (mode === undefined) return tls;
  if (!modes.includes(mode)) throw new SetupError(`DATABASE_URL has sslmode=${mode}: use ${modes.join(', ')}.`);
  // libpq: the system's certificates are trusted only together with the host's name.
  return tls.set('sslmode', isSystem && mode !== 'disable' ? 'verify-full' : mode);
}

function tlsOptions(tls: ReadonlyMap<string, string>): ConnectionOptions['ssl'] {
  const mode = tls.get('sslmode') ?? 'disable';
  if (mode === 'disable') return false;
  const files = { ...pem('ca', tls.get('sslrootcert')), ...pem('cert', tls.get('sslcert')), ...pem('key', tls.get('sslkey')) };
  if (mode === 'verify-full') return { ...files, rejectUnauthorized: true };
  // libpq checks the certificate also for "require" when a root certificate is named, and the host's name for neither.
  const isChecked = mode === 'verify-ca' || 'ca' in files;
  return { ...files, rejectUnauthorized: isChecked, checkServerIdentity: () => undefined };
}

function pem(name: 'ca' | 'cert' | 'key', file: string | undefined): Partial<Record<'ca' | 'cert' | 'key', string>> {
  if (file === undefined || file === 'system') return {};
  try {
    return { [name]: readFileSync(file, 'utf8') };
  } catch (cause) {
    throw new SetupError(`DATABASE_URL names the file ${file}, which cannot be read.`, { cause });
  }
}
