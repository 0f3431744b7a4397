import type { MovedAccount } from '../../../kernel/own-event.ts';

/** What a movement of money has done to one account, as it waits for the pipeline. */
export interface Posting {
  /** Ends the ids of the events that are made of it. */
  readonly postingId: string;
  readonly occurredAt: Date;
  readonly account: MovedAccount;
}
