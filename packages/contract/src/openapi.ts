import { type EnvironmentValues, sampleValues } from './examples.ts';
import type { JsonObject } from './json.ts';
import { SchemaComponents } from './named-schemas.ts';
import { envelopeSchemas } from './openapi-errors.ts';
import { type OperationContext, operationObject } from './openapi-operation.ts';
import type { Operation } from './operation.ts';
import { operationsByProduct, products } from './products.ts';
import { scopes } from './scopes.ts';

export interface OpenApiOptions {
  readonly operations: Readonly<Record<string, Operation>>;
  /** Where the API answers, without a slash at the end. */
  readonly serverUrl: string;
  /** `production` leaves out what exists only in a sandbox. */
  readonly mode: 'sandbox' | 'production';
  readonly version: string;
  /** Values for the example calls, e.g. those of the running sandbox; samples by default. */
  readonly values?: Partial<EnvironmentValues>;
}

export interface OpenApiDocument {
  readonly openapi: '3.1.1';
  readonly info: JsonObject;
  readonly servers: readonly JsonObject[];
  readonly tags: readonly JsonObject[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
  readonly components: { readonly securitySchemes: JsonObject; readonly schemas: JsonObject };
}

const introduction = `Banking API of a financial institution, compatible with the publicly documented Candescent digital-banking APIs.
Openbranch is independent work.

**First call.** Get a token with the keys of your application (operation \`requestToken\`), then send it as
\`Authorization: Bearer ...\`. Tokens of edition V2 open every operation here that takes a bearer token.

**Trace header.** Most operations want one: \`transactionId\`, \`correlationId\` or \`di_tid\`, as each operation says.
Send a new UUID with every call; the answer echoes it.

**Paths.** Every path is also served below \`/digitalbanking\`, \`/digitalbanking/stage\` and \`/digitalbanking/sandbox\`.
Header names do not care about case; paths and query names do.

**Refusals.** The contract is the HTTP status and the code. The message is for people and may change.

**To take along.** [This document](/openapi.yaml), [Postman collection](/postman.json)`;

/** The OpenAPI 3.1 document of `operations`. Pure: the same input gives the same document. */
export function openApiDocument({ operations, serverUrl, mode, version, values }: OpenApiOptions): OpenApiDocument {
  const present = operationsByProduct(operations)
    .map(([product, members]) => ({ product, members: members.filter((member) => isPresent(member, mode)) }))
    .filter(({ members }) => members.length > 0);
  const all = present.flatMap(({ members }) => members);
  const components = new SchemaComponents();
  const paths = pathItems(all, { components, values: { ...sampleValues(), ...values } });
  return {
    openapi: '3.1.1',
    info: {
      title: 'Openbranch API',
      version,
      description: `${introduction}${mode === 'sandbox' ? ', to be used with the file `postman-environment.json` of the data directory' : ''}.`,
      license: { name: 'Apache 2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: serverUrl, description: mode === 'sandbox' ? 'Sandbox' : 'Production' }],
    tags: present.map(({ product }) => ({ name: products[product].title, description: products[product].description })),
    paths,
    components: {
      securitySchemes: securitySchemes(all, serverUrl),
      schemas: { ...components.definitions(), ...usedEnvelopes(all) },
    },
  };
}

function isPresent(operation: Operation, mode: OpenApiOptions['mode']): boolean {
  return mode === 'sandbox' || operation.isSandboxOnly !== true;
}

function pathItems(operations: readonly Operation[], context: OperationContext): OpenApiDocument['paths'] {
  const paths: Record<string, Record<string, JsonObject>> = {};
  const add = (path: string, method: string, object: JsonObject) => {
    paths[path] = { ...paths[path], [method.toLowerCase()]: object };
  };
  for (const operation of operations) {
    add(operation.path, operation.method, operationObject(operation, context));
    for (const { method, status } of operation.verbAliases ?? []) {
      const operationId = `${operation.id}By${method.slice(0, 1)}${method.slice(1).toLowerCase()}`;
      add(operation.path, method, operationObject(operation, context, { method, operationId, status }));
    }
  }
  return paths;
}

function usedEnvelopes(operations: readonly Operation[]): JsonObject {
  const used = new Set(operations.map((operation) => operation.family.envelope));
  return Object.fromEntries([...used].map((envelope) => [envelopeSchemas[envelope].name, envelopeSchemas[envelope].schema]));
}

/** Only the schemes that an operation names. */
function securitySchemes(operations: readonly Operation[], serverUrl: string): JsonObject {
  const uses = (authentication: string, edition: string) =>
    operations.some(({ family }) => family.authentication === authentication && family.edition === edition);
  return {
    ...(uses('basic', 'none') && { applicationKeys }),
    ...(uses('bearer', 'v2') && { tokenV2, bearerV2: bearerV2(operations, serverUrl) }),
    ...(uses('bearer', 'v1') && { bearerV1 }),
    ...(uses('sandbox-key', 'none') && { sandboxKey }),
  };
}

const applicationKeys = {
  type: 'http',
  scheme: 'basic',
  description: 'Shared key (`client_id`) and secret key of the application.',
} as const;

/** The same proof as `bearerV2`, for tools that cannot send the headers which the token call wants. */
const tokenV2 = {
  type: 'http',
  scheme: 'bearer',
  description: 'Token of edition V2 that you have already, from operation `requestToken`.',
} as const;

const bearerV1 = {
  type: 'http',
  scheme: 'bearer',
  description: 'Token of edition V1, from operation `requestTokenV1`.',
} as const;

const sandboxKey = {
  type: 'apiKey',
  in: 'header',
  name: 'x-sandbox-key',
  description: 'Key of the sandbox, made on its first start.',
} as const;

function bearerV2(operations: readonly Operation[], serverUrl: string): JsonObject {
  const used = new Set<string>(operations.flatMap((operation) => operation.scopes));
  const offered = Object.fromEntries(Object.entries(scopes).filter(([name]) => used.has(name)));
  const tokenUrl = `${serverUrl}/oauth2/v1/token`;
  return {
    type: 'oauth2',
    description: 'Token of edition V2, from operation `requestToken`. The token call also wants headers, as that operation says.',
    flows: {
      clientCredentials: { tokenUrl, scopes: offered },
      password: { tokenUrl, refreshUrl: tokenUrl, scopes: offered },
    },
  };
}
