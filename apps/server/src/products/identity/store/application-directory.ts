import type { Application, ApplicationProduct } from '../../../kernel/application.ts';
import type { Sql } from '../../../platform/db/database.ts';

/** All applications in memory: they are few, and every request needs one. The change feed says when to read again. */
export interface ApplicationDirectory {
  find(clientId: string): Application | undefined;
  /** Live and expired secrets of an application, newest first. */
  secretsOf(clientId: string): readonly ApplicationSecret[];
  reload(): Promise<void>;
}

export interface ApplicationSecret {
  readonly secretId: string;
  readonly secretHash: Buffer;
  readonly expiresAt: Date | undefined;
}

interface ApplicationRow {
  readonly client_id: string;
  readonly name: string;
  readonly is_enabled: boolean;
  readonly institution_ids: string[];
  readonly products: ApplicationProduct[];
  readonly grants_v1: string[];
  readonly grants_v2: string[];
  readonly allowed_scopes: string[];
  readonly offering_id: string | null;
  readonly access_ttl_v1_s: number;
  readonly access_ttl_v2_s: number;
  readonly refresh_ttl_s: number;
  readonly allowed_addresses: string[];
  readonly quota_per_day: number;
  readonly spike_per_second: number;
  readonly introspection: 'own' | 'institution';
}

export async function openApplicationDirectory(sql: Sql): Promise<ApplicationDirectory> {
  let applications = new Map<string, Application>();
  let secrets = new Map<string, ApplicationSecret[]>();
  const reload = async (): Promise<void> => {
    const [applicationRows, secretRows] = await Promise.all([
      sql<ApplicationRow[]>`select * from applications`,
      sql<{ client_id: string; secret_id: string; secret_hash: Buffer; expires_at: Date | null }[]>`
        select client_id, secret_id, secret_hash, expires_at from application_secrets order by created_at desc`,
    ]);
    applications = new Map(applicationRows.map((row) => [row.client_id, toApplication(row)]));
    secrets = Map.groupBy(
      secretRows.map((row) => ({
        clientId: row.client_id,
        secretId: row.secret_id,
        secretHash: row.secret_hash,
        expiresAt: row.expires_at ?? undefined,
      })),
      ({ clientId }) => clientId,
    );
  };
  await reload();
  return { find: (clientId) => applications.get(clientId), secretsOf: (clientId) => secrets.get(clientId) ?? [], reload };
}

function toApplication(row: ApplicationRow): Application {
  return {
    clientId: row.client_id,
    name: row.name,
    isEnabled: row.is_enabled,
    institutionIds: new Set(row.institution_ids),
    products: new Set(row.products),
    grantsV1: new Set(row.grants_v1),
    grantsV2: new Set(row.grants_v2),
    allowedScopes: row.allowed_scopes,
    offeringId: row.offering_id ?? row.name,
    accessTtlV1: row.access_ttl_v1_s,
    accessTtlV2: row.access_ttl_v2_s,
    refreshTtl: row.refresh_ttl_s,
    allowedAddresses: row.allowed_addresses,
    quotaPerDay: row.quota_per_day,
    spikePerSecond: row.spike_per_second,
    introspection: row.introspection,
  };
}
