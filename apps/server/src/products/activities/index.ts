import type { Route } from '../../http/route.ts';
import { type ActivitiesParts, searchBankingActivitiesRoute } from './operations/search-banking-activities.ts';

export function activitiesRoutes(parts: ActivitiesParts): readonly Route[] {
  return [searchBankingActivitiesRoute(parts)];
}
