import { accept, type Result, refuse } from '../../../kernel/result.ts';

export interface LocationQuery {
  readonly institutionCustomerId?: string | undefined;
  readonly $apply?: string | undefined;
  readonly $skipGroups?: string | undefined;
  readonly $topGroups?: string | undefined;
}

interface Reached {
  readonly customerId: string;
  readonly memberNumber: string;
  readonly isPrimary: boolean;
}

/** The group of accounts that is asked for by number: grouped paging needs all of its parameters, and excludes a location by id. */
export function decideGroup(query: LocationQuery): Result<number | undefined, 'queryInvalid'> {
  const given = [query.$apply, query.$skipGroups, query.$topGroups].filter((one) => one !== undefined).length;
  if (given === 0) return accept(undefined);
  if (given < 3 || query.institutionCustomerId !== undefined) return refuse('queryInvalid');
  return accept(Number(query.$skipGroups));
}

export interface ChosenLocation {
  /** Nothing: all that the user reaches. */
  readonly customerId: string | undefined;
  readonly totalGroupCount?: number;
}

/** Of a business its location by id or by number; several and none named is refused (contract sheet "Accounts", sections 3 and 9). */
export function decideLocation(
  user: { readonly userType: 'RETAIL' | 'BUSINESS'; readonly customers: readonly Reached[] },
  named: string | undefined,
  group: number | undefined,
): Result<ChosenLocation, 'locationInvalid' | 'locationMissing' | 'queryInvalid'> {
  if (group !== undefined) return decideNumberedLocation(user, group);
  if (named !== undefined) {
    const customerId = findLocation(user.customers, named);
    return customerId === undefined ? refuse('locationInvalid') : accept({ customerId });
  }
  if (user.userType === 'BUSINESS' && user.customers.length > 1) return refuse('locationMissing');
  return accept({ customerId: undefined });
}

/** The default location first, then by number of the member, which is the tax number. A retail user has one group. */
function decideNumberedLocation(
  { userType, customers }: { readonly userType: 'RETAIL' | 'BUSINESS'; readonly customers: readonly Reached[] },
  group: number,
): Result<ChosenLocation, 'queryInvalid'> {
  if (userType === 'RETAIL') return group === 0 ? accept({ customerId: undefined, totalGroupCount: 1 }) : refuse('queryInvalid');
  const ordered = [...customers].sort(
    (one, other) =>
      Number(other.isPrimary) - Number(one.isPrimary) ||
      (one.memberNumber < other.memberNumber ? -1 : Number(one.memberNumber > other.memberNumber)),
  );
  const location = ordered[group];
  return location === undefined
    ? refuse('queryInvalid')
    : accept({ customerId: location.customerId, totalGroupCount: ordered.length });
}

/** The customer id that a caller names, in any case and with dashes or not, when the user reaches it. */
export function findLocation(customers: readonly Pick<Reached, 'customerId'>[], named: string): string | undefined {
  const wanted = named.replaceAll('-', '').toLowerCase();
  return customers.find(({ customerId }) => customerId === wanted)?.customerId;
}
