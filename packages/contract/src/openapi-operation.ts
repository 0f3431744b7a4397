import type { TSchema } from 'typebox';
import { exampleBody, fillVariables } from './examples.ts';
import type { TraceRule } from './family.ts';
import { isJsonObject, type JsonObject, type JsonValue, toJsonSchema } from './json.ts';
import type { SchemaComponents } from './named-schemas.ts';
import { errorResponses } from './openapi-errors.ts';
import type { HeaderDefinition, Operation } from './operation.ts';
import { products } from './products.ts';

export interface OperationContext {
  readonly components: SchemaComponents;
  /** Values of the variables in example calls. */
  readonly values: Readonly<Record<string, string>>;
}

/** The operation object of OpenAPI 3.1, under its canonical verb or one of its other verbs. */
export function operationObject(
  operation: Operation,
  context: OperationContext,
  verb?: { readonly method: string; readonly operationId: string; readonly status: number },
): JsonObject {
  const parameters = [
    ...fieldParameters('path', operation.params, operation.example.params, context),
    ...fieldParameters('query', operation.query, operation.example.query, context),
    ...headerParameters(operation, context),
  ];
  return {
    operationId: verb?.operationId ?? operation.id,
    tags: [products[operation.product].title],
    summary: verb === undefined ? operation.summary : `${operation.summary} with ${verb.method}`,
    description: describe(operation),
    security: security(operation),
    ...(parameters.length > 0 && { parameters }),
    ...requestBody(operation, context),
    responses: {
      [verb?.status ?? operation.success.status]: successResponse(operation, context, verb !== undefined),
      ...(operation.success.emptyStatus !== undefined && {
        [operation.success.emptyStatus]: { description: 'There is nothing to answer.', headers: echoHeader(operation) },
      }),
      ...errorResponses(operation, echoHeader(operation)),
    },
    ...(operation.aliases !== undefined && { 'x-aliases': operation.aliases }),
  };
}

function describe(operation: Operation): string {
  const aliases = (operation.aliases ?? []).map((path) => `\`${path}\``).join(', ');
  return [
    operation.description,
    aliases === '' ? '' : `Also served as ${aliases}.`,
    operation.hasReplayGuard === true ? 'Repeating a call with the same trace id and body answers the stored answer.' : '',
  ]
    .filter((sentence) => sentence !== '')
    .join('\n\n');
}

function security(operation: Operation): JsonValue {
  switch (operation.family.authentication) {
    case 'none':
      return [];
    case 'basic':
      return [{ applicationKeys: [] }];
    case 'sandbox-key':
      return [{ sandboxKey: [] }];
    case 'bearer':
      return operation.family.edition === 'v1' ? [{ bearerV1: [] }] : [{ tokenV2: [] }, { bearerV2: operation.scopes }];
  }
}

/** The members of an object schema as parameters of the path or the query. */
function fieldParameters(
  place: 'path' | 'query',
  schema: TSchema | undefined,
  examples: Readonly<Record<string, string>> | undefined,
  { components, values }: OperationContext,
): JsonObject[] {
  if (schema === undefined) return [];
  const { properties, required } = toJsonSchema(schema);
  if (!isJsonObject(properties)) return [];
  return Object.entries(properties).flatMap(([name, member]) => {
    if (!isJsonObject(member)) return [];
    const example = examples?.[name];
    const isRequired = place === 'path' || (Array.isArray(required) && required.includes(name));
    return [
      {
        name,
        in: place,
        required: isRequired,
        ...(typeof member['description'] === 'string' && { description: member['description'] }),
        schema: components.refer(member),
        ...(example !== undefined && { example: fillVariables(example, values) }),
      },
    ];
  });
}

function headerParameters(operation: Operation, context: OperationContext): JsonObject[] {
  const { trace, failures } = operation.family;
  const own = operation.headers ?? [];
  const shared: HeaderDefinition[] = [
    ...(failures.institutionMismatch === undefined
      ? []
      : [{ name: 'institutionId', isRequired: false, description: 'Institution; when sent it must be that of the token.' }]),
    ...(failures.callingAppIdInvalid === undefined
      ? []
      : [
          {
            name: 'callingAppId',
            isRequired: false,
            description: 'Name of the calling app, at most 64 printable ASCII characters.',
          },
        ]),
    ...(failures.originatingIpInvalid === undefined
      ? []
      : [{ name: 'originating_ip', isRequired: false, description: 'IPv4 or IPv6 address of the device.' }]),
  ];
  const others = [...own, ...shared.filter((header) => !own.some((other) => other.name === header.name))];
  return [
    ...(trace === undefined ? [] : [traceParameter(trace)]),
    ...others.map((header) => headerParameter(header, operation, context)),
  ];
}

