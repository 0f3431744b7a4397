import { deleteDestinations } from '@openbranch/contract/alerts/destination-operations';
import { type Route, route } from '../../../http/route.ts';
import type { AlertsParts } from './alerts-parts.ts';
import { unbindDestinations } from './unbind-destinations.ts';

/**
 * L29, and L30 by a query. A slip of the pen must not delete everything: an unknown query name, an empty selector, and a
 * path that ends where an id was left out are refused.
 */
export function deleteDestinationsRoute(parts: Pick<AlertsParts, 'queueMessage' | 'canSend'>): Route {
  return route(deleteDestinations).handle(async (call) => {
    const values = new Set(Object.values(call.query));
    const [selected] = values;
    const isSound = !call.hasUnknownQuery && values.size < 2 && selected !== '';
    if (!isSound || call.path.endsWith('/')) throw call.error('selectorInvalid');
    await unbindDestinations(call, parts, selected);
  });
}
