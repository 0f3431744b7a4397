import type { Failure } from '@openbranch/contract/family';
import type { Operation } from '@openbranch/contract/operation';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Institution } from '../kernel/institution.ts';
import { isAllowedAddress } from './address-rules.ts';
import { isDocumentMediaType } from './body-parsers.ts';
import type { EdgePorts } from './edge-ports.ts';
import { type ErrorExtras, sendFailure } from './errors.ts';
import { type Exchange, wantsXml } from './exchange.ts';
import {
  acceptsCompression,
  acceptsJson,
  bearerTokenOf,
  checkTrace,
  hasBadCallingAppId,
  hasBadOriginatingIp,
  hasNonPrintableAscii,
  hasTooLongHeaders,
  isFormMediaType,
  sendsJson,
  singleHeader,
} from './header-checks.ts';

/**
 * The checks before the body is read, in the order of Conventions section 3. The first that fails names the failure;
 * which code and status it has is a row of the family.
 */
type Check = (
  exchange: Exchange,
  request: FastifyRequest,
  ports: EdgePorts,
  reply: FastifyReply,
) => Failure | FailureWith | undefined;

interface FailureWith extends ErrorExtras {
  readonly failure: Failure;
}

/** In three parts, between which a call of the sandbox may meet a fault. */
export interface Checks {
  /** Who calls. */
  readonly caller: readonly Check[];
  /** How often. */
  readonly limits: readonly Check[];
  /** With what. */
  readonly request: readonly Check[];
  /** One part after the other. */
  readonly all: readonly Check[];
}

export function checksOf(operation: Operation): Checks {
  const parts = partsOf(operation);
  return { ...parts, all: [...parts.caller, ...parts.limits, ...parts.request] };
}

function partsOf(operation: Operation): Omit<Checks, 'all'> {
  switch (operation.family.checks) {
    case 'client-calls':
      return {
        caller: [headerSize, printableAscii, trace, originatingIp, callingAppId, client, clientAddress],
        limits: [clientLimits],
        request: operation.bodyFormat === 'form' ? [formMediaType] : [],
      };
    case 'bearer-calls':
      return { caller: [bearer], limits: [bearerLimits], request: requestOfBearerCalls(operation) };
    case 'legacy-bearer-calls':
      return { caller: [bearer, applicationToken], limits: [bearerLimits], request: requestOfLegacyCalls(operation) };
    case 'open-calls':
      return {
        caller: operation.family.authentication === 'sandbox-key' ? [sandboxKey] : [],
        limits: [],
        request: [headerSize, printableAscii],
      };
  }
}

function requestOfBearerCalls(operation: Operation): readonly Check[] {
  return [
    scope,
    applicationToken,
    trace,
    headerSize,
    callingAppId,
    originatingIp,
    printableAscii,
    institutionHeader,
    ...(operation.success.contentEncoding === undefined ? [] : [acceptEncoding]),
    onlyJson,
    announcedSize,
  ];
}

function requestOfLegacyCalls(operation: Operation): readonly Check[] {
  return [
    pathInstitution,
    pathCustomer,
    trace,
    headerSize,
    originatingIp,
    printableAscii,
    ...(operation.bodyFormat === 'json-or-xml' ? [documentMediaType] : []),
  ];
}

/** @returns false when a check has failed and the error is sent. */
export function passesChecks(
  checks: readonly Check[],
  exchange: Exchange,
  request: FastifyRequest,
  reply: FastifyReply,
  ports: EdgePorts,
): boolean {
  for (const check of checks) {
    const failed = check(exchange, request, ports, reply);
    if (failed === undefined) continue;
    echoTraceIfGood(exchange, request, reply);
    if (typeof failed === 'string') sendFailure(exchange, reply, failed);
    else sendFailure(exchange, reply, failed.failure, failed);
    return false;
  }
  return true;
}

/** A failure that is not looked at by a family has no row there. */
function when(exchange: Exchange, failure: Failure, hasFailed: boolean): Failure | undefined {
  return hasFailed && exchange.family.failures[failure] !== undefined ? failure : undefined;
}

