/** What of an institution's books is written out. */
export interface ExportRequest {
  readonly institutionId: string;
  /** All accounts when absent. */
  readonly accountKey: bigint | undefined;
  /** Inclusive transaction dates; all that is booked when absent. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** The institution's time. */
  readonly now: Date;
  /** The institution's date of that time. */
  readonly today: string;
}

/** Takes a piece of text, and is waited for before the next: nothing is kept in memory but the piece under way. */
export type WriteText = (text: string) => Promise<void>;

/** Rows that are fetched and written together. */
export const rowsAtOnce = 500;
