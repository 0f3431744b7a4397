import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Failure } from '@openbranch/contract/family';
import { gatewayFamily } from '@openbranch/contract/identity/families';
import type { Operation, Success } from '@openbranch/contract/operation';
import { type UnknownRoute, unknownRoutes } from '@openbranch/contract/unknown-routes';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  type BodyFormat,
  hasOnlyPrintableTexts,
  parseDocument,
  parseForm,
  readLateBody,
  registerBodyParser,
} from './body-parsers.ts';
import type { EdgePorts } from './edge-ports.ts';
import { sendError, sendFailure } from './errors.ts';
import { type Exchange, noteRule, setRuleHeader, startExchange, wantsJsonTwin, wantsXml } from './exchange.ts';
import { createReadQuery, type KnownQuery } from './known-query.ts';
import { actionMark } from './normalise-url.ts';
import { prefersXml } from './prefers-xml.ts';
import { ReplayConflictError, ReplayedAnswer, ReplayInFlightError } from './replay-guard.ts';
import { checksOf, passesChecks } from './request-checks.ts';
import type { Route } from './route.ts';
import { RunningCall } from './running-call.ts';
import { toListedMembers, toXmlDocument } from './xml.ts';

/** Actions of the published API (Conventions section 1.5): one that is not built is an unknown route, never an identifier. */
const publishedActions = ['unlock-user', 'reset-password', 'contact-info', 'accounts'] as const;

const bodyFormats: readonly BodyFormat[] = ['json', 'form', 'json-or-xml', 'ignored'];
const everyMethod = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'] as const;

/** Gives every operation its routes: canonical path, aliases, verb aliases, and 405 for the other verbs of its paths. */
export function registerOperations(app: FastifyInstance, routes: readonly Route[], ports: EdgePorts): void {
  app.decorateRequest('exchange', undefined);
  registerUnknownRoutes(app);
  for (const format of bodyFormats) {
    app.register(async (scope) => {
      registerBodyParser(scope, format);
      for (const one of routes) if (parserOf(one.operation) === format) registerRoute(scope, one, ports);
    });
  }
  registerOtherVerbs(app, routes);
  app.setNotFoundHandler(sendUnknownRoute);
}

function parserOf({ bodyFormat, isBodyReadLate }: Operation): BodyFormat {
  // Left as bytes until somebody asks for it.
  return isBodyReadLate === true ? 'json-or-xml' : (bodyFormat ?? 'ignored');
}

/** In a hook, so that a body that cannot be read, or that nobody wants to read, changes nothing. */
function registerUnknownRoutes(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (request.is404) sendUnknownRoute(request, reply);
    else done();
  });
}

function sendUnknownRoute(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = request.url;
  const unknown = unknownRouteOf(path);
  const exchange = startExchange(request, undefined, unknown?.family ?? gatewayFamily);
  return sendError(exchange, reply, unknown?.error ?? 'unknownRoute');
}

function unknownRouteOf(path: string): UnknownRoute | undefined {
  return unknownRoutes.find(({ leads }) => leads.some((lead) => path.startsWith(lead)));
}

/** Every action that a path may end with, in kebab case. */
export function actionsOf(operations: readonly Operation[]): ReadonlySet<string> {
  return new Set([...publishedActions, ...operations.flatMap(pathsOf).flatMap((path) => actionPattern.exec(path)?.[1] ?? [])]);
}

const actionPattern = /:([a-z-]+)$/u;

function pathsOf(operation: Operation): string[] {
  return [operation.path, ...(operation.aliases ?? [])];
}

/** `/v1/customers/{customerId}:unlock-user` is known to the router as `/v1/customers/:customerId/@unlock-user`. */
function toRouterPath(path: string): string {
  return path.replace(actionPattern, `/${actionMark}$1`).replace(/\{([A-Za-z_]+)\}/gu, ':$1');
}

function verbsOf(operation: Operation): { method: string; status: number }[] {
  return [{ method: operation.method, status: operation.success.status }, ...(operation.verbAliases ?? [])];
}

function registerOtherVerbs(scope: FastifyInstance, routes: readonly Route[]): void {
  const verbsByPath = new Map<string, Set<string>>();
  for (const { operation } of routes) {
    for (const path of pathsOf(operation).map(toRouterPath)) {
      const verbs = verbsByPath.get(path) ?? new Set();
      for (const { method } of verbsOf(operation)) verbs.add(method);
      verbsByPath.set(path, verbs);
    }
  }
  for (const [url, verbs] of verbsByPath) {
    const unknown = unknownRouteOf(`${url}/`);
    const { family, error } = unknown?.coversVerbs === true ? unknown : { family: gatewayFamily, error: 'methodNotAllowed' };
    scope.route({
      method: everyMethod.filter((method) => !verbs.has(method)),
      url,
      onRequest: (request, reply) => {
        reply.header('allow', [...verbs].join(', '));
        sendError(startExchange(request, undefined, family), reply, error);
      },
      handler: () => undefined,
    });
  }
}

