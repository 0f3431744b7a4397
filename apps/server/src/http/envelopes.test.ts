import type { Envelope, ErrorRow } from '@openbranch/contract/family';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toErrorAnswer } from './envelopes.ts';
import { escapeXml, toXmlDocument } from './xml.ts';

const row: ErrorRow = { status: 400, code: '90002', message: "Form param 'grant_type' invalid", kind: 'L' };
const json = 'application/json; charset=utf-8';
const xml = 'application/xml; charset=utf-8';

/** Any text: controls, symbols and halves of surrogate pairs as well. */
const anyText = (maxLength: number) =>
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength }).map((units) => String.fromCharCode(...units));

test('E1 is code and message, in this order', () => {
  expect(toErrorAnswer('code-message', [{ ...row, code: 'CMN_90007', message: 'm' }])).toEqual({
    contentType: json,
    body: '{"code":"CMN_90007","message":"m"}',
  });
});

test('E2 is status, message and code, in this order; the status is a number', () => {
  expect(toErrorAnswer('status-message-code', [{ ...row, code: 'UXU_10006', message: 'm' }])).toEqual({
    contentType: json,
    body: '{"status":400,"message":"m","code":"UXU_10006"}',
  });
});

test('E4 is the Status document as published, in every blank', () => {
  expect(toErrorAnswer('legacy-status', [{ ...row, type: 'USER_ERROR' }])).toEqual({
    contentType: xml,
    body: `<?xml version="1.0" encoding="UTF-8"?>
<Status xmlns="http://schema.intuit.com/fs/common/v2" xmlns:ns2="http://schema.intuit.com/domain/banking/preference/V2">
    <statusMessage>Form param &apos;grant_type&apos; invalid</statusMessage>
    <errorInfo>
        <errorType>USER_ERROR</errorType>
        <errorCode>90002</errorCode>
        <errorMessage>Form param &apos;grant_type&apos; invalid</errorMessage>
    </errorInfo>
</Status>
`,
  });
});

test('E6 is the XML of E1, without a namespace', () => {
  expect(toErrorAnswer('error-response', [{ ...row, message: 'a < b' }])).toEqual({
    contentType: xml,
    body: '<?xml version="1.0" encoding="UTF-8"?>\n<ErrorResponse><code>90002</code><message>a &lt; b</message></ErrorResponse>\n',
  });
});

test('a row of E4 that names no type is the fault of the system from 500 on, and of the user below', () => {
  expect(toErrorAnswer('legacy-status', [row]).body).toContain('<errorType>USER_ERROR</errorType>');
  expect(toErrorAnswer('legacy-status', [{ ...row, status: 503 }]).body).toContain('<errorType>SYSTEM_ERROR</errorType>');
});

test('the five characters of markup are written as entities, and what XML forbids falls away', () => {
  expect(escapeXml(`<a href="x">Tom & 'Jerry'</a>`)).toBe('&lt;a href=&quot;x&quot;&gt;Tom &amp; &apos;Jerry&apos;&lt;/a&gt;');
  expect(escapeXml('a\u0000b\u0008c\u000bd\u001fe\ufffef\uffffg')).toBe('abcdefg');
  expect(escapeXml('tab\tline\nreturn\r')).toBe('tab\tline\nreturn\r');
});

test('no text can break out of an envelope', () => {
  const envelopes: Envelope[] = ['legacy-status', 'error-response'];
  fc.assert(
    fc.property(anyText(60), fc.constantFrom(...envelopes), (message, envelope) => {
      const plain = toErrorAnswer(envelope, [{ ...row, message: '' }]).body;
      const { body } = toErrorAnswer(envelope, [{ ...row, message }]);
      const tags = (text: string) => text.match(/<[^>]*>/gu);
      expect(tags(body)).toEqual(tags(plain));
      expect(body).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/u);
    }),
  );
});

test('an XML answer has the listed members in their order, and no other', () => {
  expect(
    toXmlDocument('token', { properties: { first: {}, second: {}, third: {} } }, { third: 3, secret: 'x', first: '<1>' }),
  ).toBe('<?xml version="1.0" encoding="UTF-8"?>\n<token>\n    <first>&lt;1&gt;</first>\n    <third>3</third>\n</token>\n');
});
