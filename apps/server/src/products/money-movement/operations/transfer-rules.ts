import { switchValue } from '@openbranch/contract/switches';
import type { Institution } from '../../../kernel/institution.ts';
import type { TransferRules } from '../domain/decide-transfer.ts';
import { toBusinessDay } from '../domain/schedule.ts';

/** What the institution wants of transfers. @param today In its zone. */
export function transferRulesOf({ policies, switches }: Institution, today: string): TransferRules {
  return { ...policies.moneyMovement, today, firstWeekday: switchValue(switches, 'schedule.first_weekday') };
}

/** The day on which an execution runs that the plan puts on `date`. */
export function runDayOf({ policies, switches }: Institution, date: string): string {
  if (!switchValue(switches, 'schedule.business_days')) return date;
  return toBusinessDay(date, policies.moneyMovement.bankHolidays);
}
