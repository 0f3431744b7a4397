import { reloadKeptMs } from '../../../platform/change-feed/change-feed.ts';
import type { Write } from '../../../platform/transactions/unit-of-work.ts';

/** This process reads the catalogue of the institution again before it decides the next event, others when they hear of it. */
export function announceCatalogue(write: Write, institutionId: string): Promise<void> {
  const expiresAt = new Date(Date.now() + reloadKeptMs);
  return write.announce({ topic: 'alert_catalogue_changed', institutionId, subject: institutionId, expiresAt });
}
