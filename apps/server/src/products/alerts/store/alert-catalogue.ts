import type { Sql } from '../../../platform/db/database.ts';
import { type AlertCatalogue, byTypeName } from '../domain/alert-catalogue.ts';
import { listAlertTemplates } from './alert-templates.ts';
import { listAlertTypes } from './alert-types.ts';
import { listInstitutionAlertTypes } from './institution-alert-types.ts';
import { loadInstitutionPreferences } from './pipeline-facts.ts';

/** All of it, with the words of every published template. */
export async function loadAlertCatalogue(sql: Sql, institutionId: string): Promise<AlertCatalogue> {
  const [types, optIns, institutionPreferences, templates] = await Promise.all([
    listAlertTypes(sql, institutionId),
    listInstitutionAlertTypes(sql, institutionId),
    loadInstitutionPreferences(sql, institutionId),
    listAlertTemplates(sql, institutionId, { states: ['PUBLISHED'] }),
  ]);
  return {
    typesByName: byTypeName(types),
    optIns: new Map(optIns.map((one) => [one.alertTypeId, one])),
    institutionPreferences,
    templates: Map.groupBy(templates, ({ alertTypeId }) => alertTypeId),
  };
}
