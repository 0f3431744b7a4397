import { type EnvironmentValues, environmentVariables, type StoredVariable, storedVariables } from './examples.ts';
import type { Family } from './family.ts';
import { type JsonObject, toJsonSchema } from './json.ts';
import type { Operation } from './operation.ts';
import { type PlannedRequest, postmanPlan } from './postman-plan.ts';
import { operationsByProduct, products } from './products.ts';

export interface PostmanOptions {
  readonly operations: Readonly<Record<string, Operation>>;
  /** `production` leaves out what exists only in a sandbox; `sandbox` by default. */
  readonly mode?: 'sandbox' | 'production';
}

/** A Postman collection, format 2.1. */
export interface PostmanCollection {
  readonly info: { readonly name: string; readonly description: string; readonly schema: string };
  readonly item: readonly PostmanFolder[];
  readonly variable: readonly { readonly key: string; readonly value: string }[];
}

export interface PostmanFolder {
  readonly name: string;
  readonly description: string;
  readonly item: readonly PostmanItem[];
}

export interface PostmanItem {
  readonly name: string;
  readonly event: readonly JsonObject[];
  readonly request: JsonObject;
}

export interface PostmanEnvironment {
  readonly name: string;
  readonly values: readonly {
    readonly key: string;
    readonly value: string;
    readonly type: 'default' | 'secret';
    readonly enabled: true;
  }[];
  readonly _postman_variable_scope: 'environment';
}

const description = `Every operation of the Openbranch API, with checks.

Take the environment too: the sandbox serves it at \`/postman-environment.json\`, filled with its own values.
The whole collection runs from top to bottom on a fresh sandbox, and leaves the institution as it was.`;

