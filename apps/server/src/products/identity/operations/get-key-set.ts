import { getKeySet } from '@openbranch/contract/identity/operations';
import { type Route, route } from '../../../http/route.ts';
import type { IdentityParts } from './identity-parts.ts';

/** RFC 7517: the keys that sign now, will sign soon, or have signed tokens that may still live. */
export function getKeySetRoute({ keys }: IdentityParts): Route {
  return route(getKeySet).handle(async () => ({ keys: [...keys.publicKeys()] }));
}
