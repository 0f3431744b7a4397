import type { Tx } from '../../../platform/db/database.ts';
import type { Channel } from '../../../platform/delivery/channel.ts';
import type { QueueMessage } from '../../../platform/delivery/message.ts';
import type { KeyRing } from '../../../platform/keys/key-ring.ts';
import type { PasswordHasher } from '../../../platform/passwords/password-hasher.ts';
import type { PersonalData } from '../../../platform/personal-data/open-personal-data.ts';
import type { PublishEvent } from '../../../platform/transactions/publish-event.ts';
import type { Write } from '../../../platform/transactions/unit-of-work.ts';
import type { RegistrationDisclosures } from './registration-disclosures.ts';

/** What the operations on customers work with; made once by the composition root. */
export interface CustomersParts {
  readonly hasher: PasswordHasher;
  readonly keyRing: KeyRing;
  readonly personalData: PersonalData;
  readonly disclosures: RegistrationDisclosures;
  readonly queueMessage: QueueMessage;
  /** Tells the alerts. */
  readonly publishEvent: PublishEvent;
  /** False when nobody is set up to bring messages of that channel. */
  readonly canSend: (channel: Channel) => boolean;
  /** URL under which people reach the hosted pages. */
  readonly publicUrl: () => string;
  /** Makes the contact methods of new users places that messages go to. */
  readonly bindDestinations: (tx: Tx, institutionId: string, institutionUserIds: readonly string[]) => Promise<void>;
  /** The same for contact methods that a user gets later. */
  readonly bindContactMethods: (
    tx: Tx,
    institutionId: string,
    institutionUserId: string,
    contactMethodIds: readonly string[],
  ) => Promise<void>;
  /** Ends every session, refresh and access token of a user. */
  readonly endSessions: (write: Write, institutionId: string, institutionUserId: string, now: Date) => Promise<void>;
}
