import type { Operation } from '@openbranch/contract/operation';
import { OpenbranchUsageError } from './openbranch-usage-error.ts';
import type { CallOptions } from './operation-method.ts';
import type { Settings } from './settings.ts';

export type Input = Readonly<Record<string, unknown>>;

/** A request that is ready but for the proof of who calls. The same one is sent at every try. */
export interface WireRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly traceId: string | undefined;
}

/** @throws {OpenbranchUsageError} for an input that the operation does not take */
export function buildRequest(settings: Settings, operation: Operation, input: Input, options: CallOptions): WireRequest {
  const pathNames = [...operation.path.matchAll(/\{(\w+)\}/gu)].map(([, name]) => name ?? '');
  const queryNames = propertyNames(operation.query);
  const bodyName = operation.body === undefined ? undefined : operation.bodyFormat === 'form' ? 'form' : 'body';
  for (const name of Object.keys(input)) {
    if (!pathNames.includes(name) && !queryNames.includes(name) && name !== bodyName) {
      throw new OpenbranchUsageError(`${operation.id} takes no ${name}`);
    }
  }
  const traceId = operation.family.trace === undefined ? undefined : (options.traceId ?? crypto.randomUUID());
  return {
    url: `${settings.baseUrl}${fillPath(operation, input)}${toQuery(queryNames, input)}`,
    headers: buildHeaders(settings, operation, options, traceId),
    body: bodyName === undefined ? undefined : toBody(operation, input[bodyName]),
    traceId,
  };
}

function propertyNames(schema: unknown): string[] {
  const properties = isRecord(schema) ? schema['properties'] : undefined;
  return isRecord(properties) ? Object.keys(properties) : [];
}

function fillPath(operation: Operation, input: Input): string {
  return operation.path.replace(/\{(\w+)\}/gu, (_, name: string) => {
    const value = input[name];
    // A dot alone would be taken for a step in the path, percent-encoded or not (WHATWG URL, section 4.4).
    if (value === undefined || value === null || ['', '.', '..'].includes(String(value))) {
      throw new OpenbranchUsageError(`${operation.id} needs a value for ${name}`);
    }
    return encode(String(value));
  });
}

function toQuery(names: readonly string[], input: Input): string {
  const pairs = names.flatMap((name) => {
    const value = input[name];
    const values = Array.isArray(value) ? value : [value];
    return values.filter((one) => one !== undefined).map((one) => `${encode(name)}=${encode(String(one))}`);
  });
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function toBody(operation: Operation, value: unknown): string {
  if (operation.bodyFormat !== 'form') return JSON.stringify(value ?? {});
  const fields = new URLSearchParams();
  for (const [name, field] of Object.entries(isRecord(value) ? value : {})) {
    if (field !== undefined) fields.append(name, String(field));
  }
  return fields.toString();
}

function buildHeaders(settings: Settings, operation: Operation, options: CallOptions, traceId: string | undefined) {
  const { family } = operation;
  // Keys in lower case: header names do not mind, and a caller's header replaces ours.
  const headers: Record<string, string> = {
    accept: operation.success.xmlRoot === undefined ? 'application/json' : 'application/xml',
  };
  for (const { name } of operation.headers ?? []) {
    if (name === 'institutionId' || name === 'di_fiid') headers[name.toLowerCase()] = settings.institutionId;
    if (name === 'user-agent') headers[name] = 'openbranch-sdk/0.1.0';
  }
  for (const [name, value] of Object.entries(options.headers ?? {})) headers[name.toLowerCase()] = value;
  delete headers['authorization'];
  if (operation.body !== undefined) {
    headers['content-type'] = operation.bodyFormat === 'form' ? 'application/x-www-form-urlencoded' : 'application/json';
  }
  if (family.trace !== undefined && traceId !== undefined) headers[family.trace.header.toLowerCase()] = traceId;
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[\x20-\x7e]*$/u.test(value)) throw new OpenbranchUsageError(`header ${name} must be printable ASCII`);
  }
  return headers;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
