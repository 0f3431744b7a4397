import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import { toListedMembers, toXmlDocument } from './xml.ts';

const text = { type: 'string' };
const schema = {
  properties: {
    id: { properties: { type: text, value: text } },
    name: text,
    note: text,
    owner: { properties: { contact: { properties: { email: text } } } },
    entries: { properties: { entry: { type: 'array', items: { properties: { on: { type: 'boolean' } } } } } },
  },
};
const value = {
  secret: 'never shown',
  name: 'Miller & <Sons>',
  id: { value: '7', type: 'GUID', secret: 'never shown' },
  note: undefined,
  owner: { contact: { email: 'a@example.com' } },
  entries: { entry: [{ on: true }, { on: false, secret: 'never shown' }] },
};

test('a document has the members that the contract lists, in its order, and no others', () => {
  expect(toXmlDocument('Thing', schema, value)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<Thing>
    <id>
        <type>GUID</type>
        <value>7</value>
    </id>
    <name>Miller &amp; &lt;Sons&gt;</name>
    <owner>
        <contact>
            <email>a@example.com</email>
        </contact>
    </owner>
    <entries>
        <entry>
            <on>true</on>
        </entry>
        <entry>
            <on>false</on>
        </entry>
    </entries>
</Thing>
`);
});

test('a dialect writes the same members with prefixes, and values as texts with attributes', () => {
  const dialect = {
    switchKey: 'legacy.xml_style',
    value: 'jaxb',
    namespaces: { a: 'urn:a', b: 'urn:b' },
    prefix: 'a',
    prefixes: { contact: 'b' },
    textElements: ['id'],
  } as const;
  const written = toXmlDocument('Thing', schema, value, dialect);
  expect(written).toContain('<a:Thing xmlns:a="urn:a" xmlns:b="urn:b">');
  expect(written).toContain('<a:id type="GUID">7</a:id>');
  expect(written).toMatch(/<a:owner>\s*<b:contact>\s*<b:email>a@example\.com<\/b:email>\s*<\/b:contact>\s*<\/a:owner>/u);
});

test('money has two decimals in XML, always, and other numbers as many as they need', () => {
  const money = { properties: { amount: { type: 'number', 'x-decimals': 2 }, rate: { type: 'number' } } };
  for (const [amount, text] of [
    [2.5, '2.50'],
    [0.1 + 0.2, '0.30'],
    [-7, '-7.00'],
    [9_999_999_999.99, '9999999999.99'],
  ] as const)
    expect(toXmlDocument('Thing', money, { amount, rate: 2.5 })).toContain(`<amount>${text}</amount>\n    <rate>2.5</rate>`);
});

test('the JSON twin has the same members', () => {
  expect(JSON.stringify(toListedMembers(schema, value))).toBe(
    '{"id":{"type":"GUID","value":"7"},"name":"Miller & <Sons>","owner":{"contact":{"email":"a@example.com"}},"entries":{"entry":[{"on":true},{"on":false}]}}',
  );
});

describe('whatever a text holds', () => {
  const parser = new XMLParser({ parseTagValue: false, trimValues: false });

  test('the document stays well formed and the text comes back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const written = toXmlDocument('Thing', schema, { name });
        expect(XMLValidator.validate(written)).toBe(true);
        // What XML forbids falls away; line ends are one character to every XML reader.
        const expected = name.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/gu, '').replace(/\r\n?/gu, '\n');
        expect(parser.parse(written).Thing.name ?? '').toBe(expected);
      }),
    );
  });
});
