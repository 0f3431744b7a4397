import { type AccountIdOf, planDecisions, planDisclosures, type SeedDecision, type SeedDisclosure } from './demo-disclosures.ts';
import { type DemoPerson, generatePeople } from './demo-people.ts';

/**
 * What a fresh sandbox holds, all but the secrets. The same on every machine: identifiers are derived by the given
 * function from a name, so that tests and examples can count on them.
 */
export interface SeedInstitution {
  readonly institutionId: string;
  readonly name: string;
  readonly timeZone: string;
  readonly applications: readonly SeedApplication[];
  readonly customers: readonly SeedCustomer[];
  readonly disclosures: readonly SeedDisclosure[];
  /** The business has a second location, with books of its own. */
  readonly secondLocation: SeedLocation;
}

export interface SeedLocation {
  readonly customerId: string;
  readonly memberNumber: string;
  /** Who reaches it beside its first location. */
  readonly institutionUserId: string;
}

export interface SeedApplication {
  readonly clientId: string;
  readonly name: string;
  readonly edition: 'v1' | 'v2';
  readonly grants: readonly string[];
  readonly scopes: readonly string[];
}

export type SeedState = 'active' | 'locked' | 'onHold' | 'reset';

export interface SeedCustomer extends DemoPerson {
  readonly customerId: string;
  readonly institutionUserId: string;
  readonly authId: string;
  readonly memberNumber: string;
  readonly userType: 'RETAIL' | 'BUSINESS';
  readonly role: 'PRIMARY' | 'ENTITLED' | 'BUSINESS_ADMIN';
  readonly parentInstitutionUserId: string | undefined;
  /** The customer at the core that the login reaches: its own, a sub-user's primary, a business location. */
  readonly reachedCustomerId: string;
  readonly state: SeedState;
  readonly decisions: readonly SeedDecision[];
}

/** 32 lower hex digits that follow from a name. */
export type DeriveId = (name: string) => string;

const institutions = [
  { institutionId: '00042', name: 'Sample Valley Credit Union', timeZone: 'America/Los_Angeles', seed: 42 },
  { institutionId: '00077', name: 'Example Harbor Bank', timeZone: 'America/New_York', seed: 77 },
] as const;

const roles: readonly { userType: 'RETAIL' | 'BUSINESS'; role: SeedCustomer['role']; state: SeedState }[] = [
  { userType: 'RETAIL', role: 'PRIMARY', state: 'active' },
  { userType: 'RETAIL', role: 'PRIMARY', state: 'active' },
  { userType: 'RETAIL', role: 'PRIMARY', state: 'active' },
  { userType: 'RETAIL', role: 'PRIMARY', state: 'active' },
  { userType: 'RETAIL', role: 'PRIMARY', state: 'active' },
  { userType: 'RETAIL', role: 'ENTITLED', state: 'active' },
  { userType: 'BUSINESS', role: 'BUSINESS_ADMIN', state: 'active' },
  { userType: 'RETAIL', role: 'PRIMARY', state: 'locked' },
  { userType: 'RETAIL', role: 'PRIMARY', state: 'onHold' },
  { userType: 'RETAIL', role: 'PRIMARY', state: 'reset' },
];
/** The entitled user is a sub-user of the primary before it. */
const primaryOfSubUser = 4;

export function planSeed(deriveId: DeriveId, allScopes: readonly string[], accountIdOf: AccountIdOf): readonly SeedInstitution[] {
  return institutions.map(({ institutionId, name, timeZone, seed }) => ({
    institutionId,
    name,
    timeZone,
    applications: planApplications(institutionId, deriveId, allScopes),
    customers: planCustomers(institutionId, seed, deriveId, accountIdOf),
    disclosures: planDisclosures(institutionId, deriveId),
    secondLocation: {
      customerId: deriveId(`${institutionId} location 2`),
      memberNumber: memberNumberOf(seed, secondLocationIndex),
      institutionUserId: userIdOf(
        institutionId,
        roles.findIndex(({ role }) => role === 'BUSINESS_ADMIN'),
        deriveId,
      ),
    },
  }));
}

/** Beyond the places of customers, so that the numbers of those stay. */
const secondLocationIndex = 50;

function memberNumberOf(seed: number, index: number): string {
  return String(1_000_200_000 + seed * 100 + index);
}

function userIdOf(institutionId: string, index: number, deriveId: DeriveId): string {
  return deriveId(`${institutionId} user ${index}`).toUpperCase();
}

function planApplications(institutionId: string, deriveId: DeriveId, allScopes: readonly string[]): readonly SeedApplication[] {
  const clientId = (name: string): string =>
    (deriveId(`${institutionId} application ${name}`) + deriveId(`${institutionId} client ${name}`)).slice(0, 48);
  return [
    {
      name: `partner-${institutionId}`,
      clientId: clientId('partner'),
      edition: 'v2',
      grants: ['client_credentials'],
      scopes: allScopes,
    },
    {
      name: `mobile-${institutionId}`,
      clientId: clientId('mobile'),
      edition: 'v2',
      grants: ['password', 'refresh_token'],
      scopes: allScopes,
    },
    {
      name: `legacy-${institutionId}`,
      clientId: clientId('legacy'),
      edition: 'v1',
      grants: ['client_credentials', 'password'],
      scopes: [],
    },
  ];
}

function planCustomers(
  institutionId: string,
  seed: number,
  deriveId: DeriveId,
  accountIdOf: AccountIdOf,
): readonly SeedCustomer[] {
  const customerIdOf = (index: number): string => deriveId(`${institutionId} customer ${index}`);
  const disclosures = planDisclosures(institutionId, deriveId);
  return generatePeople(roles.length, seed).flatMap((person, index) => {
    const kind = roles[index];
    if (kind === undefined) return [];
    const isSubUser = kind.role === 'ENTITLED';
    const reached = isSubUser ? primaryOfSubUser : index;
    return {
      ...person,
      ...kind,
      customerId: customerIdOf(index),
      institutionUserId: userIdOf(institutionId, index, deriveId),
      authId: deriveId(`${institutionId} auth ${index}`),
      memberNumber: memberNumberOf(seed, reached),
      parentInstitutionUserId: isSubUser ? userIdOf(institutionId, primaryOfSubUser, deriveId) : undefined,
      reachedCustomerId: customerIdOf(reached),
      decisions: planDecisions(institutionId, disclosures, { index, isActive: kind.state === 'active' }, deriveId, accountIdOf),
    };
  });
}
