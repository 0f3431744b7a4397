import type { AddressedEvent } from './alert-event.ts';

/** Users of a batch, each counted for every event: what one transaction bears. One place may have more by itself. */
const mostAddressees = 4096;

/** The first places of the queue whose users are not too many together, with their events; the others wait for the next batch. */
export function takeWhatFits<Place, Event extends Pick<AddressedEvent, 'addressee'> & { readonly place: Place }>(
  places: readonly Place[],
  events: readonly Event[],
  most: number = mostAddressees,
): { readonly taken: readonly Place[]; readonly addressed: readonly Event[] } {
  const counts = new Map<Place, number>();
  for (const { place, addressee } of events)
    counts.set(place, (counts.get(place) ?? 0) + (addressee.kind === 'users' ? addressee.institutionUserIds.length : 1));
  const taken = new Set<Place>();
  let sum = 0;
  for (const place of places) {
    sum += counts.get(place) ?? 0;
    if (taken.size > 0 && sum > most) break;
    taken.add(place);
  }
  return { taken: [...taken], addressed: events.filter(({ place }) => taken.has(place)) };
}
