import type { OnBulkEnded } from '../../../platform/delivery/bulk-sender.ts';
import { fromMessageId } from '../domain/message-id.ts';
import { endDeliveries } from '../store/alert-outcomes.ts';

/** The status of an alert follows that of its messages, in the transaction that settles them. */
export function createRecordDeliveryEnds(nowOf: (institutionId: string) => Date): OnBulkEnded {
  return (tx, institutionId, ended) =>
    endDeliveries(
      tx,
      institutionId,
      nowOf(institutionId),
      ended.flatMap(({ messageId, attempts, status, failure }) => {
        const key = fromMessageId(messageId);
        return key?.institutionId === institutionId ? [{ key, isSuccess: status === 'sent', tries: attempts, failure }] : [];
      }),
    );
}
