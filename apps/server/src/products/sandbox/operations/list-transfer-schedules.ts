import { listTransferSchedules } from '@openbranch/contract/sandbox/operations';
import { type Route, route } from '../../../http/route.ts';
import { toMoney } from '../../../kernel/money.ts';
import { type Execution, listExecutions, listSchedules } from '../../money-movement/index.ts';
import type { SandboxParts } from './sandbox-parts.ts';

const mostShown = 100;
/** Of each schedule. */
const mostExecutions = 100;

export function listTransferSchedulesRoute(parts: SandboxParts): Route {
  return route(listTransferSchedules).handle(async (call) => {
    const institution = parts.institutions.find(call.params.institutionId);
    if (institution === undefined) throw call.error('institutionNotFound');
    const { institutionId } = institution;
    const schedules = await listSchedules(call.sql, institutionId, call.query.institutionUserId?.toUpperCase(), mostShown);
    const ids = schedules.map(({ scheduleId }) => scheduleId);
    const executions = await listExecutions(call.sql, institutionId, ids, mostExecutions);
    return {
      schedules: schedules.map((schedule) => ({
        id: schedule.scheduleId,
        institutionUserId: schedule.institutionUserId,
        status: schedule.status,
        frequency: schedule.plan.frequency,
        amount: toMoney(schedule.amountMinor, schedule.currency),
        ...(schedule.nextRunOn !== undefined && { nextExecutionDate: schedule.nextRunOn }),
        executions: executions.filter(({ scheduleId }) => scheduleId === schedule.scheduleId).map(toExecution),
      })),
    };
  });
}

function toExecution({ executionNumber, plannedOn, executedAt, status, failureCode }: Execution) {
  return {
    ...{ executionNumber, plannedOn, executedAt: executedAt.toISOString(), status },
    ...(failureCode !== undefined && { failureCode }),
  };
}
