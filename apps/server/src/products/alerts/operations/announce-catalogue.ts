import { reloadKeptMs } from '../../../platform/change-feed/change-feed.ts';
import type { Write } from '../../../platform/transactions/unit-of-work.ts';

/** Every process reads the catalogue of the institution again before it decides the next event. */
export function announceCatalogue(write: Write, institutionId: string): Promise<void> {
  const expiresAt = new Date(Date.now() + reloadKeptMs);
  return write.announce({ topic: 'alert_catalogue_changed', institutionId, subject: institutionId, expiresAt });
}
