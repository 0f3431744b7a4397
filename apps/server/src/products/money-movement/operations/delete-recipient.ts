import { deleteRecipient } from '@openbranch/contract/money-movement/recipient-operations';
import { type Route, route } from '../../../http/route.ts';
import { lockRecipientsOfUser, removeRecipient } from '../store/recipients.ts';
import { findRecipientUser } from './find-recipient-user.ts';

/** M5: for good. Schedules stay, and fail at their next execution. */
export const deleteRecipientRoute: Route = route(deleteRecipient).handle(async (call) => {
  const user = await findRecipientUser(call.sql, call.principal, call.query);
  if (!user.ok) throw call.error(user.refusal);
  const recipientId = call.params.recipientId.toUpperCase();
  if (recipientId.trim() === '') throw call.error('recipientIdBlank');
  const { institutionId, institutionUserId } = user.value;
  await call.write(async (write) => {
    await lockRecipientsOfUser(write.sql, institutionId, institutionUserId);
    const isRemoved = await removeRecipient(write.sql, institutionId, institutionUserId, recipientId);
    if (!isRemoved) throw call.error('recipientNotFound');
    await write.audit('recipient_deleted', { institutionUserId, details: { recipientId } });
  });
});
