import { PostgresError, type Sql, type Tx } from '../../../platform/db/database.ts';
import type { Disclosure } from '../domain/disclosure.ts';

export interface DisclosureRow {
  readonly institution_disclosure_id: string;
  readonly name: string;
  readonly data: string | null;
  readonly is_enabled: boolean;
  readonly version: number;
  readonly content_hash: Buffer | null;
  readonly content_seen_at: Date | null;
}

/** The columns of a `DisclosureRow`, for `institution_disclosures i`. */
export function disclosureColumns(sql: Pick<Sql, 'unsafe'>) {
  return sql.unsafe('i.institution_disclosure_id, i.name, i.data, i.is_enabled, i.version, i.content_hash, i.content_seen_at');
}

export function fromDisclosureRow(row: DisclosureRow): Disclosure {
  return {
    institutionDisclosureId: row.institution_disclosure_id,
    name: row.name,
    data: row.data ?? undefined,
    isEnabled: row.is_enabled,
    version: row.version,
    content:
      row.content_hash === null || row.content_seen_at === null
        ? undefined
        : { hash: row.content_hash, seenAt: row.content_seen_at },
  };
}

/** All of an institution, by name. */
export async function listDisclosures(sql: Sql, institutionId: string): Promise<Disclosure[]> {
  const rows = await sql<DisclosureRow[]>`
    select ${disclosureColumns(sql)} from institution_disclosures i where i.institution_id = ${institutionId} order by upper(i.name)`;
  return rows.map(fromDisclosureRow);
}

/** Those with one of the ids or names; names are compared without regard to case. */
export async function findDisclosures(
  sql: Sql | Tx,
  institutionId: string,
  { ids = [], names = [] }: { readonly ids?: readonly string[]; readonly names?: readonly string[] },
): Promise<Disclosure[]> {
  if (ids.length === 0 && names.length === 0) return [];
  const rows = await sql<DisclosureRow[]>`
    select ${disclosureColumns(sql)} from institution_disclosures i
    where i.institution_id = ${institutionId}
      and (i.institution_disclosure_id = any(${[...ids]}) or upper(i.name) = any(${names.map((name) => name.toUpperCase())}))
    order by upper(i.name)`;
  return rows.map(fromDisclosureRow);
}

/** Keeps a disclosure as it is until the transaction ends. */
export async function lockDisclosure(
  tx: Tx,
  institutionId: string,
  institutionDisclosureId: string,
): Promise<Disclosure | undefined> {
  const [row] = await tx<DisclosureRow[]>`
    select ${disclosureColumns(tx)} from institution_disclosures i
    where i.institution_id = ${institutionId} and i.institution_disclosure_id = ${institutionDisclosureId} for update`;
  return row === undefined ? undefined : fromDisclosureRow(row);
}

/** @returns false when another one has the name. */
export async function insertDisclosure(tx: Tx, institutionId: string, disclosure: Disclosure): Promise<boolean> {
  const { institutionDisclosureId, name, data, isEnabled, version } = disclosure;
  const rows = await tx`
    insert into institution_disclosures (institution_id, institution_disclosure_id, name, data, data_type, is_enabled, version)
    values (${institutionId}, ${institutionDisclosureId}, ${name}, ${data ?? null}, 'URL', ${isEnabled}, ${version})
    on conflict (institution_id, upper(name)) do nothing returning 1`;
  return rows.length > 0;
}

/** @returns false when another one has the name; the transaction can then only be given up. */
export async function saveDisclosure(tx: Tx, institutionId: string, disclosure: Disclosure): Promise<boolean> {
  const { institutionDisclosureId, name, data, isEnabled, version, content } = disclosure;
  try {
    await tx`
      update institution_disclosures
      set name = ${name}, data = ${data ?? null}, is_enabled = ${isEnabled}, version = ${version},
        content_hash = ${content?.hash ?? null}, content_seen_at = ${content?.seenAt ?? null}
      where institution_id = ${institutionId} and institution_disclosure_id = ${institutionDisclosureId}`;
    return true;
  } catch (error) {
    if (error instanceof PostgresError && error.constraint_name === 'institution_disclosures__name') return false;
    throw error;
  }
}

/** Enabled disclosures whose text nobody has looked at since `before`; at most 50. */
export async function listTextsToFetch(sql: Sql, institutionId: string, before: Date): Promise<Disclosure[]> {
  const rows = await sql<DisclosureRow[]>`
    select ${disclosureColumns(sql)} from institution_disclosures i
    where i.institution_id = ${institutionId} and i.is_enabled and i.data is not null
      and (i.content_seen_at is null or i.content_seen_at <= ${before})
    order by i.content_seen_at nulls first, i.institution_disclosure_id limit 50`;
  return rows.map(fromDisclosureRow);
}

/** @returns false when the disclosure has another text by now. */
export async function saveContentHash(
  tx: Tx,
  institutionId: string,
  { institutionDisclosureId, version }: Disclosure,
  hash: Buffer,
  seenAt: Date,
): Promise<boolean> {
  const rows = await tx`
    update institution_disclosures set content_hash = ${hash}, content_seen_at = ${seenAt}
    where institution_id = ${institutionId} and institution_disclosure_id = ${institutionDisclosureId} and version = ${version}
    returning 1`;
  return rows.length > 0;
}
