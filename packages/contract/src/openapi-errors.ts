import { type AnswerableError, answerableErrors } from './answerable-errors.ts';
import type { Envelope, ErrorRow, Family } from './family.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { Operation } from './operation.ts';

const codeMember = { type: 'string', description: 'Code of the refusal.' } as const;
const messageMember = { type: 'string', description: 'What is wrong, for people. Do not match it; match the code.' } as const;

/** The error envelopes as components (contract sheet "Conventions", section 6). */
export const envelopeSchemas: Readonly<Record<Envelope, { readonly name: string; readonly schema: JsonObject }>> = {
  'code-message': {
    name: 'CodeMessageError',
    schema: { type: 'object', required: ['code', 'message'], properties: { code: codeMember, message: messageMember } },
  },
  'status-message-code': {
    name: 'StatusMessageCodeError',
    schema: {
      type: 'object',
      required: ['status', 'message', 'code'],
      properties: { status: { type: 'integer', description: 'The HTTP status.' }, message: messageMember, code: codeMember },
    },
  },
  'legacy-status': {
    name: 'LegacyStatus',
    schema: {
      type: 'object',
      required: ['errorInfo'],
      xml: { name: 'Status', namespace: 'http://schema.intuit.com/fs/common/v2' },
      properties: {
        statusMessage: messageMember,
        errorInfo: {
          type: 'array',
          items: {
            type: 'object',
            required: ['errorType', 'errorCode', 'errorMessage'],
            properties: {
              errorType: { type: 'string', enum: ['USER_ERROR', 'SYSTEM_ERROR', 'APP_ERROR'] },
              errorCode: codeMember,
              errorMessage: messageMember,
            },
          },
        },
      },
    },
  },
  'error-response': {
    name: 'XmlError',
    schema: {
      type: 'object',
      required: ['code', 'message'],
      xml: { name: 'ErrorResponse' },
      properties: { code: codeMember, message: messageMember },
    },
  },
};

/** True for the envelopes that travel as XML. */
function isXmlEnvelope(envelope: Envelope): boolean {
  return envelope === 'legacy-status' || envelope === 'error-response';
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not authenticated',
  403: 'Not allowed',
  404: 'Not found',
  409: 'In progress',
  413: 'Too large',
  429: 'Too many requests',
  500: 'Failure of the service, or a limit of the application is exceeded',
  503: 'Not now, try again',
};

/** The error responses of `operation` by status: one named example for each refusal. */
export function errorResponses(operation: Operation, headers: JsonObject): Record<string, JsonObject> {
  const byStatus = new Map<number, AnswerableError[]>();
  for (const error of answerableErrors(operation)) {
    byStatus.set(error.row.status, [...(byStatus.get(error.row.status) ?? []), error]);
  }
  const statuses = [...byStatus].sort(([one], [other]) => one - other);
  return Object.fromEntries(
    statuses.map(([status, errors]) => [status, errorResponse(operation.family, status, errors, headers)]),
  );
}

function errorResponse(family: Family, status: number, errors: readonly AnswerableError[], headers: JsonObject): JsonObject {
  const codes = [...new Set(errors.map((error) => error.row.code))];
  const envelopes = [...new Set(errors.map((error) => error.row.envelope ?? family.envelope))];
  const schemas = envelopes.map((envelope) => ({ $ref: `#/components/schemas/${envelopeSchemas[envelope].name}` }));
  const examples = errors.map((error): [string, JsonValue] => [error.name, errorExample(family, error)]);
  const allHeaders = errors.some(saysWhenToRetry) ? { ...headers, 'Retry-After': retryAfter } : headers;
  return {
    description: `${titles[status] ?? 'Refused'}: ${codes.join(', ')}`,
    ...(Object.keys(allHeaders).length > 0 && { headers: allHeaders }),
    content: {
      [isXmlEnvelope(family.envelope) ? 'application/xml' : 'application/json']: {
        schema: schemas.length === 1 ? (schemas[0] ?? {}) : { anyOf: schemas },
        examples: Object.fromEntries(examples),
      },
    },
  };
}

const retryAfter = {
  description: 'Seconds to wait, where trying again later helps.',
  schema: { type: 'integer' },
} as const;

function saysWhenToRetry(error: AnswerableError): boolean {
  return ['quotaExceeded', 'spikeExceeded', 'overloaded', 'unavailable'].includes(error.name);
}

function errorExample(family: Family, error: AnswerableError): JsonObject {
  const variants = variantNotes(family, error.name);
  return {
    summary: `${error.row.code}: ${error.row.message}`,
    ...(variants.length > 0 && { description: variants.join(' ') }),
    value: envelopeExample(error.row.envelope ?? family.envelope, error.row),
  };
}

/** What the switches of an institution change in a row, one sentence a switch. */
export function variantNotes(family: Family, name: string): string[] {
  return (family.variants ?? []).flatMap((variant) => {
    const changed = variant.rows[name];
    if (changed === undefined) return [];
    const parts = [
      changed.status === undefined ? [] : [`HTTP ${changed.status}`],
      changed.code === undefined ? [] : [`code ${changed.code}`],
      changed.type === undefined ? [] : [`type ${changed.type}`],
    ].flat();
    return [`With switch ${variant.switchKey} = ${String(variant.value)}: ${parts.join(', ')}.`];
  });
}

function envelopeExample(envelope: Envelope, row: ErrorRow): JsonValue {
  switch (envelope) {
    case 'code-message':
      return { code: row.code, message: row.message };
    case 'status-message-code':
      return { status: row.status, message: row.message, code: row.code };
    // XML bodies are examples of the same shape; the names and the namespace of the schema say how they look on the wire.
    case 'legacy-status':
      return {
        statusMessage: row.message,
        errorInfo: [{ errorType: row.type ?? 'USER_ERROR', errorCode: row.code, errorMessage: row.message }],
      };
    case 'error-response':
      return { code: row.code, message: row.message };
  }
}