/** The Postman collection of `operations`. Pure: the same input gives the same collection. */
export function postmanCollection({ operations, mode = 'sandbox' }: PostmanOptions): PostmanCollection {
  const known = Object.values(operations).filter((one) => mode === 'sandbox' || one.isSandboxOnly !== true);
  const folders = operationsByProduct(operations).map(([product, members]): PostmanFolder => {
    const present = members.filter((member) => mode === 'sandbox' || member.isSandboxOnly !== true);
    return {
      name: products[product].title,
      description: products[product].description,
      item: plannedRequests(postmanPlan[product], present, known).map(([operation, plan]) => item(operation, plan)),
    };
  });
  return {
    info: {
      name: 'Openbranch API',
      description,
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    item: folders.filter((folder) => folder.item.length > 0),
    variable: Object.keys(storedVariables).map((key) => ({ key, value: '' })),
  };
}

/** The environment of the collection for one institution of a sandbox. */
export function postmanEnvironment(values: EnvironmentValues): PostmanEnvironment {
  const given: Readonly<Record<string, string>> = values;
  return {
    name: 'Openbranch sandbox',
    values: Object.entries(environmentVariables).map(([key, { isSecret }]) => ({
      key,
      value: given[key] ?? '',
      type: isSecret ? 'secret' : 'default',
      enabled: true,
    })),
    _postman_variable_scope: 'environment',
  };
}

type RequestPlan = Omit<PlannedRequest, 'operation'>;

/**
 * The requests of a product in their order; operations that the plan does not name come before its `last`. A plan may
 * also name operations of other products, where a request of its own needs what they give.
 */
function plannedRequests(
  { first, last }: { readonly first: readonly PlannedRequest[]; readonly last: readonly PlannedRequest[] },
  operations: readonly Operation[],
  known: readonly Operation[],
): [Operation, RequestPlan][] {
  const named = new Set<string>([...first, ...last].map((request) => request.operation));
  const find = (requests: readonly PlannedRequest[]) =>
    requests.flatMap((plan): [Operation, RequestPlan][] =>
      known.filter((operation) => operation.id === plan.operation).map((operation) => [operation, plan]),
    );
  const others = operations.filter((operation) => !named.has(operation.id));
  return [...find(first), ...others.map((operation): [Operation, RequestPlan] => [operation, {}]), ...find(last)];
}

function item(operation: Operation, plan: RequestPlan): PostmanItem {
  return {
    name: plan.name ?? operation.summary,
    event: [{ listen: 'test', script: { type: 'text/javascript', exec: testScript(operation, plan) } }],
    request: {
      method: plan.verb?.method ?? operation.method,
      description: operation.description,
      auth: auth(operation, plan),
      header: headers(operation),
      url: url(operation, plan),
      ...requestBody(operation, plan),
    },
  };
}

function auth({ family }: Operation, plan: RequestPlan): JsonObject {
  const keys = plan.keys ?? 'client';
  switch (family.authentication) {
    case 'basic':
      return {
        type: 'basic',
        basic: [
          { key: 'username', value: `{{${keys}Id}}`, type: 'string' },
          { key: 'password', value: `{{${keys}Secret}}`, type: 'string' },
        ],
      };
    case 'bearer':
      return { type: 'bearer', bearer: [{ key: 'token', value: `{{${tokenOf(family, plan)}}}`, type: 'string' }] };
    default:
      return { type: 'noauth' };
  }
}

function tokenOf(family: Family, plan: RequestPlan): StoredVariable {
  return plan.token ?? (family.edition === 'v1' ? 'legacyAccessToken' : 'accessToken');
}

function headers({ family, bodyFormat, example }: Operation): JsonObject[] {
  const pairs = [
    ...(family.trace === undefined ? [] : [[family.trace.header, '{{$guid}}'] as const]),
    ...(family.authentication === 'sandbox-key' ? [['x-sandbox-key', '{{sandboxKey}}'] as const] : []),
    ...(bodyFormat === 'json' || bodyFormat === 'json-or-xml' ? [['Content-Type', 'application/json'] as const] : []),
    ...Object.entries(example.headers ?? {}),
  ];
  return pairs.map(([key, value]) => ({ key, value }));
}

function url(operation: Operation, plan: RequestPlan): JsonObject {
  const params: Readonly<Record<string, string>> = { ...operation.example.params, ...plan.params };
  const path = operation.path.replace(/\{(\w+)\}/gu, (_, name: string) => params[name] ?? `{{${name}}}`);
  const query = Object.entries({ ...operation.example.query, ...plan.query }).map(([key, value]) => ({ key, value }));
  const search = query.map(({ key, value }) => `${key}=${value}`).join('&');
  return {
    raw: `{{baseUrl}}${path}${search === '' ? '' : `?${search}`}`,
    host: ['{{baseUrl}}'],
    path: path.split('/').slice(1),
    ...(query.length > 0 && { query }),
  };
}

function requestBody({ bodyFormat, example }: Operation, plan: RequestPlan): JsonObject {
  const body: JsonObject | undefined = plan.body ?? example.body;
  if (bodyFormat === undefined || body === undefined) return {};
  if (bodyFormat !== 'form') {
    return { body: { mode: 'raw', raw: JSON.stringify(body, null, 2), options: { raw: { language: 'json' } } } };
  }
  return {
    body: { mode: 'urlencoded', urlencoded: Object.entries(body).map(([key, value]) => ({ key, value: String(value) })) },
  };
}

/** The checks of one request, as lines of the script that Postman runs after it. */
function testScript(operation: Operation, plan: RequestPlan): string[] {
  const { success, family } = operation;
  const status = plan.verb?.status ?? success.status;
  const hasBody = success.body !== undefined && plan.verb === undefined;
  return [
    `pm.test('the status is ${status}', () => pm.response.to.have.status(${status}));`,
    ...(family.trace === undefined ? [] : [echoTest(family.trace.header)]),
    ...(hasBody ? bodyTest(operation) : []),
    ...Object.entries(plan.expects ?? {}).map(
      ([member, value]) =>
        `pm.test('${member} is ${value}', () => pm.expect(pm.response.json()[${JSON.stringify(member)}]).to.eql(${value === undefined ? 'undefined' : JSON.stringify(value)}));`,
    ),
    ...Object.entries(plan.stores ?? {}).map(
      ([variable, member]) => `pm.collectionVariables.set('${variable}', ${readMember(operation, member)});`,
    ),
  ];
}

/** The expression of a script that reads a member of the answer. */
function readMember({ success }: Operation, member: string): string {
  return success.xmlRoot === undefined
    ? `pm.response.json()${member
        .split('.')
        .map((name) => `[${JSON.stringify(name)}]`)
        .join('')}`
    : `/<${member}>([^<]*)</.exec(pm.response.text())[1]`;
}

function echoTest(header: string): string {
  return `pm.test('${header} is echoed', () => pm.expect(pm.response.headers.get('${header}')).to.eql(pm.request.headers.get('${header}')));`;
}

function bodyTest({ success }: Operation): string[] {
  if (success.body === undefined) return [];
  const schema = toJsonSchema(success.body);
  if (success.xmlRoot === undefined) {
    return [
      `const schema = ${JSON.stringify(schema)};`,
      "pm.test('the answer has the shape of the contract', () => pm.response.to.have.jsonSchema(schema));",
    ];
  }
  const { required } = schema;
  const members = Array.isArray(required) ? required.filter((name) => typeof name === 'string') : [];
  return [
    `pm.test('the answer is the XML of the contract', () => {`,
    `  pm.expect(pm.response.headers.get('Content-Type')).to.include('application/xml');`,
    ...[success.xmlRoot, ...members].map((name) => `  pm.expect(pm.response.text()).to.include('<${name}>');`),
    `});`,
  ];
}
