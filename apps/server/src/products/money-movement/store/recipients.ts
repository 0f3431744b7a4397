import type { PersonalDataBox } from '../../../kernel/personal-data.ts';
import type { Sql, Tx } from '../../../platform/db/database.ts';
import type { Recipient, RecipientDetails } from '../domain/recipient.ts';

interface RecipientRow {
  readonly recipient_id: string;
  readonly institution_user_id: string;
  readonly member_number: string | null;
  readonly account_number: string;
  readonly account_type: string | null;
  readonly nick_name: string | null;
  readonly pass_code_sealed: Buffer | null;
  readonly email_sealed: Buffer | null;
  readonly full_name_sealed: Buffer | null;
}

type Sealed = 'pass_code_sealed' | 'email_sealed' | 'full_name_sealed';

function placeOf(institutionId: string, recipientId: string, column: Sealed) {
  return { institutionId, table: 'recipients', column, rowId: recipientId } as const;
}

/** In the order in which they were saved. */
export async function listRecipientsOfUser(
  sql: Sql | Tx,
  box: PersonalDataBox,
  institutionId: string,
  institutionUserId: string,
): Promise<readonly Recipient[]> {
  const rows = await sql<RecipientRow[]>`
    select ${columns(sql)} from recipients
    where institution_id = ${institutionId} and institution_user_id = ${institutionUserId}
    order by recipient_number`;
  return Promise.all(rows.map((row) => fromRow(box, institutionId, row)));
}

/** Of this user; that of another one is not found. */
export async function findRecipient(
  sql: Sql | Tx,
  box: PersonalDataBox,
  institutionId: string,
  institutionUserId: string,
  recipientId: string,
): Promise<Recipient | undefined> {
  const [row] = await sql<RecipientRow[]>`
    select ${columns(sql)} from recipients
    where institution_id = ${institutionId} and recipient_id = ${recipientId} and institution_user_id = ${institutionUserId}`;
  return row === undefined ? undefined : fromRow(box, institutionId, row);
}

/** Where the money of a recipient goes. */
export type Payee = Pick<Recipient, 'memberNumber' | 'accountNumber' | 'accountType'>;

/** The payee alone, without what is sealed. */
export async function findPayee(
  sql: Sql | Tx,
  institutionId: string,
  institutionUserId: string,
  recipientId: string,
): Promise<Payee | undefined> {
  const [row] = await sql<Pick<RecipientRow, 'member_number' | 'account_number' | 'account_type'>[]>`
    select member_number, account_number, account_type from recipients
    where institution_id = ${institutionId} and recipient_id = ${recipientId} and institution_user_id = ${institutionUserId}`;
  return row === undefined
    ? undefined
    : {
        memberNumber: row.member_number ?? undefined,
        accountNumber: row.account_number,
        accountType: row.account_type ?? undefined,
      };
}

/** The recipients of a user as they are compared for duplicates, with their ids. */
export async function listPayees(sql: Tx, institutionId: string, institutionUserId: string) {
  const rows = await sql<
    Pick<RecipientRow, 'recipient_id' | 'member_number' | 'account_number' | 'account_type' | 'nick_name'>[]
  >`
    select recipient_id, member_number, account_number, account_type, nick_name from recipients
    where institution_id = ${institutionId} and institution_user_id = ${institutionUserId}`;
  return rows.map((row) => ({
    recipientId: row.recipient_id,
    memberNumber: row.member_number ?? undefined,
    accountNumber: row.account_number,
    accountType: row.account_type ?? undefined,
    nickName: row.nick_name ?? undefined,
  }));
}

/** Two changes of one user's recipients have an order, also where one is new: what is compared stays true until the end. */
export async function lockRecipientsOfUser(tx: Tx, institutionId: string, institutionUserId: string): Promise<void> {
  const name = `recipients ${institutionId} ${institutionUserId}`;
  await tx`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`;
}

/** The keys of the institution are prepared before the transaction. */
export async function insertRecipient(
  tx: Tx,
  box: PersonalDataBox,
  institutionId: string,
  { recipientId, institutionUserId, ...details }: Recipient,
  createdAt: Date,
): Promise<void> {
  const sealed = sealAll(box, institutionId, recipientId, details);
  await tx`
    insert into recipients (institution_id, recipient_id, institution_user_id, member_number, account_number, account_type,
      nick_name, pass_code_sealed, email_sealed, full_name_sealed, created_at)
    values (${institutionId}, ${recipientId}, ${institutionUserId}, ${details.memberNumber ?? null}, ${details.accountNumber},
      ${details.accountType ?? null}, ${details.nickName ?? null}, ${sealed.passCode}, ${sealed.email}, ${sealed.fullName},
      ${createdAt})`;
}

/** @returns false when the user has no such recipient. */
export async function saveRecipient(
  tx: Tx,
  box: PersonalDataBox,
  institutionId: string,
  { recipientId, institutionUserId, ...details }: Recipient,
  changedAt: Date,
): Promise<boolean> {
  const sealed = sealAll(box, institutionId, recipientId, details);
  const rows = await tx`
    update recipients
    set member_number = ${details.memberNumber ?? null}, account_number = ${details.accountNumber},
      account_type = ${details.accountType ?? null}, nick_name = ${details.nickName ?? null},
      pass_code_sealed = ${sealed.passCode}, email_sealed = ${sealed.email}, full_name_sealed = ${sealed.fullName},
      changed_at = ${changedAt}
    where institution_id = ${institutionId} and recipient_id = ${recipientId} and institution_user_id = ${institutionUserId}
    returning 1`;
  return rows.length > 0;
}

/** @returns false when the user has no such recipient. */
export async function removeRecipient(
  tx: Tx,
  institutionId: string,
  institutionUserId: string,
  recipientId: string,
): Promise<boolean> {
  const rows = await tx`
    delete from recipients
    where institution_id = ${institutionId} and recipient_id = ${recipientId} and institution_user_id = ${institutionUserId}
    returning 1`;
  return rows.length > 0;
}

function columns(sql: Sql | Tx) {
  return sql`recipient_id, institution_user_id, member_number, account_number, account_type, nick_name, pass_code_sealed,
    email_sealed, full_name_sealed`;
}

function sealAll(
  box: PersonalDataBox,
  institutionId: string,
  recipientId: string,
  { passCode, email, fullName }: RecipientDetails,
) {
  const seal = (column: Sealed, text: string | undefined) =>
    text === undefined ? null : box.seal(placeOf(institutionId, recipientId, column), text);
  return {
    passCode: seal('pass_code_sealed', passCode),
    email: seal('email_sealed', email),
    fullName: seal('full_name_sealed', fullName),
  };
}

async function fromRow(box: PersonalDataBox, institutionId: string, row: RecipientRow): Promise<Recipient> {
  const open = (column: Sealed) => box.open(placeOf(institutionId, row.recipient_id, column), row[column]);
  const [passCode, email, fullName] = await Promise.all([
    open('pass_code_sealed'),
    open('email_sealed'),
    open('full_name_sealed'),
  ]);
  return {
    recipientId: row.recipient_id,
    institutionUserId: row.institution_user_id,
    memberNumber: row.member_number ?? undefined,
    accountNumber: row.account_number,
    accountType: row.account_type ?? undefined,
    nickName: row.nick_name ?? undefined,
    passCode,
    email,
    fullName,
  };
}
