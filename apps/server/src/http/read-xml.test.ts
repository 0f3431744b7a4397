import { quickestMs } from '@openbranch/testkit/quickest';
import { expect, test } from 'vitest';
import { readXml } from './read-xml.ts';

test('elements become members by their local name, repeated ones a list, values texts', () => {
  const text = `<?xml version="1.0" encoding="UTF-8"?>
    <n:FICustomer xmlns:n="urn:any" a="1"><n:fiId>00042</n:fiId><phone>1</phone><phone>2</phone><empty/><deep><x> y </x></deep></n:FICustomer>`;
  expect(readXml(text)).toEqual({ FICustomer: { fiId: '00042', phone: ['1', '2'], empty: '', deep: { x: 'y' } } });
});

test('references that XML itself defines are characters, and plain text in a CDATA section', () => {
  const text = '<a><b>Tom &amp; &#74;erry &#x26;amp; &#60;c&#62;</b><b><![CDATA[<c>&#74;&amp;</c>]]></b></a>';
  expect(readXml(text)).toEqual({ a: { b: ['Tom & Jerry &amp; <c>', '<c>&#74;&amp;</c>'] } });
});

test.each([
  ['a DTD', '<!DOCTYPE a><a/>'],
  ['a DTD with entities', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'],
  ['an external entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
  ['a DTD in another case', '<!doctype a><a/>'],
  ['an entity without definition', '<a>&nbsp;</a>'],
  ['a lone ampersand', '<a>b & c</a>'],
  ['a reference to no character', '<a>&#0;</a>'],
  ['a surrogate', '<a>&#xD800;</a>'],
  ['two roots', '<a/><b/>'],
  ['an open element', '<a><b></a>'],
  ['no element', 'text'],
  ['nothing', ''],
  ['a member that would reach a prototype', '<a><__proto__><x>1</x></__proto__></a>'],
  ['more depth than any document has', `${'<a>'.repeat(40)}${'</a>'.repeat(40)}`],
])('%s is not read', (_what, text) => {
  expect(() => readXml(text)).toThrow();
});

test('a document of a megabyte of references costs as much more as it is longer; one of nested elements is refused', () => {
  const references = (count: number) => `<a>${'&amp;'.repeat(count)}</a>`;
  const [short, long] = [references(10_000), references(200_000)];
  // Twenty times the length; its square would be four hundred times the work.
  expect(quickestMs(() => readXml(long))).toBeLessThan(100 * quickestMs(() => readXml(short)));
  expect(() => readXml(`<a>${'<b>'.repeat(300_000)}`)).toThrow();
});
