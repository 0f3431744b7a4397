import type { Envelope, ErrorRow } from '@openbranch/contract/family';
import { escapeXml } from './xml.ts';

export interface ErrorAnswer {
  readonly contentType: string;
  readonly body: string;
}

const json = 'application/json; charset=utf-8';
const xml = 'application/xml; charset=utf-8';

/** The four ways an error looks on the wire (Conventions section 6). */
export function toErrorAnswer(envelope: Envelope, row: ErrorRow): ErrorAnswer {
  const { status, code, message } = row;
  switch (envelope) {
    case 'code-message':
      return { contentType: json, body: JSON.stringify({ code, message }) };
    case 'status-message-code':
      return { contentType: json, body: JSON.stringify({ status, message, code }) };
    case 'legacy-status':
      return { contentType: xml, body: legacyStatus(row) };
    case 'error-response':
      return {
        contentType: xml,
        body: `<?xml version="1.0" encoding="UTF-8"?>\n<ErrorResponse><code>${escapeXml(code)}</code><message>${escapeXml(message)}</message></ErrorResponse>\n`,
      };
  }
}

function legacyStatus({ status, type, code, message }: ErrorRow): string {
  const errorType = type ?? (status >= 500 ? 'SYSTEM_ERROR' : 'USER_ERROR');
  return `<?xml version="1.0" encoding="UTF-8"?>
<Status xmlns="http://schema.intuit.com/fs/common/v2" xmlns:ns2="http://schema.intuit.com/domain/banking/preference/V2">
    <statusMessage>${escapeXml(message)}</statusMessage>
    <errorInfo>
        <errorType>${errorType}</errorType>
        <errorCode>${escapeXml(code)}</errorCode>
        <errorMessage>${escapeXml(message)}</errorMessage>
    </errorInfo>
</Status>
`;
}
