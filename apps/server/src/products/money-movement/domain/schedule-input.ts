import { parseCalendarDate } from '../../../kernel/calendar-date.ts';
import { accept, type Result, refuse } from '../../../kernel/result.ts';
import { countExecutions, dayFieldOf, type Frequency, frequencies, type LifeType, lifeTypes, type Plan } from './schedule.ts';

/** What a call sent as its schedule; numbers may be texts. */
export interface ScheduleInput {
  readonly lifeType: string | undefined;
  readonly frequency: string | undefined;
  readonly startDate: string | undefined;
  readonly endDate: string | undefined;
  readonly numberOfExecutions: string | undefined;
  readonly dayOfWeek: string | undefined;
  readonly daysOfMonth: readonly string[] | undefined;
}

export type ScheduleRefusal =
  | 'lifeTypeInvalid'
  | 'frequencyInvalid'
  | 'startDateInvalid'
  | 'scheduleFieldsInvalid'
  | 'dayInvalid'
  | 'numberOfDaysInvalid'
  | 'endDateInvalid'
  | 'numberOfExecutionsInvalid';

export interface ScheduleRules {
  /** In the zone of the institution. */
  readonly today: string;
  /** What day 1 of a week is. */
  readonly firstWeekday: 'Monday' | 'Sunday';
}

const mostExecutions = 99;
const longestMonth = 31;

/** Contract sheet "Money movement", sections 8.5 and 10: the first rule that is broken. */
export function decidePlan(input: ScheduleInput, { today, firstWeekday }: ScheduleRules): Result<Plan, ScheduleRefusal> {
  const lifeType = lifeTypes.find((name) => name === input.lifeType);
  if (lifeType === undefined) return refuse('lifeTypeInvalid');
  const frequency = frequencies.find((name) => name === input.frequency);
  if (frequency === undefined) return refuse('frequencyInvalid');
  const startsOn = parseCalendarDate(input.startDate ?? '');
  if (startsOn === undefined || startsOn <= today) return refuse('startDateInvalid');
  if (!doFieldsFit(input, lifeType, frequency)) return refuse('scheduleFieldsInvalid');
  const days = decideDays(input, frequency, firstWeekday);
  if (!days.ok) return days;
  const plan = { frequency, lifeType, startsOn, endsOn: undefined, numberOfExecutions: undefined, ...days.value };
  if (lifeType === 'ENDDATE') return withEndDate(plan, input.endDate);
  if (lifeType === 'NUMBEROFEXECUTIONS') {
    const numberOfExecutions = toInteger(input.numberOfExecutions, 1, mostExecutions);
    return numberOfExecutions === undefined ? refuse('numberOfExecutionsInvalid') : accept({ ...plan, numberOfExecutions });
  }
  return accept(plan);
}

function doFieldsFit({ endDate, numberOfExecutions }: ScheduleInput, lifeType: LifeType, frequency: Frequency): boolean {
  if (frequency === 'ONETIME' && lifeType !== 'NOENDDATE') return false;
  const mayEnd = lifeType === 'ENDDATE' || endDate === undefined;
  const mayCount = lifeType === 'NUMBEROFEXECUTIONS' || numberOfExecutions === undefined;
  return mayEnd && mayCount;
}

function withEndDate(plan: Plan, endDate: string | undefined): Result<Plan, 'endDateInvalid'> {
  const endsOn = parseCalendarDate(endDate ?? '');
  if (endsOn === undefined || endsOn <= plan.startsOn) return refuse('endDateInvalid');
  const ending = { ...plan, endsOn };
  return countExecutions(ending) === 0 ? refuse('endDateInvalid') : accept(ending);
}

type Days = Pick<Plan, 'dayOfWeek' | 'daysOfMonth'>;

function decideDays(
  { dayOfWeek, daysOfMonth }: ScheduleInput,
  frequency: Frequency,
  firstWeekday: ScheduleRules['firstWeekday'],
): Result<Days, 'dayInvalid' | 'numberOfDaysInvalid'> {
  switch (dayFieldOf(frequency)) {
    case 'none':
      if (dayOfWeek !== undefined || (daysOfMonth !== undefined && daysOfMonth.length > 0)) return refuse('numberOfDaysInvalid');
      return accept({ dayOfWeek: undefined, daysOfMonth: [] });
    case 'week': {
      const day = toInteger(dayOfWeek, 1, 7);
      if (day === undefined) return refuse('dayInvalid');
      if (daysOfMonth !== undefined) return refuse('numberOfDaysInvalid');
      return accept({ dayOfWeek: firstWeekday === 'Monday' ? day : ((day + 5) % 7) + 1, daysOfMonth: [] });
    }
    case 'month': {
      const days = daysOfMonth?.map((day) => toInteger(day, 1, longestMonth)) ?? [];
      if (days.length === 0 || days.includes(undefined)) return refuse('dayInvalid');
      if (dayOfWeek !== undefined) return refuse('numberOfDaysInvalid');
      const inOrder = days.flatMap((day) => day ?? []).toSorted((one, other) => one - other);
      const needed = frequency === 'TWICEMONTHLY' ? 2 : 1;
      if (inOrder.length !== needed || new Set(inOrder).size !== needed) return refuse('numberOfDaysInvalid');
      return accept({ dayOfWeek: undefined, daysOfMonth: inOrder });
    }
  }
}

function toInteger(text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined || !/^\d{1,3}$/u.test(text)) return undefined;
  const value = Number(text);
  return value >= least && value <= most ? value : undefined;
}
