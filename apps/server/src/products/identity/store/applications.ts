import type { Sql, Tx } from '../../../platform/db/database.ts';

/** What an operator registers. Durations are in seconds; what is undefined takes the default of the table. */
export interface NewApplication {
  readonly clientId: string;
  readonly name: string;
  readonly institutionIds: readonly string[];
  readonly edition: 'v1' | 'v2';
  readonly grants: readonly string[];
  readonly scopes: readonly string[];
  readonly accessTtl: number | undefined;
  readonly refreshTtl: number | undefined;
  /** Addresses or CIDR ranges; none means every address. */
  readonly addresses: readonly string[];
  /** 0 is off. */
  readonly quotaPerDay: number | undefined;
  readonly spikePerSecond: number | undefined;
  readonly introspection: 'own' | 'institution' | undefined;
}

export async function insertApplication(tx: Tx, application: NewApplication): Promise<void> {
  const { edition, grants, accessTtl, refreshTtl, quotaPerDay, spikePerSecond, introspection } = application;
  const row = {
    client_id: application.clientId,
    name: application.name,
    institution_ids: [...application.institutionIds],
    products: [edition === 'v1' ? 'legacy-authentication' : 'authentication'],
    grants_v1: edition === 'v1' ? [...grants] : [],
    grants_v2: edition === 'v2' ? [...grants] : [],
    allowed_scopes: [...application.scopes],
    allowed_addresses: [...application.addresses],
    ...(accessTtl === undefined ? {} : { access_ttl_v1_s: accessTtl, access_ttl_v2_s: accessTtl }),
    ...(refreshTtl === undefined ? {} : { refresh_ttl_s: refreshTtl }),
    ...(quotaPerDay === undefined ? {} : { quota_per_day: quotaPerDay }),
    ...(spikePerSecond === undefined ? {} : { spike_per_second: spikePerSecond }),
    ...(introspection === undefined ? {} : { introspection }),
  };
  await tx`insert into applications ${tx(row)}`;
}

export interface RegisteredApplication {
  readonly clientId: string;
  readonly name: string;
  readonly isEnabled: boolean;
  readonly institutionIds: readonly string[];
}

interface ApplicationRow {
  readonly client_id: string;
  readonly name: string;
  readonly is_enabled: boolean;
  readonly institution_ids: string[];
}

/** Locks the application until the transaction ends, so that changes of it have one order. */
export async function lockApplication(tx: Tx, clientId: string): Promise<RegisteredApplication | undefined> {
  const [row] = await tx<ApplicationRow[]>`
    select client_id, name, is_enabled, institution_ids from applications where client_id = ${clientId} for update`;
  return row === undefined
    ? undefined
    : { clientId: row.client_id, name: row.name, isEnabled: row.is_enabled, institutionIds: row.institution_ids };
}

export async function saveEnabled(tx: Tx, clientId: string, isEnabled: boolean): Promise<void> {
  await tx`update applications set is_enabled = ${isEnabled} where client_id = ${clientId}`;
}

export interface NewSecret {
  readonly clientId: string;
  readonly secretId: string;
  readonly secretHash: Buffer;
  readonly createdAt: Date;
}

export async function insertSecret(tx: Tx, { clientId, secretId, secretHash, createdAt }: NewSecret): Promise<void> {
  await tx`
    insert into application_secrets (client_id, secret_id, secret_hash, created_at)
    values (${clientId}, ${secretId}, ${secretHash}, ${createdAt})`;
}

export interface StoredSecret {
  readonly secretId: string;
  readonly expiresAt: Date | undefined;
}

/** Secrets that still open, newest first. */
export async function listLiveSecrets(tx: Tx, clientId: string, now: Date): Promise<StoredSecret[]> {
  const rows = await tx<{ secret_id: string; expires_at: Date | null }[]>`
    select secret_id, expires_at from application_secrets
    where client_id = ${clientId} and (expires_at is null or expires_at > ${now})
    order by created_at desc, secret_id`;
  return rows.map((row) => ({ secretId: row.secret_id, expiresAt: row.expires_at ?? undefined }));
}

export async function saveSecretExpiry(tx: Tx, clientId: string, secretId: string, expiresAt: Date): Promise<void> {
  await tx`update application_secrets set expires_at = ${expiresAt} where client_id = ${clientId} and secret_id = ${secretId}`;
}

/** An application as an operator sees it in a list. */
export interface ListedApplication {
  readonly clientId: string;
  readonly name: string;
  readonly isEnabled: boolean;
  readonly institutionIds: readonly string[];
  readonly edition: string;
  readonly grants: readonly string[];
  readonly scopes: readonly string[];
  readonly liveSecrets: number;
  readonly lastUsedAt: Date | undefined;
}

interface ListRow extends ApplicationRow {
  readonly products: string[];
  readonly grants_v1: string[];
  readonly grants_v2: string[];
  readonly allowed_scopes: string[];
  readonly live_secrets: bigint;
  readonly last_used_at: Date | null;
}

export async function listApplications(sql: Sql, now: Date): Promise<ListedApplication[]> {
  const rows = await sql<ListRow[]>`
    select a.client_id, a.name, a.is_enabled, a.institution_ids, a.products, a.grants_v1, a.grants_v2, a.allowed_scopes,
      count(s.secret_id) filter (where s.expires_at is null or s.expires_at > ${now}) as live_secrets,
      max(s.last_used_at) as last_used_at
    from applications a left join application_secrets s using (client_id)
    group by a.client_id order by a.name, a.client_id`;
  return rows.map((row) => ({
    clientId: row.client_id,
    name: row.name,
    isEnabled: row.is_enabled,
    institutionIds: row.institution_ids,
    edition: row.products.map((product) => (product === 'authentication' ? 'v2' : 'v1')).join(' '),
    grants: [...new Set([...row.grants_v2, ...row.grants_v1])],
    scopes: row.allowed_scopes,
    liveSecrets: Number(row.live_secrets),
    lastUsedAt: row.last_used_at ?? undefined,
  }));
}
