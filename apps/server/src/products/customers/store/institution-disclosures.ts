import type { Sql, Tx } from '../../../platform/db/database.ts';
import type { RequiredDisclosure } from '../domain/registration-admission.ts';

/** The enabled disclosures of an institution among the given names, which are compared without regard to case. */
export async function listEnabledDisclosures(
  sql: Sql | Tx,
  institutionId: string,
  names: readonly string[],
): Promise<RequiredDisclosure[]> {
  if (names.length === 0) return [];
  const rows = await sql<{ institution_disclosure_id: string; name: string; data: string | null }[]>`
    select institution_disclosure_id, name, data from institution_disclosures
    where institution_id = ${institutionId} and is_enabled and upper(name) = any(${names.map((name) => name.toUpperCase())})
    order by name`;
  return rows.map((row) => ({
    institutionDisclosureId: row.institution_disclosure_id,
    name: row.name,
    data: row.data ?? undefined,
  }));
}

/** That a user has accepted a disclosure, and how we know. */
export interface Acceptance {
  /** 32 upper hex. */
  readonly institutionUserDisclosureId: string;
  readonly disclosure: RequiredDisclosure;
  /** SHA-256 of the data, which names the text. */
  readonly dataHash: Buffer | undefined;
  readonly acceptedAt: Date;
  readonly clientId: string;
  readonly traceId: string | undefined;
  readonly originatingIp: string;
}

export async function insertAcceptances(
  tx: Tx,
  institutionId: string,
  institutionUserId: string,
  acceptances: readonly Acceptance[],
): Promise<void> {
  for (const { disclosure, dataHash, acceptedAt, clientId, traceId, originatingIp, institutionUserDisclosureId } of acceptances) {
    await tx`
      insert into institution_user_disclosures (institution_id, institution_user_disclosure_id, institution_user_id,
        institution_disclosure_id, status, status_at, data, data_hash, client_id, trace_id, originating_ip)
      values (${institutionId}, ${institutionUserDisclosureId}, ${institutionUserId}, ${disclosure.institutionDisclosureId}, 'ACCEPTED',
        ${acceptedAt}, ${disclosure.data ?? null}, ${dataHash ?? null}, ${clientId}, ${traceId ?? null}, ${originatingIp})
      on conflict (institution_id, institution_user_id, institution_disclosure_id) do update set status = excluded.status,
        status_at = excluded.status_at, data = excluded.data, data_hash = excluded.data_hash, client_id = excluded.client_id,
        trace_id = excluded.trace_id, originating_ip = excluded.originating_ip`;
  }
}
