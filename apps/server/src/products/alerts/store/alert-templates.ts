import type { Sql, Tx } from '../../../platform/db/database.ts';
import type { AlertTemplate, TemplateContents, TemplateState } from '../domain/alert-template.ts';
import { isPlatformId } from '../domain/alert-type.ts';

/** Templates of the platform (reference table) and of an institution are told apart by their id. */

interface TemplateRow {
  readonly alert_template_id: bigint;
  readonly alert_type_id: bigint;
  readonly locale: string;
  readonly state: TemplateState;
  readonly external_system: string | null;
  readonly vendor: string | null;
  readonly variable_map: Record<string, string>;
  readonly contents: TemplateContents;
  readonly version: number;
  readonly updated_at: Date;
}

export type NewAlertTemplate = Omit<AlertTemplate, 'alertTemplateId' | 'version' | 'isPlatforms'>;

/** What a template must be to be listed; what is undefined does not matter. */
export interface TemplateFilter {
  readonly alertTemplateId?: bigint | undefined;
  readonly alertTypeIds?: readonly bigint[] | undefined;
  readonly locale?: string | undefined;
  readonly states?: readonly TemplateState[] | undefined;
  /** Only those of the platform. */
  readonly isPlatforms?: boolean | undefined;
}

function columnsOf(sql: Sql | Tx) {
  return sql`
    alert_template_id, alert_type_id, locale, state, external_system, vendor, variable_map, contents, version, updated_at`;
}

/** Those of the platform and those of the institution, by type, locale and id. */
export async function listAlertTemplates(sql: Sql | Tx, institutionId: string, filter: TemplateFilter): Promise<AlertTemplate[]> {
  const { alertTemplateId, alertTypeIds, locale, states } = filter;
  const wanted = sql`
    ${alertTemplateId === undefined ? sql`` : sql`and alert_template_id = ${String(alertTemplateId)}`}
    ${alertTypeIds === undefined ? sql`` : sql`and alert_type_id = any(${alertTypeIds.map(String)}::bigint[])`}
    ${locale === undefined ? sql`` : sql`and locale = ${locale}`}
    ${states === undefined ? sql`` : sql`and state = any(${[...states]})`}`;
  const rows = await sql<TemplateRow[]>`
    select ${columnsOf(sql)} from system_alert_templates where true ${wanted}
    union all
    select ${columnsOf(sql)} from alert_templates
    where institution_id = ${institutionId} and ${filter.isPlatforms !== true} ${wanted}
    order by alert_type_id, locale, alert_template_id`;
  return rows.map(fromRow);
}

/** For a change; nobody else changes it meanwhile. */
export async function lockAlertTemplate(
  tx: Tx,
  institutionId: string,
  alertTemplateId: bigint,
): Promise<AlertTemplate | undefined> {
  const [row] = await tx<TemplateRow[]>`
    select ${columnsOf(tx)} from alert_templates
    where institution_id = ${institutionId} and alert_template_id = ${String(alertTemplateId)} for update`;
  return row === undefined ? undefined : fromRow(row);
}

export async function lockNewestDraft(
  tx: Tx,
  institutionId: string,
  alertTypeId: bigint,
  locale: string,
): Promise<AlertTemplate | undefined> {
  const [row] = await tx<TemplateRow[]>`
    select ${columnsOf(tx)} from alert_templates
    where institution_id = ${institutionId} and alert_type_id = ${String(alertTypeId)} and locale = ${locale} and state = 'DRAFT'
    order by alert_template_id desc limit 1 for update`;
  return row === undefined ? undefined : fromRow(row);
}

/** Whoever publishes does so one after the other: the later one archives what the earlier one published. */
export async function archivePublished(
  tx: Tx,
  institutionId: string,
  { alertTypeId, locale, updatedAt }: Pick<AlertTemplate, 'alertTypeId' | 'locale' | 'updatedAt'>,
  except: bigint | undefined,
): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`publish ${institutionId} ${alertTypeId} ${locale}`}, 0))`;
  await tx`
    update alert_templates set state = 'ARCHIVED', version = version + 1, updated_at = ${updatedAt}
    where institution_id = ${institutionId} and alert_type_id = ${String(alertTypeId)} and locale = ${locale}
      and state = 'PUBLISHED' and alert_template_id <> ${String(except ?? 0n)}`;
}

export async function insertAlertTemplate(tx: Tx, institutionId: string, template: NewAlertTemplate): Promise<AlertTemplate> {
  const [row] = await tx<TemplateRow[]>`
    insert into alert_templates ${tx({ institution_id: institutionId, ...toColumns(tx, template) })} returning ${columnsOf(tx)}`;
  if (row === undefined) throw new Error('The template was not inserted.');
  return fromRow(row);
}

export async function updateAlertTemplate(
  tx: Tx,
  institutionId: string,
  alertTemplateId: bigint,
  template: NewAlertTemplate,
): Promise<AlertTemplate> {
  const [row] = await tx<TemplateRow[]>`
    update alert_templates set ${tx(toColumns(tx, template))}, version = version + 1
    where institution_id = ${institutionId} and alert_template_id = ${String(alertTemplateId)} returning ${columnsOf(tx)}`;
  if (row === undefined) throw new Error('The template has gone, though it was locked.');
  return fromRow(row);
}

/** @returns false when there is none. */
export async function deleteAlertTemplate(tx: Tx, institutionId: string, alertTemplateId: bigint): Promise<boolean> {
  const rows = await tx`
    delete from alert_templates
    where institution_id = ${institutionId} and alert_template_id = ${String(alertTemplateId)} returning 1`;
  return rows.length > 0;
}

export async function hasPlatformTemplate(sql: Sql | Tx, alertTemplateId: bigint): Promise<boolean> {
  if (!isPlatformId(alertTemplateId)) return false;
  const rows = await sql`select 1 from system_alert_templates where alert_template_id = ${String(alertTemplateId)}`;
  return rows.length > 0;
}

function toColumns(tx: Tx, template: NewAlertTemplate) {
  return {
    alert_type_id: String(template.alertTypeId),
    locale: template.locale,
    state: template.state,
    external_system: template.externalSystem ?? null,
    vendor: template.vendor ?? null,
    variable_map: tx.json(template.variableMap),
    contents: tx.json(template.contents),
    updated_at: template.updatedAt,
  };
}

function fromRow(row: TemplateRow): AlertTemplate {
  return {
    alertTemplateId: row.alert_template_id,
    alertTypeId: row.alert_type_id,
    locale: row.locale,
    state: row.state,
    externalSystem: row.external_system ?? undefined,
    vendor: row.vendor ?? undefined,
    variableMap: row.variable_map,
    contents: row.contents,
    version: row.version,
    updatedAt: row.updated_at,
    isPlatforms: isPlatformId(row.alert_template_id),
  };
}
