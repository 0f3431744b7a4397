/** What a refusal says beyond its row. */
export interface RefusalDetails {
  /** Added to the text of the row; no personal data. */
  readonly detail?: string;
  /** Further rows that apply, for envelopes that take several. */
  readonly others?: readonly string[];
}

/** A refusal that an operation declares; the edge answers it with the row of that name in the family's table. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';
  readonly row: string;
  readonly retryAfterSeconds: number | undefined;
  readonly details: RefusalDetails;

  constructor(row: string, retryAfterSeconds?: number, details: RefusalDetails = {}) {
    super(`refused: ${row}`);
    this.row = row;
    this.retryAfterSeconds = retryAfterSeconds;
    this.details = details;
  }
}
