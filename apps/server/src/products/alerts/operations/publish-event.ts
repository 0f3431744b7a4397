import { randomUUID } from 'node:crypto';
import type { PostingEvent, UserEvent } from '../../../kernel/own-event.ts';
import type { PublishEvent } from '../../../platform/transactions/publish-event.ts';
import type { Write } from '../../../platform/transactions/unit-of-work.ts';
import { laneOf } from '../domain/event-lane.ts';
import { toUserAlert } from '../domain/own-event-alerts.ts';
import { acceptEvents, type NewPosting, queuePostings } from '../store/alert-events.ts';
import type { EventBox } from '../tasks/event-box.ts';

/** The door for events of our own products: one statement for all that one of them is. */
export function createPublishEvent(box: EventBox, wake: () => void): PublishEvent {
  return async (write, own) => {
    if (own.kind === 'posted' && own.accounts.length === 0) return;
    write.afterCommit(wake);
    await (own.kind === 'posted' ? publishPostings(box, write, own) : publishUserEvent(box, write, own));
  };
}

async function publishUserEvent(box: EventBox, write: Write, own: UserEvent): Promise<void> {
  const { institutionId, occurredAt } = own;
  const event = toUserAlert(own, randomUUID());
  const { eventId, eventType, domain } = event;
  const accepted = {
    ...{ eventId, eventType, domain, occurredAt, acceptedAt: occurredAt, lane: laneOf(event) },
    producer: 'OWN' as const,
    eventSource: undefined,
    clientId: undefined,
    payloadSealed: await box.sealEventIn(write.sql, institutionId, event),
  };
  await acceptEvents(write.sql, institutionId, [accepted]);
}

/** Money moves all the time: it costs a row for each account, and what that is for whom, the pipeline finds out. */
async function publishPostings(
  box: EventBox,
  write: Write,
  { institutionId, occurredAt, accounts }: PostingEvent,
): Promise<void> {
  const queued: NewPosting[] = [];
  // One after the other: the first makes the keys that the institution lacks.
  for (const account of accounts) {
    const postingId = account.reference ?? randomUUID();
    const lane = laneOf({ addressee: { kind: 'account', accountKey: account.accountKey }, eventId: postingId });
    const payloadSealed = await box.sealPostingIn(write.sql, institutionId, { postingId, occurredAt, account });
    queued.push({ postingId, lane, payloadSealed });
  }
  await queuePostings(write.sql, institutionId, queued);
}
