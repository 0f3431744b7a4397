import { getRecipient } from '@openbranch/contract/money-movement/recipient-operations';
import { type Route, route } from '../../../http/route.ts';
import { findRecipient } from '../store/recipients.ts';
import { findRecipientUser } from './find-recipient-user.ts';
import type { MoneyMovementParts } from './money-movement-parts.ts';
import { toRecipientAnswer } from './recipient-answer.ts';

/** M3: one recipient of the user. */
export function getRecipientRoute({ personalData }: MoneyMovementParts): Route {
  return route(getRecipient).handle(async (call) => {
    const user = await findRecipientUser(call.sql, call.principal, call.query);
    if (!user.ok) throw call.error(user.refusal);
    const { recipientId } = call.params;
    if (recipientId.trim() === '') throw call.error('recipientIdBlank');
    const { institutionId, institutionUserId } = user.value;
    const recipient = await findRecipient(call.sql, personalData, institutionId, institutionUserId, recipientId.toUpperCase());
    if (recipient === undefined) throw call.error('recipientNotFound');
    return toRecipientAnswer(call, user.value, recipient);
  });
}
