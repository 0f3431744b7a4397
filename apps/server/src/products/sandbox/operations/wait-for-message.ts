import { waitForMessage } from '@openbranch/contract/sandbox/operations';
import { type Route, route } from '../../../http/route.ts';
import { toInboxAnswer, toInboxFilter } from './inbox-answer.ts';
import type { SandboxParts } from './sandbox-parts.ts';

const defaultTimeoutMs = 5000;

export function waitForMessageRoute({ institutions, inbox }: SandboxParts): Route {
  return route(waitForMessage).handle(async (call) => {
    const filter = toInboxFilter(institutions, call.query);
    if (filter === undefined) throw call.error('institutionNotFound');
    const { contains, timeoutMs } = call.query;
    const message = await inbox.wait({
      ...filter,
      contains,
      timeoutMs: timeoutMs === undefined ? defaultTimeoutMs : Number(timeoutMs),
    });
    if (message === undefined) throw call.error('messageNotFound');
    return toInboxAnswer(message);
  });
}
