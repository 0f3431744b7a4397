import { accept, type Result, refuse } from '../../../kernel/result.ts';
import { type Disclosure, type DisclosureStatus, hasSameName, kindOf, takesStatus } from './disclosure.ts';

/** What a user has decided about a disclosure. */
export interface UserDisclosure {
  /** 32 upper hex. */
  readonly institutionUserDisclosureId: string;
  readonly institutionUserId: string;
  /** The location of a business user. */
  readonly institutionCustomerId: string | undefined;
  readonly disclosure: Disclosure;
  /** Online statements of one account. */
  readonly accountId: string | undefined;
  readonly status: DisclosureStatus;
  readonly statusAt: Date;
  /** Online statements: true is electronic, false is paper. */
  readonly paperWaiver: boolean | undefined;
}

/** What a caller sends to accept or refuse a disclosure. */
export interface NewDecision {
  readonly disclosureId: string | undefined;
  readonly name: string | undefined;
  readonly status: DisclosureStatus;
  readonly accountId: string | undefined;
  readonly paperWaiver: boolean | undefined;
  readonly hasAccountType: boolean;
}

/** System disclosures are named, custom ones only by their id (contract sheet "Disclosures", section 4.3). */
export function namesDisclosure({ disclosureId, name }: Pick<NewDecision, 'disclosureId' | 'name'>): boolean {
  return disclosureId !== undefined || (name !== undefined && kindOf(name) !== 'custom');
}

type NewDecisionRefusal =
  | 'operationUnsupported'
  | 'disclosureUnsupported'
  | 'fieldsMissingOrInvalid'
  | 'paperWaiverMissing'
  | 'accountIdMissing';

/** Whether a user may decide this about the disclosure that was found; the account is looked at afterwards. */
export function decideNewDecision(
  { name, status, accountId, paperWaiver, hasAccountType }: NewDecision,
  found: Disclosure | undefined,
  multiStatement: boolean,
): Result<Disclosure, NewDecisionRefusal> {
  const kind = kindOf(found?.name ?? name ?? '');
  if (kind === 'OLS' && accountId !== undefined && !multiStatement) return refuse('operationUnsupported');
  if (found?.isEnabled !== true) return refuse('disclosureUnsupported');
  if (name !== undefined && !hasSameName(name, found.name)) return refuse('fieldsMissingOrInvalid');
  if (!takesStatus(kind, status)) return refuse('fieldsMissingOrInvalid');
  if (kind === 'OLS' && paperWaiver === undefined) return refuse('paperWaiverMissing');
  if (kind !== 'OLS' && (paperWaiver !== undefined || accountId !== undefined)) return refuse('fieldsMissingOrInvalid');
  return hasAccountType && accountId === undefined ? refuse('accountIdMissing') : accept(found);
}

/** How a change names the row it is about (contract sheet "Disclosures", section 4.4). */
export interface RowReferences {
  readonly disclosureId: string | undefined;
  /** Id of the row, or of its disclosure, as the published sample has it (CR-53). */
  readonly rowOrDisclosureId: string | undefined;
  readonly name: string | undefined;
}

type RowRefusal = 'fieldsMissingOrInvalid' | 'idsDiffer' | 'operationUnsupported' | 'disclosureUnsupported' | 'notFoundForUser';

/** True when the references are enough to name a row: a custom disclosure is not named by its name alone. */
export function namesRow({ disclosureId, rowOrDisclosureId, name }: RowReferences): boolean {
  return (
    rowOrDisclosureId !== undefined || namesDisclosure({ disclosureId, name }) || (name !== undefined && kindOf(name) === 'OLS')
  );
}

/**
 * The row that all references point at, if its decision may be changed to `status`.
 * @param disclosures Those that the references may mean.
 * @param rows Those of the user at the location.
 */
