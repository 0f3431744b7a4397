import type { PersonalDataBox } from '../../../kernel/personal-data.ts';
import type { Sql, Tx } from '../../../platform/db/database.ts';
import type { PersonalData } from '../domain/personal-data.ts';

interface PersonalDataRow {
  readonly ssn_sealed: Buffer | null;
  readonly birth_date_sealed: Buffer | null;
  readonly mother_maiden_name_sealed: Buffer | null;
}

const table = 'user_personal_data';

/** `1989-10-09`; undefined when it is not known or cannot be read any more. */
export async function findBirthDate(
  sql: Sql | Tx,
  box: PersonalDataBox,
  institutionId: string,
  institutionUserId: string,
): Promise<string | undefined> {
  const [row] = await sql<Pick<PersonalDataRow, 'birth_date_sealed'>[]>`
    select birth_date_sealed from user_personal_data
    where institution_id = ${institutionId} and institution_user_id = ${institutionUserId}`;
  const place = { institutionId, table, column: 'birth_date_sealed', rowId: institutionUserId } as const;
  return row === undefined ? undefined : box.open(place, row.birth_date_sealed);
}

/** Undefined when nothing was ever given. */
export async function findPersonalData(
  sql: Sql | Tx,
  box: PersonalDataBox,
  institutionId: string,
  institutionUserId: string,
): Promise<PersonalData | undefined> {
  const [row] = await sql<PersonalDataRow[]>`
    select ssn_sealed, birth_date_sealed, mother_maiden_name_sealed from user_personal_data
    where institution_id = ${institutionId} and institution_user_id = ${institutionUserId}`;
  if (row === undefined) return undefined;
  const place = { institutionId, table, rowId: institutionUserId } as const;
  return {
    ssn: await box.open({ ...place, column: 'ssn_sealed' }, row.ssn_sealed),
    birthDate: await box.open({ ...place, column: 'birth_date_sealed' }, row.birth_date_sealed),
    motherMaidenName: await box.open({ ...place, column: 'mother_maiden_name_sealed' }, row.mother_maiden_name_sealed),
  };
}

/** Users of the institution with this SSN, as far as its present index key has seen them. */
export async function listUsersBySsn(sql: Sql | Tx, box: PersonalDataBox, institutionId: string, ssn: string): Promise<string[]> {
  const rows = await sql<{ institution_user_id: string }[]>`
    select institution_user_id from user_personal_data
    where institution_id = ${institutionId} and ssn_index = ${box.blindIndex(institutionId, 'ssn', ssn)}
    order by institution_user_id`;
  return rows.map((row) => row.institution_user_id);
}

/** Writes all of it; what was there before goes. */
export async function savePersonalData(
  tx: Tx,
  box: PersonalDataBox,
  institutionId: string,
  institutionUserId: string,
  { ssn, birthDate, motherMaidenName }: PersonalData,
): Promise<void> {
  const place = { institutionId, table, rowId: institutionUserId } as const;
  const row = {
    institution_id: institutionId,
    institution_user_id: institutionUserId,
    ssn_sealed: ssn === undefined ? null : box.seal({ ...place, column: 'ssn_sealed' }, ssn),
    ssn_index: ssn === undefined ? null : box.blindIndex(institutionId, 'ssn', ssn),
    birth_date_sealed: birthDate === undefined ? null : box.seal({ ...place, column: 'birth_date_sealed' }, birthDate),
    mother_maiden_name_sealed:
      motherMaidenName === undefined ? null : box.seal({ ...place, column: 'mother_maiden_name_sealed' }, motherMaidenName),
  };
  await tx`
    insert into user_personal_data ${tx(row)}
    on conflict (institution_id, institution_user_id) do update set ssn_sealed = excluded.ssn_sealed, ssn_index = excluded.ssn_index,
      birth_date_sealed = excluded.birth_date_sealed, mother_maiden_name_sealed = excluded.mother_maiden_name_sealed`;
}
