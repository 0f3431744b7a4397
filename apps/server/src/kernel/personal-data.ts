/**
 * Every column that holds a sealed value, by table, with the columns that name its row within an institution. What is
 * listed here is encrypted again when a data key is rotated.
 */
export const sealedTables = {
  user_personal_data: {
    rowId: ['institution_user_id'],
    columns: ['ssn_sealed', 'birth_date_sealed', 'mother_maiden_name_sealed'],
  },
  bill_pay_credentials: { rowId: ['customer_id'], columns: ['password_sealed'] },
  recipients: { rowId: ['recipient_id'], columns: ['pass_code_sealed', 'email_sealed', 'full_name_sealed'] },
  statement_documents: { rowId: ['account_key', 'period'], columns: ['document_sealed'] },
  identification_documents: { rowId: ['institution_user_id', 'document_id'], columns: ['number_sealed'] },
  messages: { rowId: ['message_id'], columns: ['content_sealed'] },
  alert_event_queue: { rowId: ['event_id'], columns: ['payload_sealed'] },
  alert_outcomes: { rowId: ['alert_outcome_id'], columns: ['summary_sealed', 'content_sealed'] },
} as const;

export type SealedTable = keyof typeof sealedTables;

/** Where rows are not found by `rowId`: what is sealed has that name before it has its place in the table. */
const primaryKeys: Readonly<Partial<Record<SealedTable, readonly string[]>>> = { alert_event_queue: ['lane', 'event_seq'] };

/** The columns of the primary key of a sealed table, without the institution. */
export function primaryKeyOf(table: SealedTable): readonly string[] {
  return primaryKeys[table] ?? sealedTables[table].rowId;
}

export type SealedColumn = (typeof sealedTables)[SealedTable]['columns'][number];

/** Where a sealed value lives. It opens there and nowhere else. */
export interface SealedPlace {
  readonly institutionId: string;
  readonly table: SealedTable;
  readonly column: SealedColumn;
  /** The values of the columns of `rowId`, joined by a slash. */
  readonly rowId: string;
}

/** What a value is looked up by; the same text has another index for another purpose. */
export type BlindIndexPurpose = 'ssn';

/** Encrypts and decrypts personal data under the keys of its institution. */
export interface PersonalDataBox {
  /** Throws when the institution has no data key: a writer calls `prepare` before its transaction. */
  seal(place: SealedPlace, text: string): Buffer;
  /**
   * Undefined for null, and for a value whose key was destroyed. Throws for one that is not what was sealed in this
   * place.
   */
  open(place: SealedPlace, sealed: Uint8Array | null): Promise<string | undefined>;
  /** HMAC-SHA-256, 32 bytes. */
  blindIndex(institutionId: string, purpose: BlindIndexPurpose, text: string): Buffer;
}
