import type { Route } from '../../http/route.ts';
import { createRecipientRoute } from './operations/create-recipient.ts';
import { createTransferRoute } from './operations/create-transfer.ts';
import { deleteRecipientRoute } from './operations/delete-recipient.ts';
import { getRecipientRoute } from './operations/get-recipient.ts';
import { listRecipientsRoute } from './operations/list-recipients.ts';
import type { MoneyMovementParts } from './operations/money-movement-parts.ts';
import { updateRecipientRoute } from './operations/update-recipient.ts';

export { setCustomerLimits } from './operations/set-customer-limits.ts';
export { cancelSchedule, type Execution, listExecutions, listSchedules } from './store/transfer-schedules.ts';
export { createScheduleWork } from './tasks/execute-schedules.ts';
export { moneyMovementJobs } from './tasks/money-movement-jobs.ts';

export function moneyMovementRoutes(parts: MoneyMovementParts): readonly Route[] {
  return [
    listRecipientsRoute(parts),
    createRecipientRoute(parts),
    getRecipientRoute(parts),
    updateRecipientRoute(parts),
    deleteRecipientRoute,
    createTransferRoute(parts),
  ];
}