function registerRoute(scope: FastifyInstance, one: Route, ports: EdgePorts): void {
  const { operation } = one;
  const checks = checksOf(operation);
  const answer = answerOf(operation);
  const readQuery = createReadQuery(operation);
  for (const url of pathsOf(operation).map(toRouterPath)) {
    for (const { method, status } of verbsOf(operation)) {
      scope.route({
        method,
        url,
        schema: schemaOf(operation),
        ...(operation.maxBodyBytes === undefined ? {} : { bodyLimit: operation.maxBodyBytes }),
        attachValidation: true,
        onRequest: (request, reply, done) => {
          const exchange = startExchange(request, operation, operation.family);
          if (passesChecks(checks, exchange, request, reply, ports)) done();
        },
        handler: (request, reply) => handle(one, request, reply, ports, { status, answer, readQuery }),
      });
    }
  }
}

function schemaOf(operation: Operation): object {
  const { params, query, body, success } = operation;
  return {
    ...(params === undefined ? {} : { params }),
    ...(query === undefined ? {} : { querystring: query }),
    // Other bodies are looked at by the rules of the operation, each member with its own code.
    ...(body === undefined || operation.bodyFormat !== 'json' || isReadByHandler(operation) ? {} : { body }),
    ...responseSchemaOf(success),
  };
}

function isReadByHandler({ hasOwnBodyRules, isBodyReadLate }: Operation): boolean {
  return hasOwnBodyRules === true || isBodyReadLate === true;
}

function responseSchemaOf({ status, body, xmlRoot, alternative, otherStatuses = [] }: Success): object {
  if (alternative !== undefined) return { response: { [alternative.status]: alternative.body } };
  if (body === undefined || xmlRoot !== undefined) return {};
  const statuses = [status, ...otherStatuses.map((other) => other.status)];
  return { response: Object.fromEntries(statuses.map((one) => [one, body])) };
}

function sendNothing(reply: FastifyReply, status: number): FastifyReply {
  return reply.code(status).header('cache-control', 'no-store').send();
}

type Answer = (reply: FastifyReply, status: number, value: unknown) => FastifyReply | Promise<FastifyReply>;

/** How a successful answer of the operation is written. */
function answerOf(operation: Operation): Answer {
  const { body, xmlRoot, xmlTwin, bareMember, contentEncoding, alternative } = operation.success;
  const hasOtherForms = xmlTwin !== undefined || bareMember !== undefined;
  // Answers hold personal data or tokens; only what is open to everybody may be kept by caches.
  const cacheControl = operation.cacheSeconds === undefined ? 'no-store' : `public, max-age=${operation.cacheSeconds}`;
  if (body === undefined) {
    return (reply, status, value) => {
      if (alternative === undefined || value === undefined)
        return reply.code(status).header('cache-control', cacheControl).send();
      return sendJson(reply.code(alternative.status).header('cache-control', cacheControl), value);
    };
  }
  if (xmlRoot !== undefined) {
    return (reply, status, value) =>
      sendDocument(reply.code(status).header('cache-control', cacheControl), operation.success, value);
  }
  const { xmlTwinRoot } = operation.success;
  return (reply, status, value) => {
    reply.code(status).header('cache-control', cacheControl);
    if (contentEncoding !== undefined) return sendCompressed(reply, value);
    if (xmlTwinRoot !== undefined && prefersXml(reply.request))
      return sendDocument(reply, { ...operation.success, xmlRoot: xmlTwinRoot }, value);
    return hasOtherForms ? sendInForm(reply, operation.success, value) : sendJson(reply, value);
  };
}

const compress = promisify(gzip);

async function sendCompressed(reply: FastifyReply, value: unknown): Promise<FastifyReply> {
  const compressed = await compress(reply.header('content-type', 'application/json; charset=utf-8').serialize(value));
  return reply.header('content-encoding', 'gzip').send(compressed);
}

function sendJson(reply: FastifyReply, value: unknown): FastifyReply {
  return reply.header('content-type', 'application/json; charset=utf-8').send(value);
}

/** The JSON of most answers, unless a switch of the institution wants XML or one member alone. */
function sendInForm(reply: FastifyReply, { body, xmlTwin, bareMember }: Success, value: unknown): FastifyReply {
  const { exchange } = reply.request;
  if (exchange === undefined) return sendJson(reply, value);
  if (xmlTwin !== undefined && wantsXml(exchange, reply.request.raw)) {
    setRuleHeader(exchange, reply);
    reply.serializer(asText).header('content-type', 'application/xml; charset=utf-8');
    return reply.send(toXmlDocument(xmlTwin.root, body, value));
  }
  if (bareMember === undefined || exchange.institution?.switches[bareMember.switchKey] !== bareMember.value)
    return sendJson(reply, value);
  noteRule(exchange, bareMember.switchKey);
  setRuleHeader(exchange, reply);
  const listed = toListedMembers(body, value);
  const member: unknown = typeof listed === 'object' && listed !== null ? Reflect.get(listed, bareMember.member) : undefined;
  reply.serializer(asText);
  return sendJson(reply, JSON.stringify(member));
}

const asText = (document: unknown): string => String(document);

