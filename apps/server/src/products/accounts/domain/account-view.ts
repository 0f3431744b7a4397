/** The members that an answer shows (contract sheet "Accounts", section 5). */
export interface ViewLists {
  readonly external: readonly string[];
  readonly small: readonly string[];
  readonly medium: readonly string[];
}

export type ViewName = 's' | 'm' | undefined;

/** Every account has them, so no list can leave them out. */
const requiredMembers = ['id', 'institutionId', 'institutionUserId', 'category', 'type', 'accountNumber'] as const;
const contributions = ['currentYearEligibleContribution', 'lastYearEligibleContribution', 'lastYearMaxContribution'] as const;
const retirementTypes = new Set(['RETIREMENT_IRA', 'KEOGH']);

export interface AccountView {
  /** @param shown Which accounts show contribution amounts (ACC-S2). */
  membersOf(accountType: string, shown: 'retirement' | 'none' | 'all'): ReadonlySet<string>;
}

type Views = Readonly<Record<'external' | 'small' | 'medium', AccountView>>;

/** Lists are those of an institution, read once when its policies change: what they select is kept with them. */
const known = new WeakMap<ViewLists, Views>();

export function viewOf(lists: ViewLists, viewName: ViewName): AccountView {
  let views = known.get(lists);
  if (views === undefined) {
    views = toViews(lists);
    known.set(lists, views);
  }
  return viewName === undefined ? views.external : viewName === 's' ? views.small : views.medium;
}

function toViews({ external, small, medium }: ViewLists): Views {
  const isExternal = (name: string): boolean => external.includes(name);
  return {
    external: toView(external, contributions),
    small: toView(small.filter(isExternal), []),
    medium: toView([...small, ...medium].filter(isExternal), contributions),
  };
}

function toView(names: readonly string[], forRetirement: readonly string[]): AccountView {
  const members = new Set<string>([...requiredMembers, ...names]);
  const withContributions = new Set<string>([...members, ...forRetirement]);
  return {
    membersOf: (accountType, shown) =>
      shown === 'all' || (shown === 'retirement' && retirementTypes.has(accountType)) ? withContributions : members,
  };
}

/** The members that a view names and that have a value. */
export function onlyMembers<Members extends object>(members: Members, names: ReadonlySet<string>): Present<Members>;
export function onlyMembers(
  members: Readonly<Record<string, unknown>>,
  names: ReadonlySet<string>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(members).filter(([name, value]) => value !== undefined && names.has(name)));
}

/** The members that have a value. */
export function presentMembers<Members extends object>(members: Members): Present<Members>;
export function presentMembers(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

type Present<Members> = { readonly [Name in keyof Members]?: Exclude<Members[Name], undefined> };
