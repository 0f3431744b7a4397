/**
 * Where a database is: `postgresql://user:password@host:port/database?sslmode=...`. A Unix socket's directory stands
 * percent-encoded in the place of the host, which libpq and node-postgres understand as it is.
 */
export type DatabaseTarget = { readonly url: string };

/** The target of a database on the private server's Unix socket. */
export function socketTarget(socketDirectory: string, database: string): DatabaseTarget {
  return { url: `postgresql://openbranch@${encodeURIComponent(socketDirectory)}/${encodeURIComponent(database)}` };
}

/** The same server and user with another database. */
export function withDatabase(target: DatabaseTarget, database: string): DatabaseTarget {
  const url = new URL(target.url);
  url.pathname = `/${encodeURIComponent(database)}`;
  return { url: url.href };
}
