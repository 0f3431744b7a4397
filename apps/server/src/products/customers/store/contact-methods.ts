import type { Sql, Tx } from '../../../platform/db/database.ts';
import type { ContactMethod, NewContactMethod, PhoneNumber } from '../domain/contact-method.ts';

interface ContactMethodRow {
  readonly contact_method_id: bigint;
  readonly institution_user_id: string;
  readonly protocol: ContactMethod['protocol'];
  readonly contact_info: string;
  readonly country_code: string | null;
  readonly method_type: ContactMethod['methodType'];
  readonly is_activated: boolean;
  readonly is_validated: boolean;
  readonly is_from_host: boolean;
  readonly is_primary: boolean;
  readonly enrolled_at: Date;
  readonly changed_at: Date | null;
}

/** Every method of a user, the primary one first, then by number. */
export async function listContactMethods(
  sql: Sql | Tx,
  institutionId: string,
  institutionUserId: string,
): Promise<ContactMethod[]> {
  const rows = await sql<ContactMethodRow[]>`
    select contact_method_id, institution_user_id, protocol, contact_info, country_code, method_type, is_activated, is_validated,
      is_from_host, is_primary, enrolled_at, changed_at
    from contact_methods where institution_id = ${institutionId} and institution_user_id = ${institutionUserId}
    order by is_primary desc, contact_method_id`;
  return rows.map(fromRow);
}

/**
 * In one statement; they are numbered in the order given.
 * @returns Their numbers, in that order.
 */
export async function insertContactMethods(
  tx: Tx,
  institutionId: string,
  institutionUserId: string,
  methods: readonly NewContactMethod[],
): Promise<string[]> {
  if (methods.length === 0) return [];
  const rows = await tx<{ contact_method_id: bigint }[]>`insert into contact_methods ${tx(
    methods.map((method) => ({
      institution_id: institutionId,
      institution_user_id: institutionUserId,
      protocol: method.protocol,
      contact_info: method.contactInfo,
      country_code: method.countryCode ?? null,
      method_type: method.methodType,
      is_activated: method.isActivated,
      is_validated: method.isValidated,
      is_from_host: method.isFromHost,
      is_primary: method.isPrimary,
      enrolled_at: method.enrolledAt,
      changed_at: method.changedAt ?? null,
    })),
  )} returning contact_method_id`;
  return rows
    .map((row) => row.contact_method_id)
    .sort((one, other) => (one < other ? -1 : 1))
    .map(String);
}

/** Every method that carried the old number carries the new one, and has to be validated again; the numbers of the methods stay. */
export async function replacePhoneNumber(
  tx: Tx,
  institutionId: string,
  institutionUserId: string,
  oldPhone: PhoneNumber,
  newPhone: PhoneNumber,
  changedAt: Date,
): Promise<void> {
  await tx`
    update contact_methods
    set contact_info = ${newPhone.number}, country_code = ${newPhone.countryCode}, is_validated = false, is_from_host = false,
      changed_at = ${changedAt}
    where institution_id = ${institutionId} and institution_user_id = ${institutionUserId} and protocol <> 'EMAIL'
      and contact_info = ${oldPhone.number} and country_code = ${oldPhone.countryCode}`;
}

/** Gives one method another address. */
export async function replaceEmailAddress(
  tx: Tx,
  institutionId: string,
  contactMethodId: string,
  emailAddress: string,
  changedAt: Date,
): Promise<void> {
  await tx`
    update contact_methods
    set contact_info = ${emailAddress}, is_validated = false, is_from_host = false, changed_at = ${changedAt}
    where institution_id = ${institutionId} and contact_method_id = ${contactMethodId}`;
}

/** What a contact method becomes. */
export interface ContactMethodChange {
  readonly contactMethodId: string;
  readonly contactInfo: string;
  readonly countryCode: string | undefined;
  readonly isActivated: boolean;
}

/** One whose number or address becomes another has to be validated again. */
export async function saveContactMethods(
  tx: Tx,
  institutionId: string,
  institutionUserId: string,
  changes: readonly ContactMethodChange[],
  changedAt: Date,
): Promise<void> {
  await tx`
    update contact_methods m
    set contact_info = c.contact_info, country_code = c.country_code, is_activated = c.is_activated,
      is_validated = m.is_validated and c.is_same, is_from_host = m.is_from_host and c.is_same,
      changed_at = case when c.is_same then m.changed_at else ${changedAt} end
    from (
      select w.*, w.contact_info = o.contact_info and w.country_code is not distinct from o.country_code as is_same
      from unnest(${changes.map((one) => one.contactMethodId)}::bigint[], ${changes.map((one) => one.contactInfo)}::text[],
        ${changes.map((one) => one.countryCode ?? null)}::text[], ${changes.map((one) => String(one.isActivated))}::text[]::boolean[])
        as w (contact_method_id, contact_info, country_code, is_activated)
      join contact_methods o on o.institution_id = ${institutionId} and o.contact_method_id = w.contact_method_id) c
    where m.institution_id = ${institutionId} and m.institution_user_id = ${institutionUserId}
      and m.contact_method_id = c.contact_method_id`;
}

function fromRow(row: ContactMethodRow): ContactMethod {
  return {
    contactMethodId: String(row.contact_method_id),
    institutionUserId: row.institution_user_id,
    protocol: row.protocol,
    contactInfo: row.contact_info,
    countryCode: row.country_code ?? undefined,
    methodType: row.method_type,
    isActivated: row.is_activated,
    isValidated: row.is_validated,
    isFromHost: row.is_from_host,
    isPrimary: row.is_primary,
    enrolledAt: row.enrolled_at,
    changedAt: row.changed_at ?? undefined,
  };
}