const headerSize: Check = (exchange, request) => when(exchange, 'headersTooLong', hasTooLongHeaders(request.raw));
const printableAscii: Check = (exchange, request) =>
  when(exchange, 'notPrintableAscii', hasNonPrintableAscii(request.raw, request.originalUrl));
const callingAppId: Check = (exchange, request) => when(exchange, 'callingAppIdInvalid', hasBadCallingAppId(request.raw));
const originatingIp: Check = (exchange, request) => when(exchange, 'originatingIpInvalid', hasBadOriginatingIp(request.raw));
const acceptEncoding: Check = (exchange, request) => {
  const isStrict = exchange.institution?.switches['activities.accept_encoding'] === 'strict';
  return when(exchange, 'acceptEncodingInvalid', !acceptsCompression(request.raw.headers['accept-encoding'], isStrict));
};
const formMediaType: Check = (exchange, request) =>
  when(exchange, 'mediaTypeInvalid', !isFormMediaType(request.raw.headers['content-type']));

const documentMediaType: Check = (exchange, request) =>
  when(exchange, 'mediaTypeInvalid', !isDocumentMediaType(request.raw.headers['content-type']));

/** Of a GET nobody reads a body; it is refused by its type all the same where only JSON is spoken. */
const onlyJson: Check = (exchange, request) =>
  when(exchange, 'notJson', !sendsJson(request.raw) || !(acceptsJson(request.raw) || wantsXml(exchange, request.raw)));

const announcedSize: Check = (exchange, request) =>
  when(
    exchange,
    'bodyTooLarge',
    request.method === 'GET' && Number(request.raw.headers['content-length'] ?? 0) > (request.routeOptions.bodyLimit ?? 0),
  );

const trace: Check = (exchange, request, _ports, reply) => {
  const rule = exchange.family.trace;
  if (rule === undefined) return undefined;
  const outcome = checkTrace(request.raw, rule, exchange.institution?.switches['trace.strict_uuid'] === true);
  switch (outcome.kind) {
    case 'valid':
      setTrace(exchange, reply, outcome.traceId);
      return undefined;
    case 'missing':
      return rule.isRequired ? 'traceMissing' : undefined;
    case 'malformed':
      return 'traceMalformed';
    case 'not-printable':
      return undefined;
    case 'not-uuid':
      return 'queryInvalid';
  }
};

/** An error that comes before the check of the trace header still echoes a good one. */
export function echoTraceIfGood(exchange: Exchange, request: FastifyRequest, reply: FastifyReply): void {
  if (exchange.family.trace === undefined || exchange.traceId !== undefined) return;
  const outcome = checkTrace(request.raw, exchange.family.trace, false);
  if (outcome.kind === 'valid') setTrace(exchange, reply, outcome.traceId);
}

function setTrace(exchange: Exchange, reply: FastifyReply, traceId: string): void {
  exchange.traceId = traceId;
  if (exchange.family.trace !== undefined) reply.header(exchange.family.trace.header, traceId);
}

const client: Check = (exchange, request, ports) => {
  const application = ports.authenticateClient(request.raw.headers.authorization);
  if (application === undefined) return 'clientInvalid';
  exchange.application = application;
  const product = exchange.family.clientCall?.product;
  const mayCall = application.isEnabled && product !== undefined && application.products.has(product);
  return mayCall ? undefined : 'clientDisabled';
};

const clientAddress: Check = (exchange, request) =>
  when(exchange, 'addressBlocked', !isAllowedAddress(exchange.application?.allowedAddresses ?? [], request.ip));

const clientLimits: Check = (exchange, request, ports) => takeCall(exchange, ports, institutionOf(exchange, request, ports));

/** That of the token. Token calls name it in a header whose form is checked later; a wrong one counts for no institution. */
export function institutionOf(exchange: Exchange, request: FastifyRequest, ports: EdgePorts): Institution | undefined {
  if (exchange.institution !== undefined) return exchange.institution;
  const header = exchange.family.clientCall?.institutionHeader;
  const institutionId = header === undefined ? undefined : singleHeader(request.raw, header.toLowerCase());
  return institutionId === undefined ? undefined : ports.institutions.find(institutionId);
}

