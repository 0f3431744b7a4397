import type { Route } from '../../http/route.ts';

export { fromMessageId, toMessageId } from './domain/message-id.ts';

export function alertsRoutes(): readonly Route[] {
  return [];
}
