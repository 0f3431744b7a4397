/** A refusal that an operation declares; the edge answers it with the row of that name in the family's table. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';
  readonly row: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(row: string, retryAfterSeconds?: number) {
    super(`refused: ${row}`);
    this.row = row;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