export function decideChangedRow(
  references: RowReferences,
  disclosures: readonly Disclosure[],
  rows: readonly UserDisclosure[],
  status: DisclosureStatus,
): Result<UserDisclosure, RowRefusal> {
  const { disclosureId, rowOrDisclosureId, name } = references;
  if (name !== undefined && kindOf(name) === 'OLS') return refuse('operationUnsupported');
  const byId = (id: string | undefined) => disclosures.find((one) => one.institutionDisclosureId === id);
  const named = rows.find((row) => row.institutionUserDisclosureId === rowOrDisclosureId);
  const meant = named?.disclosure ?? byId(rowOrDisclosureId);
  const own = byId(disclosureId);
  if ([meant, own].some((one) => one !== undefined && kindOf(one.name) === 'OLS')) return refuse('operationUnsupported');
  if (rowOrDisclosureId !== undefined && meant === undefined) return refuse('notFoundForUser');
  const disclosure = meant ?? own ?? disclosures.find((one) => disclosureId === undefined && hasSameName(one.name, name ?? ''));
  if (disclosure === undefined) return refuse('disclosureUnsupported');
  if (disclosureId !== undefined && disclosureId !== disclosure.institutionDisclosureId) return refuse('idsDiffer');
  if (name !== undefined && !hasSameName(name, disclosure.name)) return refuse('idsDiffer');
  const row = rows.find((one) => one.disclosure.institutionDisclosureId === disclosure.institutionDisclosureId);
  return decideChange(disclosure, row, status);
}

/** The same where the path names the row: what the body names must be that row. */
export function decideChangeById(
  row: UserDisclosure | undefined,
  { disclosureId, rowOrDisclosureId, name }: RowReferences,
  status: DisclosureStatus,
): Result<UserDisclosure, RowRefusal> {
  if (row === undefined) return refuse('notFoundForUser');
  const { disclosure, institutionUserDisclosureId } = row;
  const ids = [institutionUserDisclosureId, disclosure.institutionDisclosureId];
  const agrees =
    (disclosureId === undefined || disclosureId === disclosure.institutionDisclosureId) &&
    (rowOrDisclosureId === undefined || ids.includes(rowOrDisclosureId)) &&
    (name === undefined || hasSameName(name, disclosure.name));
  return agrees ? decideChange(disclosure, row, status) : refuse('idsDiffer');
}

function decideChange(
  { name, isEnabled }: Disclosure,
  row: UserDisclosure | undefined,
  status: DisclosureStatus,
): Result<UserDisclosure, RowRefusal> {
  const kind = kindOf(name);
  // Online statements are changed by deciding anew.
  if (kind === 'OLS') return refuse('operationUnsupported');
  if (!isEnabled) return refuse('disclosureUnsupported');
  if (!takesStatus(kind, status)) return refuse('fieldsMissingOrInvalid');
  return row === undefined ? refuse('notFoundForUser') : accept(row);
}

/** What may be deleted by its id (DI-1). */
export function decideDeletionById(
  row: UserDisclosure | undefined,
  reach: 'custom and OLS' | 'account-level OLS' | 'any',
): Result<UserDisclosure, 'notFoundForUser' | 'operationUnsupported'> {
  if (row === undefined) return refuse('notFoundForUser');
  const kind = kindOf(row.disclosure.name);
  const mayGo =
    reach === 'any' ||
    (reach === 'custom and OLS' ? kind === 'custom' || kind === 'OLS' : kind === 'OLS' && row.accountId !== undefined);
  return mayGo ? accept(row) : refuse('operationUnsupported');
}

/**
 * What is shown while statements are chosen for each account, or once for the user: the other rows are kept.
 * @param showsAccounts False for a token that may not see accounts.
 */
export function toShownRows(
  rows: readonly UserDisclosure[],
  multiStatement: boolean,
  showsAccounts: boolean,
): readonly UserDisclosure[] {
  return rows
    .filter(({ accountId }) => accountId === undefined || (multiStatement && showsAccounts))
    .map((row) => (multiStatement && row.accountId === undefined ? { ...row, paperWaiver: undefined } : row));
}
