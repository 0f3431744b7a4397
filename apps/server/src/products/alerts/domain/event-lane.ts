import type { Addressee, AlertEvent } from './alert-event.ts';

/** The primary key of the queue bounds it. */
export const laneCount = 64;

/** Events of one user, or of one account, share a lane, so that they are seen in order; those of nobody are spread. */
export function laneOf({ addressee, eventId }: Pick<AlertEvent, 'addressee' | 'eventId'>): number {
  return hash(ownerOf(addressee) ?? eventId) % laneCount;
}

function ownerOf(addressee: Addressee): string | undefined {
  if (addressee.kind === 'account') return `account ${addressee.accountKey}`;
  return addressee.kind === 'users' ? [...addressee.institutionUserIds].sort()[0] : undefined;
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return value;
}
