import { accept, type Result, refuse } from '../../../kernel/result.ts';
import { alertChannels } from './alert-channel.ts';
import {
  type AlertTemplate,
  channelOfContent,
  contentTypes,
  decideTemplateState,
  isContentAllowed,
  type TemplateContents,
  type TemplateState,
  templateStates,
} from './alert-template.ts';
import { cleared, namesOtherInstitution } from './alert-type-input.ts';
import { BodyFields, type FieldRefusal } from './body-fields.ts';
import { toLocale } from './locale.ts';

/** What a caller says of a template. Ids say which template or type is meant. */
export interface TemplateInput {
  readonly alertTemplateId: bigint | undefined;
  readonly alertTypeId: bigint | undefined;
  readonly alertTypeName: string | undefined;
  readonly locale: string | undefined;
  readonly state: TemplateState | undefined;
  readonly externalSystem: string | undefined;
  readonly vendor: string | undefined;
  readonly variableMap: Readonly<Record<string, string>> | undefined;
  readonly contents: TemplateContents | undefined;
  /** When the caller read what it changes. */
  readonly readAt: Date | undefined;
}

type Refusal = FieldRefusal | 'channelInvalid' | 'institutionInvalid' | 'pathBodyMismatch';

/** Reads the body of a new template, or of a change of one. */
export function readTemplate(
  body: Readonly<Record<string, unknown>>,
  isNew: boolean,
  institutionId: string,
): Result<TemplateInput, Refusal> {
  const fields = new BodyFields(body);
  const alertTypeId = fields.id('alertTypeResourceId');
  const alertTypeName = fields.text('alertTypeName', { maxLength: 256 });
  if (isNew && alertTypeId === undefined && alertTypeName === undefined) fields.refuse('attributeMissing');
  if (isNew && alertTypeId === undefined && alertTypeName === '') fields.refuse('fieldRequired');
  const contents = readContents(fields, isNew);
  const localeText = fields.text('locale', { maxLength: 16 });
  const state = fields.choice('state', templateStates);
  const externalSystem = fields.text('externalSystem', { maxLength: 64 });
  const vendor = fields.text('vendor', { maxLength: 64 });
  const variableMap = fields.textMap('variableMap', 1000);
  const readText = fields.text('lastUpdatedDttm', { maxLength: 64 });
  const topId = fields.id('alertTemplateResourceId');
  const isForeign = namesOtherInstitution(fields, institutionId);
  if (fields.refusal !== undefined) return refuse(fields.refusal);
  if (isForeign) return refuse('institutionInvalid');
  if (!contents.ok) return contents;

  const locale = localeText === undefined || localeText === '' ? undefined : toLocale(localeText);
  if (localeText !== undefined && localeText !== '' && locale === undefined) return refuse('fieldInvalid');
  const readAt = readText === undefined || readText === '' ? undefined : new Date(readText);
  if (readAt !== undefined && Number.isNaN(readAt.getTime())) return refuse('fieldInvalid');
  return accept({
    alertTemplateId: contents.value.alertTemplateId ?? topId,
    alertTypeId,
    alertTypeName: alertTypeName === '' ? undefined : alertTypeName,
    locale,
    state,
    externalSystem,
    vendor,
    variableMap,
    contents: contents.value.contents,
    readAt,
  });
}

interface ReadContents {
  readonly contents: TemplateContents | undefined;
  /** The one template that the rows name. */
  readonly alertTemplateId: bigint | undefined;
}

function readContents(
  fields: BodyFields,
  isNew: boolean,
): Result<ReadContents, 'channelInvalid' | 'valueInvalid' | 'pathBodyMismatch'> {
  const rows = fields.items('templateContents', { isRequired: isNew, most: contentTypes.length });
  if (fields.refusal !== undefined || !fields.has('templateContents'))
    return accept({ contents: undefined, alertTemplateId: undefined });
  if (rows.length === 0) fields.refuse('fieldRequired');
  const contents: Partial<Record<(typeof contentTypes)[number], string>> = {};
  const ids = new Set<bigint>();
  for (const row of rows) {
    const id = row.id('alertTemplateResourceId');
    const channelWord = row.text('channelType', { isRequired: true, maxLength: 64 });
    const typeWord = row.text('templateContentType', { isRequired: true, maxLength: 64 });
    const text = row.text('templateContent', { isRequired: true, maxLength: 65_536, isUnicode: true });
    if (channelWord === undefined || typeWord === undefined || text === undefined) return accept(nothing);
    const channel = alertChannels.find((one) => one === channelWord.toUpperCase());
    const contentType = contentTypes.find((one) => one === typeWord.toUpperCase());
    if (channel === undefined) return refuse('channelInvalid');
    if (contentType === undefined || contents[contentType] !== undefined) return refuse('valueInvalid');
    if (channelOfContent(contentType) !== channel) return refuse('channelInvalid');
    if (!isContentAllowed(contentType, text)) fields.refuse('fieldInvalid');
    contents[contentType] = text;
    if (id !== undefined) ids.add(id);
  }
  if (ids.size > 1) return refuse('pathBodyMismatch');
  return accept({ contents, alertTemplateId: [...ids][0] });
}

const nothing: ReadContents = { contents: undefined, alertTemplateId: undefined };

export type TemplateContent = Omit<AlertTemplate, 'alertTemplateId' | 'version' | 'isPlatforms'>;

/**
 * The template as it will be.
 * @param current undefined for a new one.
 */
export function decideTemplate(
  input: TemplateInput,
  current: AlertTemplate | undefined,
  alertTypeId: bigint,
  now: Date,
): Result<TemplateContent, 'concurrentChange' | 'valueInvalid' | 'fieldRequired'> {
  if (current !== undefined && input.readAt !== undefined && input.readAt < current.updatedAt) return refuse('concurrentChange');
  const contents = input.contents ?? current?.contents ?? {};
  const state = decideTemplateState(current?.state, input.state ?? current?.state ?? 'DRAFT', contents);
  if (!state.ok) return state;
  return accept({
    alertTypeId,
    locale: input.locale ?? current?.locale ?? 'en_US',
    state: state.value,
    externalSystem: cleared(input.externalSystem, current?.externalSystem),
    vendor: cleared(input.vendor, current?.vendor),
    variableMap: input.variableMap ?? current?.variableMap ?? {},
    contents,
    updatedAt: now,
  });
}