/** XML in the dialect that the institution wants, or its JSON twin. */
function sendDocument(
  reply: FastifyReply,
  { body, xmlRoot = '', xmlDialects = [], hasJsonTwin, jsonTwinRoot }: Success,
  value: unknown,
): FastifyReply {
  const { exchange } = reply.request;
  reply.serializer(asText);
  if (hasJsonTwin === true && exchange !== undefined && wantsJsonTwin(exchange, reply.request)) {
    setRuleHeader(exchange, reply);
    const members = toListedMembers(body, value);
    const twin = jsonTwinRoot === undefined ? members : { [jsonTwinRoot]: members };
    return reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(twin));
  }
  const dialect = xmlDialects.find((other) => exchange?.institution?.switches[other.switchKey] === other.value);
  if (dialect !== undefined && exchange !== undefined) {
    noteRule(exchange, dialect.switchKey);
    setRuleHeader(exchange, reply);
  }
  return reply.header('content-type', 'application/xml; charset=utf-8').send(toXmlDocument(xmlRoot, body, value, dialect));
}

/** What was made for a route when it was registered. */
interface Registered {
  readonly status: number;
  readonly answer: Answer;
  readonly readQuery: (sent: unknown) => KnownQuery;
}

async function handle(
  one: Route,
  request: FastifyRequest,
  reply: FastifyReply,
  ports: EdgePorts,
  { status, answer, readQuery }: Registered,
): Promise<FastifyReply> {
  const { exchange } = request;
  if (exchange === undefined) throw new Error('The checks have not run.');
  const invalid = invalidPartOf(exchange, one.operation, request);
  if (invalid !== undefined) return sendFailure(exchange, reply, invalid);
  const body =
    one.operation.isBodyReadLate === true ? () => readLateBody(one.operation, request) : bodyOf(one.operation, request);
  if (typeof body === 'string') return sendFailure(exchange, reply, body);
  try {
    const value = await one.run(new RunningCall(one.operation, exchange, request, readQuery(request.query), body, ports));
    if (exchange.rules !== undefined) setRuleHeader(exchange, reply);
    if (value === undefined && one.operation.success.emptyStatus !== undefined)
      return sendNothing(reply, one.operation.success.emptyStatus);
    return await answer(reply, exchange.successStatus ?? status, value);
  } catch (error) {
    return sendReplayOrThrow(error, exchange, reply, answer);
  }
}

function sendReplayOrThrow(
  error: unknown,
  exchange: Exchange,
  reply: FastifyReply,
  answer: Answer,
): FastifyReply | Promise<FastifyReply> {
  if (error instanceof ReplayedAnswer) return answer(reply.header('x-replayed', 'true'), error.status, error.answer);
  if (error instanceof ReplayInFlightError || error instanceof ReplayConflictError)
    return sendFailure(exchange, reply, 'replayInFlight');
  throw error;
}

function bodyOf(
  operation: Operation,
  { body, headers }: Pick<FastifyRequest, 'body' | 'headers'>,
): object | 'bodyInvalid' | 'notPrintableAscii' {
  if (operation.bodyFormat === 'json-or-xml') {
    const parsed = parseDocument(body, headers['content-type']);
    if (parsed.kind === 'document') return parsed.document;
    return parsed.kind === 'not-ascii' ? 'notPrintableAscii' : 'bodyInvalid';
  }
  if (operation.hasOwnBodyRules === true && body !== undefined && !isJsonRecord(body)) return 'bodyInvalid';
  if (operation.bodyFormat !== 'form') return typeof body === 'object' && body !== null ? body : {};
  const form = parseForm(body);
  if (form.kind === 'fields') return form.fields;
  return form.kind === 'not-ascii' ? 'notPrintableAscii' : 'bodyInvalid';
}

function isJsonRecord(body: unknown): boolean {
  return typeof body === 'object' && body !== null && !Array.isArray(body);
}

/** Families that tell unfit bodies apart hear of the body before path and query. */
function invalidPartOf({ family }: Exchange, operation: Operation, request: FastifyRequest): Failure | undefined {
  const { body, validationError } = request;
  const { failures } = family;
  if (operation.bodyFormat === 'json' && operation.isBodyReadLate !== true) {
    if (failures.bodyMissing !== undefined && body === undefined && operation.isBodyOptional !== true) return 'bodyMissing';
    if (failures.bodyNotPrintableAscii !== undefined && !hasOnlyPrintableTexts(body)) return 'bodyNotPrintableAscii';
  }
  switch (validationError?.validationContext) {
    case undefined:
      return undefined;
    case 'params':
      return 'pathInvalid';
    case 'querystring':
      return 'queryInvalid';
    default:
      if (operation.isBodyOptional === true && body === undefined) return undefined;
      return failures.fieldTooLong !== undefined && isTooLong(validationError?.validation) ? 'fieldTooLong' : 'bodyInvalid';
  }
}

function isTooLong(problems: unknown): boolean {
  if (!Array.isArray(problems)) return false;
  return problems.some((one: unknown) => typeof one === 'object' && one !== null && Reflect.get(one, 'keyword') === 'maxLength');
}
