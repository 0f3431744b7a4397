import type { AlertTemplate } from './alert-template.ts';
import type { AlertType, InstitutionAlertType } from './alert-type.ts';
import type { InstitutionPreference } from './choose-preference.ts';
import type { EventCatalogue } from './decide-outcome.ts';

/** What an institution and the platform say of alerts, whoever is told. */
export interface AlertCatalogue {
  readonly typesByName: ReadonlyMap<string, AlertType>;
  readonly optIns: ReadonlyMap<bigint, InstitutionAlertType>;
  readonly institutionPreferences: ReadonlyMap<bigint, readonly InstitutionPreference[]>;
  /** Those that are published. */
  readonly templates: ReadonlyMap<bigint, readonly AlertTemplate[]>;
}

/** The institution's own type comes before one of the platform of the same name. */
export function byTypeName(types: readonly AlertType[]): ReadonlyMap<string, AlertType> {
  const sorted = [...types].sort((one, other) => Number(other.isPlatforms) - Number(one.isPlatforms));
  return new Map(sorted.map((type) => [type.alertTypeName, type]));
}

/** What of it concerns an event. @param locales The best first. */
export function eventCatalogueOf(catalogue: AlertCatalogue, eventType: string, locales: readonly string[]): EventCatalogue {
  const type = catalogue.typesByName.get(eventType);
  if (type === undefined) return { type, optIn: undefined, institutionPreferences: [], templates: [], locales };
  const { alertTypeId } = type;
  return {
    type,
    optIn: catalogue.optIns.get(alertTypeId),
    institutionPreferences: catalogue.institutionPreferences.get(alertTypeId) ?? [],
    templates: catalogue.templates.get(alertTypeId) ?? [],
    locales,
  };
}
