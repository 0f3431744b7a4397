import type { Tx } from '../../../platform/db/database.ts';
import type { KeyRing } from '../../../platform/keys/key-ring.ts';
import { seal } from '../../../platform/keys/sealed-box.ts';
import { type SentEvent, toEventParts } from '../domain/sent-event.ts';
import { insertSentEvents } from '../store/sent-events.ts';

interface SentEvents {
  readonly institutionId: string;
  readonly institutionUserId: string;
  readonly customerId: string;
  readonly occurredAt: Date;
  readonly events: readonly (SentEvent & { readonly eventId: string })[];
}

const laneCount = 64;

/** Puts events of a customer into the queue of the pipeline, in their order. */
export async function acceptSentEvents(
  tx: Tx,
  keyRing: KeyRing,
  { institutionId, institutionUserId, customerId, occurredAt, events }: SentEvents,
): Promise<void> {
  const lane = laneOf(institutionUserId);
  const queued = events.map((event) => {
    const { eventId, eventType } = event;
    const payload = {
      eventId,
      eventType,
      occurredAt: occurredAt.toISOString(),
      addressee: { kind: 'users', institutionUserIds: [institutionUserId], customerId },
      parts: toEventParts(event),
    };
    const payloadSealed = seal(keyRing.key('alert-event'), `${institutionId} ${eventId}`, Buffer.from(JSON.stringify(payload)));
    return { eventId, lane, eventType, occurredAt, payloadSealed };
  });
  await insertSentEvents(tx, institutionId, queued);
}

/** FNV-1a, 32 bits: events of one user share a lane. */
function laneOf(institutionUserId: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < institutionUserId.length; index += 1)
    value = Math.imul(value ^ institutionUserId.charCodeAt(index), 0x01000193) >>> 0;
  return value % laneCount;
}
