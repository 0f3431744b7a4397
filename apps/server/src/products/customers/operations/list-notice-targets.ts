import type { Sql, Tx } from '../../../platform/db/database.ts';
import type { Channel } from '../../../platform/delivery/channel.ts';
import { recipientsOfNotice } from '../domain/password-reset.ts';
import { listContactMethods } from '../store/contact-methods.ts';

/** Where a user can be told something, e-mail first; each number and address once. */
export async function listNoticeTargets(
  sql: Sql | Tx,
  institutionId: string,
  institutionUserId: string,
): Promise<readonly { readonly channel: Channel; readonly recipient: string }[]> {
  const targets = recipientsOfNotice(await listContactMethods(sql, institutionId, institutionUserId), '');
  return targets
    .map(({ channel, recipient }) => ({ channel, recipient }))
    .toSorted((one, other) => Number(other.channel === 'EMAIL') - Number(one.channel === 'EMAIL'));
}
