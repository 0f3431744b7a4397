import { expect, test } from 'vitest';
import { parseXml } from '../src/parse-xml.ts';
import { shapeXml } from '../src/shape-xml.ts';

const schema = {
  type: 'object',
  properties: {
    fiId: { type: 'string' },
    isOpen: { type: 'boolean' },
    count: { type: 'integer' },
    person: { type: 'object', properties: { name: { type: 'string' } } },
    channels: {
      type: 'object',
      properties: { channel: { type: 'array', items: { type: 'object', properties: { on: { type: 'boolean' } } } } },
    },
  },
};

function read(xml: string): unknown {
  const document = parseXml(xml);
  return shapeXml(schema, typeof document === 'object' && document !== null ? Reflect.get(document, 'root') : undefined);
}

test('an XML answer has the types of the contract: booleans, numbers, and strings that look like numbers', () => {
  expect(read('<root><fiId>00042</fiId><isOpen>true</isOpen><count>3</count></root>')).toEqual({
    fiId: '00042',
    isOpen: true,
    count: 3,
  });
});

test('a list is a list when it has one element', () => {
  expect(read('<root><channels><channel><on>false</on></channel></channels></root>')).toEqual({
    channels: { channel: [{ on: false }] },
  });
  expect(read('<root><channels><channel><on>true</on></channel><channel><on>false</on></channel></channels></root>')).toEqual({
    channels: { channel: [{ on: true }, { on: false }] },
  });
});

test('an element without children is an object without members', () => {
  expect(read('<root><person/></root>')).toEqual({ person: {} });
});

test('what the contract does not tell stays as it is', () => {
  expect(read('<root><other>true</other><count>many</count></root>')).toEqual({ other: 'true', count: 'many' });
});
