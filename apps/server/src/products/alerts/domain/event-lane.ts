import type { AlertEvent } from './alert-event.ts';

/** The primary key of the queue bounds it. */
export const laneCount = 64;

/** Events of one user share a lane, so that they are seen in order; those of nobody are spread. */
export function laneOf({ addressee, eventId }: Pick<AlertEvent, 'addressee' | 'eventId'>): number {
  const [first] = addressee.kind === 'users' ? [...addressee.institutionUserIds].sort() : [];
  return hash(first ?? eventId) % laneCount;
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return value;
}
