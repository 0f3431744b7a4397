import { keyOf, places } from './demo-places.ts';

/** The public id of a seeded account. */
export type AccountIdOf = (institutionId: string, accountKey: bigint) => string;

/** What a seeded institution wants to be accepted, and what its customers have accepted. */
export interface SeedDisclosure {
  readonly institutionDisclosureId: string;
  readonly name: string;
  readonly data: string;
}

export interface SeedDecision {
  readonly institutionUserDisclosureId: string;
  readonly disclosure: SeedDisclosure;
  readonly status: 'ACCEPTED' | 'ENROLLED';
  readonly paperWaiver: boolean | undefined;
  readonly accountId: string | undefined;
}

const names = ['IB', 'ESIGN', 'OLS', 'PAPERLESS TAX'] as const;

/** @param deriveId 32 lower hex digits that follow from a name. */
export function planDisclosures(institutionId: string, deriveId: (name: string) => string): readonly SeedDisclosure[] {
  return names.map((name) => ({
    institutionDisclosureId: deriveId(`${institutionId} disclosure ${name}`).toUpperCase(),
    name,
    data: `https://docs.example.com/${institutionId}/${name.toLowerCase().replace(' ', '-')}.pdf`,
  }));
}

/** Every active customer has accepted the terms; the first has decided about everything there is. */
export function planDecisions(
  institutionId: string,
  disclosures: readonly SeedDisclosure[],
  { index, isActive }: { readonly index: number; readonly isActive: boolean },
  deriveId: (name: string) => string,
  accountIdOf: AccountIdOf,
): readonly SeedDecision[] {
  const idOf = (name: string): string => deriveId(`${institutionId} user disclosure ${index} ${name}`).toUpperCase();
  const accountId = accountIdOf(institutionId, keyOf(places.everyKind, 1));
  return disclosures.flatMap((disclosure): SeedDecision[] => {
    const decision = {
      institutionUserDisclosureId: idOf(disclosure.name),
      disclosure,
      paperWaiver: undefined,
      accountId: undefined,
    };
    if (disclosure.name === 'IB') return isActive ? [{ ...decision, status: 'ACCEPTED' }] : [];
    if (index !== 0) return [];
    if (disclosure.name !== 'OLS') return [{ ...decision, status: disclosure.name === 'ESIGN' ? 'ACCEPTED' : 'ENROLLED' }];
    const statements = { ...decision, status: 'ACCEPTED' as const, paperWaiver: true };
    return [statements, { ...statements, institutionUserDisclosureId: idOf('OLS of an account'), accountId }];
  });
}
