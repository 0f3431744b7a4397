import { listRecipients } from '@openbranch/contract/money-movement/recipient-operations';
import { type Route, route } from '../../../http/route.ts';
import { listRecipientsOfUser } from '../store/recipients.ts';
import { findRecipientUser } from './find-recipient-user.ts';
import type { MoneyMovementParts } from './money-movement-parts.ts';
import { toRecipientsAnswer } from './recipient-answer.ts';

/** M1: everybody whom the user has saved. */
export function listRecipientsRoute({ personalData }: MoneyMovementParts): Route {
  return route(listRecipients).handle(async (call) => {
    const user = await findRecipientUser(call.sql, call.principal, call.query);
    if (!user.ok) throw call.error(user.refusal);
    const { institutionId, institutionUserId } = user.value;
    return toRecipientsAnswer(
      call,
      user.value,
      await listRecipientsOfUser(call.sql, personalData, institutionId, institutionUserId),
    );
  });
}