function headerParameter(header: HeaderDefinition, operation: Operation, { values }: OperationContext): JsonObject {
  const example = operation.example.headers?.[header.name];
  return {
    name: header.name,
    in: 'header',
    required: header.isRequired,
    description: header.description,
    schema: headerSchema(header.name),
    ...(example !== undefined && { example: fillVariables(example, values) }),
  };
}

function headerSchema(name: string): JsonObject {
  if (name === 'institutionId' || name === 'di_fiid') return { type: 'string', pattern: '^[0-9]{5}$' };
  return { type: 'string', ...(name === 'callingAppId' && { maxLength: 64 }) };
}

function traceParameter(trace: TraceRule): JsonObject {
  return {
    name: trace.header,
    in: 'header',
    required: trace.isRequired,
    description:
      trace.form === 'uuid'
        ? 'Trace id of this call, a UUID of your own. The answer echoes it.'
        : 'Trace id of this call: 1 to 64 printable ASCII characters, best a UUID. The answer echoes it.',
    schema: traceSchema(trace),
    example: '9b2f6c1e-4d3a-4f58-8e07-6a1c2b3d4e5f',
  };
}

function traceSchema(trace: TraceRule): JsonObject {
  return trace.form === 'uuid'
    ? { type: 'string', format: 'uuid' }
    : { type: 'string', minLength: 1, maxLength: 64, pattern: '^[ -~]+$' };
}

function requestBody(operation: Operation, { components, values }: OperationContext): JsonObject {
  if (operation.body === undefined || operation.bodyFormat === undefined) return {};
  const mediaType = operation.bodyFormat === 'form' ? 'application/x-www-form-urlencoded' : 'application/json';
  const example = exampleBody(operation, values);
  return {
    requestBody: {
      required: true,
      content: {
        [mediaType]: { schema: bodySchema(operation, operation.body, components), ...(example !== undefined && { example }) },
        ...(operation.bodyFormat === 'json-or-xml' && xmlContent(operation.body)),
      },
    },
  };
}

/** The one member of the JSON is the root element of the XML; a list is its element, as often as there are items. */
function xmlContent(body: TSchema): JsonObject {
  const { properties } = toJsonSchema(body);
  const [root] = Object.entries(isJsonObject(properties) ? properties : {});
  if (root === undefined || !isJsonObject(root[1])) return {};
  return { 'application/xml': { schema: { ...root[1], xml: { name: root[0] } } } };
}

/**
 * The schema of a form lets every field be absent, because its operation refuses that with a code of its own. What the
 * example sends is what no call can do without, so the document shows it as required.
 */
function bodySchema(operation: Operation, body: TSchema, components: SchemaComponents): JsonObject {
  const needed = Object.keys(operation.example.body ?? {});
  if (operation.bodyFormat !== 'form' || needed.length === 0) return components.refer(body);
  return { ...toJsonSchema(body), required: needed };
}

function successResponse(operation: Operation, { components }: OperationContext, isEmpty: boolean): JsonObject {
  const { body, xmlRoot } = operation.success;
  const headers = {
    ...echoHeader(operation),
    ...(operation.hasReplayGuard === true && {
      'x-replayed': { description: '`true` when this is the stored answer of an earlier call.', schema: { type: 'string' } },
    }),
  };
  return {
    description: body === undefined || isEmpty ? 'Done; the answer is empty.' : 'Done.',
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(body !== undefined && !isEmpty && { content: successContent(body, xmlRoot, components) }),
  };
}

/** An XML answer is written out in place, because the name of its root belongs to the answer and not to the schema. */
function successContent(body: TSchema, xmlRoot: string | undefined, components: SchemaComponents): JsonObject {
  if (xmlRoot === undefined) return { 'application/json': { schema: components.refer(body) } };
  return { 'application/xml': { schema: { ...toJsonSchema(body), xml: { name: xmlRoot } } } };
}

function echoHeader(operation: Operation): JsonObject {
  const { trace } = operation.family;
  if (trace === undefined) return {};
  return { [trace.header]: { description: 'The trace id of the call.', schema: traceSchema(trace) } };
}
