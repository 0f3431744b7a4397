import type { Sql, Tx } from '../../../platform/db/database.ts';
import type { WrittenAddress } from '../domain/contact-change.ts';
import type { NewPostalAddress, PostalAddress } from '../domain/postal-address.ts';

interface PostalAddressRow {
  readonly postal_address_id: bigint;
  readonly address_type: PostalAddress['addressType'];
  readonly street_address_1: string;
  readonly street_address_2: string | null;
  readonly street_address_3: string | null;
  readonly city: string;
  readonly state: string;
  readonly postal_code: string | null;
  readonly country: string;
  readonly is_primary: boolean;
  readonly is_from_host: boolean;
  readonly starts_at: Date | null;
  readonly ends_at: Date | null;
}

/** Every address of a user, the primary one first, then by number. */
export async function listPostalAddresses(
  sql: Sql | Tx,
  institutionId: string,
  institutionUserId: string,
): Promise<PostalAddress[]> {
  const rows = await sql<PostalAddressRow[]>`
    select postal_address_id, address_type, street_address_1, street_address_2, street_address_3, city, state, postal_code, country,
      is_primary, is_from_host, starts_at, ends_at
    from postal_addresses where institution_id = ${institutionId} and institution_user_id = ${institutionUserId}
    order by is_primary desc, postal_address_id`;
  return rows.map(fromRow);
}

/** At most one primary address a user. */
export async function insertPostalAddresses(
  tx: Tx,
  institutionId: string,
  institutionUserId: string,
  addresses: readonly NewPostalAddress[],
): Promise<void> {
  if (addresses.length === 0) return;
  await tx`insert into postal_addresses ${tx(
    addresses.map((address) => ({
      institution_id: institutionId,
      institution_user_id: institutionUserId,
      address_type: address.addressType,
      ...toAddressColumns(address),
      is_primary: address.isPrimary,
      is_from_host: address.isFromHost,
      starts_at: address.startsAt ?? null,
      ends_at: address.endsAt ?? null,
    })),
  )}`;
}

/** The written address in place of the one of that number; its type, and what the core and the user know it as, stay. */
export async function replacePostalAddress(
  tx: Tx,
  institutionId: string,
  postalAddressId: string,
  address: WrittenAddress,
): Promise<void> {
  await tx`
    update postal_addresses set ${tx({ ...toAddressColumns(address), starts_at: null, ends_at: null })}
    where institution_id = ${institutionId} and postal_address_id = ${postalAddressId}`;
}

function toAddressColumns(address: WrittenAddress) {
  return {
    street_address_1: address.streetAddress1,
    street_address_2: address.streetAddress2 ?? null,
    street_address_3: address.streetAddress3 ?? null,
    city: address.city,
    state: address.state,
    postal_code: address.postalCode ?? null,
    country: address.country,
  };
}

function fromRow(row: PostalAddressRow): PostalAddress {
  return {
    postalAddressId: String(row.postal_address_id),
    addressType: row.address_type,
    streetAddress1: row.street_address_1,
    streetAddress2: row.street_address_2 ?? undefined,
    streetAddress3: row.street_address_3 ?? undefined,
    city: row.city,
    state: row.state,
    postalCode: row.postal_code ?? undefined,
    country: row.country,
    isPrimary: row.is_primary,
    isFromHost: row.is_from_host,
    startsAt: row.starts_at ?? undefined,
    endsAt: row.ends_at ?? undefined,
  };
}
