import type { Envelope, ErrorRow } from '@openbranch/contract/family';
import { escapeXml } from './xml.ts';

export interface ErrorAnswer {
  readonly contentType: string;
  readonly body: string;
}

/** The first one decides the status. */
export type ErrorRows = readonly [ErrorRow, ...ErrorRow[]];

const json = 'application/json; charset=utf-8';
const xml = 'application/xml; charset=utf-8';

/**
 * The four ways an error looks on the wire (Conventions section 6).
 * @param rows The error; more than one only in the legacy envelope, which lists them all.
 */
export function toErrorAnswer(envelope: Envelope, rows: ErrorRows): ErrorAnswer {
  const { status, code, message } = rows[0];
  switch (envelope) {
    case 'code-message':
      return { contentType: json, body: JSON.stringify({ code, message }) };
    case 'status-message-code':
      return { contentType: json, body: JSON.stringify({ status, message, code }) };
    case 'legacy-status':
      return { contentType: xml, body: legacyStatus(rows) };
    case 'error-response':
      return {
        contentType: xml,
        body: `<?xml version="1.0" encoding="UTF-8"?>\n<ErrorResponse><code>${escapeXml(code)}</code><message>${escapeXml(message)}</message></ErrorResponse>\n`,
      };
  }
}

/** The `Status` document as JSON. */
export function toJsonTwin(rows: ErrorRows): ErrorAnswer {
  const errorInfo = rows.map((row) => ({ errorType: errorTypeOf(row), errorCode: row.code, errorMessage: row.message }));
  return { contentType: json, body: JSON.stringify({ statusMessage: rows[0].message, errorInfo }) };
}

function errorTypeOf({ status, type }: ErrorRow): string {
  return type ?? (status >= 500 ? 'SYSTEM_ERROR' : 'USER_ERROR');
}

function legacyStatus(rows: ErrorRows): string {
  const errors = rows.map(
    (row) => `    <errorInfo>
        <errorType>${errorTypeOf(row)}</errorType>
        <errorCode>${escapeXml(row.code)}</errorCode>
        <errorMessage>${escapeXml(row.message)}</errorMessage>
    </errorInfo>
`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<Status xmlns="http://schema.intuit.com/fs/common/v2" xmlns:ns2="http://schema.intuit.com/domain/banking/preference/V2">
    <statusMessage>${escapeXml(rows[0].message)}</statusMessage>
${errors.join('')}</Status>
`;
}
