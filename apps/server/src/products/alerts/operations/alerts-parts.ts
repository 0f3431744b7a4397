import type { Tx } from '../../../platform/db/database.ts';
import type { Channel } from '../../../platform/delivery/channel.ts';
import type { QueueMessage } from '../../../platform/delivery/message.ts';
import type { AcceptEvent } from '../tasks/accept-collector.ts';
import type { AlertCatalogues } from '../tasks/alert-catalogues.ts';
import type { EventBox } from '../tasks/event-box.ts';

/** An account of a user, as the core knows it; undefined when the user has no such account. */
export type FindAccount = (
  tx: Tx,
  institutionId: string,
  institutionUserId: string,
  accountId: string,
) => Promise<{ readonly accountType: string } | undefined>;

/** What the alerts need from the rest of the program. */
export interface AlertsParts {
  readonly findAccount: FindAccount;
  readonly queueMessage: QueueMessage;
  /** False when nobody is set up to bring messages of that channel. */
  readonly canSend: (channel: Channel) => boolean;
  /** Changes of preferences are kept for the vendor of their type; only a sandbox shows them. */
  readonly keepsCallbacks: boolean;
  readonly catalogues: Pick<AlertCatalogues, 'of' | 'compile'>;
  /** Takes a published event with others that come at the same time. */
  readonly acceptEvent: AcceptEvent;
  readonly box: EventBox;
  /** An event was accepted. */
  readonly wake: () => void;
}
