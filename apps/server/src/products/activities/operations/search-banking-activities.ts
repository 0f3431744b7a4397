import { searchBankingActivities } from '@openbranch/contract/activities/operations';
import type { AnswerOf } from '@openbranch/contract/operation';
import { type Route, route } from '../../../http/route.ts';
import type { Sql } from '../../../platform/db/database.ts';
import type { KeyRing } from '../../../platform/keys/key-ring.ts';
import {
  canonicalText,
  decideWindow,
  hasOutlivedLookBack,
  largestPage,
  parseSearch,
  type SearchCriteria,
} from '../domain/search-criteria.ts';
import { type ActivityPage, createSearchActivities } from '../store/activities.ts';
import { listUsersByLoginName, listUsersByMemberNumber } from '../store/searched-users.ts';
import { activityEvents } from './activity-events.ts';
import { readPageToken, toPageToken } from './page-token.ts';

export interface ActivitiesParts {
  readonly keyRing: KeyRing;
}

/** Y1: what happened in the institution of the token. */
export function searchBankingActivitiesRoute({ keyRing }: ActivitiesParts): Route {
  const searchActivities = createSearchActivities(activityEvents);
  return route(searchBankingActivities).handle(async (call) => {
    const { institution, now, sql } = call;
    const { institutionId, timeZone } = institution;
    const refusesNegative = call.switchOf(institution, 'activities.negative_criteria') === 'rejected';
    const lookBackDays = Number(call.switchOf(institution, 'activities.look_back_days'));
    const parsed = parseSearch(call.body, { refusesNegative });
    if (!parsed.ok) throw call.error(parsed.refusal);
    const { criteria, pageToken } = parsed.value;
    const owner = { institutionId, criteria: canonicalText(criteria) };
    const position = pageToken === undefined ? undefined : readPageToken(keyRing, owner, pageToken);
    const isLost = position === undefined || hasOutlivedLookBack(position.asOf, now, lookBackDays);
    if (pageToken !== undefined && isLost) throw call.error('pageTokenInvalid');
    const asOf = position?.asOf ?? now;
    const allowed = decideWindow(criteria, asOf, lookBackDays);
    if (!allowed.ok) throw call.error(allowed.refusal);
    const institutionUserIds = await findUsers(sql, institutionId, criteria.user);
    if (institutionUserIds?.length === 0) return undefined;
    const pageSize = parsed.value.pageSize ?? position?.pageSize ?? largestPage;
    const after = position?.after;
    const page = await searchActivities(sql, { institutionId, timeZone, criteria, institutionUserIds, pageSize, after });
    return toAnswer(page, (end) => toPageToken(keyRing, owner, { after: end, asOf, pageSize }));
  });
}

/** @returns undefined where no user is named, and nobody where there is no such user. */
async function findUsers(sql: Sql, institutionId: string, user: SearchCriteria['user']): Promise<readonly string[] | undefined> {
  if (user === undefined) return undefined;
  return user.idType === 'loginId'
    ? listUsersByLoginName(sql, institutionId, user.id)
    : listUsersByMemberNumber(sql, institutionId, user.id);
}

/** Nothing found is no answer, unless there is more of the log to look at. */
function toAnswer(
  { rows, end }: ActivityPage,
  tokenOf: (end: NonNullable<ActivityPage['end']>) => string,
): AnswerOf<typeof searchBankingActivities> {
  if (rows.length === 0 && end === undefined) return undefined;
  const bankingActivities = [...rows];
  const count = rows.length;
  return end === undefined ? { count, bankingActivities } : { nextPageToken: tokenOf(end), count, bankingActivities };
}
