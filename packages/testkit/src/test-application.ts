import type { Sql } from '@openbranch/server/platform/db/database';
import type { KeyRing } from '@openbranch/server/platform/keys/key-ring';
import { randomAlphanumeric } from '@openbranch/server/platform/keys/random-text';
import { hashApplicationSecret } from '@openbranch/server/products/identity/index';

/** The keys of a registered application. */
export interface ApplicationKeys {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Columns of `applications` that a test wants otherwise than usual. */
export interface ApplicationColumns {
  readonly is_enabled?: boolean;
  readonly institution_ids?: string[];
  readonly products?: string[];
  readonly grants_v1?: string[];
  readonly grants_v2?: string[];
  readonly allowed_scopes?: string[];
  readonly access_ttl_v1_s?: number;
  readonly access_ttl_v2_s?: number;
  readonly refresh_ttl_s?: number;
  readonly allowed_addresses?: string[];
  readonly quota_per_day?: number;
  readonly spike_per_second?: number;
  readonly introspection?: 'own' | 'institution';
}

/**
 * Registers an application that may do everything in institution 00042, without limits, but for the given columns. For
 * `prepare` of a test app: a program that runs already does not learn of it.
 */
export async function insertApplication(sql: Sql, keyRing: KeyRing, columns: ApplicationColumns = {}): Promise<ApplicationKeys> {
  const clientId = randomAlphanumeric(48);
  const usual = {
    client_id: clientId,
    name: `test-${clientId.slice(0, 8)}`,
    institution_ids: ['00042'],
    products: ['authentication', 'legacy-authentication'],
    grants_v1: ['client_credentials', 'password'],
    grants_v2: ['client_credentials', 'password', 'refresh_token'],
    allowed_scopes: ['institution-users:read', 'institution-users:write'],
    quota_per_day: 0,
    spike_per_second: 0,
  };
  await sql`insert into applications ${sql({ ...usual, ...columns })}`;
  const clientSecret = await insertSecret(sql, keyRing, clientId, { secretId: 'first' });
  return { clientId, clientSecret };
}

/** Adds a secret to an application. @returns The secret. */
export async function insertSecret(
  sql: Sql,
  keyRing: KeyRing,
  clientId: string,
  { secretId, expiresAt }: { readonly secretId: string; readonly expiresAt?: Date },
): Promise<string> {
  const secret = randomAlphanumeric(43);
  await sql`
    insert into application_secrets (client_id, secret_id, secret_hash, created_at, expires_at)
    values (${clientId}, ${secretId}, ${hashApplicationSecret(keyRing, clientId, secret)}, ${new Date()}, ${expiresAt ?? null})`;
  return secret;
}
