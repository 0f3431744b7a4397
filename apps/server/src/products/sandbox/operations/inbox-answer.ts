import type { QueryOf } from '@openbranch/contract/operation';
import type { listInbox } from '@openbranch/contract/sandbox/operations';
import type { InboxFilter, InboxMessage } from '../../../platform/delivery/inbox.ts';
import type { InstitutionDirectory } from '../../../platform/institutions/institution-directory.ts';

type InboxQuery = Omit<QueryOf<typeof listInbox>, 'limit'>;

/** undefined when there is no such institution. */
export function toInboxFilter(institutions: InstitutionDirectory, query: InboxQuery): InboxFilter | undefined {
  const { institutionId, to, channel, since } = query;
  if (institutionId !== undefined && institutions.find(institutionId) === undefined) return undefined;
  return {
    institutionIds: institutionId === undefined ? institutions.all().map((one) => one.institutionId) : [institutionId],
    to,
    channel,
    since: since === undefined ? undefined : new Date(since),
  };
}

export function toInboxAnswer(message: InboxMessage) {
  const { subject, html, passcode, queuedAt, sentAt, ...rest } = message;
  return {
    ...rest,
    ...(subject === undefined ? {} : { subject }),
    ...(html === undefined ? {} : { html }),
    ...(passcode === undefined ? {} : { passcode }),
    queuedAt: queuedAt.toISOString(),
    sentAt: sentAt.toISOString(),
  };
}