const bearerLimits: Check = (exchange, _request, ports) => takeCall(exchange, ports, exchange.institution);

function takeCall(exchange: Exchange, ports: EdgePorts, institution: Institution | undefined): FailureWith | undefined {
  if (exchange.application === undefined) return undefined;
  const now = institution === undefined ? new Date(0) : ports.clock.now(institution);
  const outcome = ports.limits.take(exchange.application, institution, now);
  if (outcome === undefined) return undefined;
  exchange.institution ??= institution;
  return {
    failure: outcome.exceeded === 'spike' ? 'spikeExceeded' : 'quotaExceeded',
    retryAfterSeconds: outcome.retryAfterSeconds,
    limit: { limit: outcome.limit, resetSeconds: outcome.resetSeconds },
  };
}

const bearer: Check = (exchange, request, ports) => {
  // Without a token only the header tells whose forms of a contradiction are wanted; it proves nothing.
  const withNamedInstitution = (failure: Failure): Failure => {
    if (exchange.family.failures.institutionMismatch !== undefined)
      exchange.institution = ports.institutions.find(singleHeader(request.raw, 'institutionid') ?? '');
    return failure;
  };
  const authorization = request.raw.headers.authorization;
  if (authorization === undefined || authorization === '') return withNamedInstitution('authorizationMissing');
  const token = bearerTokenOf(authorization);
  if (token === undefined) return withNamedInstitution('authorizationMalformed');
  if (exchange.family.edition === 'none') throw new Error(`Family ${exchange.family.name} takes bearer tokens of no edition.`);
  const outcome = ports.verifyBearer(token, exchange.family.edition);
  if (outcome.kind === 'invalid') return 'tokenInvalid';
  if (outcome.kind === 'institutionNotAllowed')
    return exchange.family.failures.institutionNotAllowed === undefined ? 'tokenInvalid' : 'institutionNotAllowed';
  if (outcome.kind === 'institutionOff') return when(exchange, 'institutionOff', true) ?? 'tokenInvalid';
  if (outcome.kind === 'expired') {
    exchange.institution = outcome.institution;
    return 'tokenExpired';
  }
  exchange.principal = outcome.principal;
  exchange.application = outcome.principal.application;
  exchange.institution = outcome.principal.institution;
  return undefined;
};

/** Some operations act for nobody yet: a token of a customer is none of theirs. */
const applicationToken: Check = (exchange) => when(exchange, 'userTokenRefused', exchange.principal?.user !== undefined);

const scope: Check = (exchange) => {
  const held = exchange.principal?.scopes;
  const isCovered = exchange.operation?.scopes.every((name) => held?.has(name) === true) ?? true;
  return isCovered ? undefined : 'scopeMissing';
};

/** Optional on resource calls; when sent it must be the token's institution (Conventions section 4). */
const institutionHeader: Check = (exchange, request) => {
  const value = request.raw.headers['institutionid'];
  return when(exchange, 'institutionMismatch', value !== undefined && value !== exchange.institution?.institutionId);
};

/** V1 products name the institution in the path; it must be the token's (Conventions section 3). */
const pathInstitution: Check = (exchange, request) => {
  const { params } = request;
  if (typeof params !== 'object' || params === null) return undefined;
  const named: unknown = Reflect.get(params, 'fiId') ?? Reflect.get(params, 'di_fiid');
  return when(exchange, 'pathInstitutionMismatch', named !== undefined && named !== exchange.institution?.institutionId);
};

/** A token of one customer names no other, whatever that other is (Conventions section 3). */
const pathCustomer: Check = (exchange, request) => {
  const own = exchange.principal?.user?.customerId;
  const { params } = request;
  if (own === undefined || typeof params !== 'object' || params === null) return undefined;
  const named: unknown = Reflect.get(params, 'di_ficustomer');
  return when(exchange, 'pathCustomerMismatch', named !== undefined && String(named).toLowerCase() !== own);
};

const sandboxKey: Check = (_exchange, request, ports) => {
  const key = singleHeader(request.raw, 'x-sandbox-key');
  return key !== undefined && ports.isSandboxKey?.(key) === true ? undefined : 'authorizationMissing';
};
