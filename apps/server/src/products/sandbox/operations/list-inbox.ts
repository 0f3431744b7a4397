import { listInbox } from '@openbranch/contract/sandbox/operations';
import { type Route, route } from '../../../http/route.ts';
import { toInboxAnswer, toInboxFilter } from './inbox-answer.ts';
import type { SandboxParts } from './sandbox-parts.ts';

export function listInboxRoute({ institutions, inbox }: SandboxParts): Route {
  return route(listInbox).handle(async (call) => {
    const filter = toInboxFilter(institutions, call.query);
    if (filter === undefined) throw call.error('institutionNotFound');
    const limit = call.query.limit === undefined ? undefined : Number(call.query.limit);
    const messages = await inbox.list({ ...filter, limit });
    return { messages: messages.map(toInboxAnswer) };
  });
}
