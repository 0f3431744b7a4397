import { deleteDestination } from '@openbranch/contract/alerts/destination-operations';
import { type Route, route } from '../../../http/route.ts';
import type { AlertsParts } from './alerts-parts.ts';
import { unbindDestinations } from './unbind-destinations.ts';

/** L30 by the path. */
export function deleteDestinationRoute(parts: Pick<AlertsParts, 'queueMessage' | 'canSend'>): Route {
  return route(deleteDestination).handle(async (call) => {
    if (call.hasUnknownQuery || call.params.destinationId === '') throw call.error('selectorInvalid');
    await unbindDestinations(call, parts, call.params.destinationId);
  });
}
