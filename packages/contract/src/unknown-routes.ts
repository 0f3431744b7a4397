import { customersFamily } from './customers/families.ts';
import { userDisclosuresFamily } from './documents/disclosure-families.ts';
import { eStatementsFamily } from './documents/e-statement-families.ts';
import type { ErrorTable, Family } from './family.ts';
import { gatewayFamily, legacyRouteFamily, messagingRouteFamily } from './identity/families.ts';

export interface UnknownRoute {
  /** Leads of paths, already without `/digitalbanking[/stage]`. */
  readonly leads: readonly string[];
  readonly family: Family<ErrorTable>;
  readonly error: string;
  /** A known path with a verb that it does not take is answered alike, instead of by 405. */
  readonly coversVerbs?: boolean;
}

/**
 * What answers a path that is no operation, by its lead (Conventions section 1.7); the first that fits wins.
 * A product that is not built answers the same.
 */
export const unknownRoutes: readonly UnknownRoute[] = [
  {
    leads: ['/v1/e-statements/', '/v2/e-statements/', '/v1/reports/e-statements/'].flatMap((lead) => [lead, `/ux-users${lead}`]),
    family: eStatementsFamily,
    error: 'pathInvalid',
  },
  { leads: ['/ux-users/', '/v1/customers/', '/customers/'], family: customersFamily, error: 'unknownRoute' },
  {
    leads: ['/v1/institution-disclosures/', '/v1/institution-user-disclosures/', '/db-disclosures/'],
    family: userDisclosuresFamily,
    error: 'unhandled',
    coversVerbs: true,
  },
  {
    leads: ['/registration/v4/fis/', '/v4/fis/', '/bankingservices/v2/fis/', '/v2/fis/', '/v1/oauth/'],
    family: legacyRouteFamily,
    error: 'urlNotAuthorized',
  },
  {
    leads: ['/messagingservices/v1/fis/', '/subscriptions/v1/fis/', '/destinations/v2/fis/', '/v1/fis/'],
    family: messagingRouteFamily,
    error: 'urlNotAuthorized',
  },
  { leads: ['/'], family: gatewayFamily, error: 'unknownRoute' },
];
