import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Channel } from './channel.ts';
import { chooseTexts } from './choose-texts.ts';
import { renderMessage } from './render-message.ts';
import { isTemplateName, shippedTexts, templates } from './templates.ts';

const channels: readonly Channel[] = ['EMAIL', 'SMS', 'VOICE', 'PUSH'];

const shipped = Object.entries(templates).flatMap(([name, { values }]) =>
  channels.flatMap((channel) => {
    const texts = isTemplateName(name) ? shippedTexts(name, channel) : undefined;
    return texts === undefined ? [] : [{ name, channel, texts, values: [...values, 'institutionName'] }];
  }),
);

test.each(shipped)(
  '$name by $channel says everything that it is given and leaves no placeholder',
  ({ channel, texts, values }) => {
    const given = Object.fromEntries(
      values.map((name) => [name, name.endsWith('Url') ? `https://example.org/${name}` : `<${name}>`]),
    );
    const rendered = renderMessage(channel, texts, given);
    for (const text of [rendered.subject, rendered.text, rendered.html]) expect(text ?? '').not.toMatch(/\{\{|\}\}/u);
    expect(rendered.html ?? '').not.toMatch(/<(?:institutionName|firstName|passcode)>/u);
    expect(channel === 'EMAIL').toBe(rendered.subject !== undefined && rendered.html !== undefined);
  },
);

test('a value can never be markup in the HTML of a mail', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (value) => {
      const texts = { subject: 's {{name}}', text: 'Hello {{name}},\n\n{{name}}', html: '<p title="{{name}}">{{name}}</p>' };
      const own = renderMessage('EMAIL', texts, { name: value, institutionName: value }).html ?? '';
      const laidOut =
        renderMessage('EMAIL', { subject: 's', text: texts.text }, { name: value, institutionName: value }).html ?? '';
      expect(own.match(/[<>]/gu)?.length).toBe(4);
      expect(own.match(/"/gu)?.length).toBe(2);
      const clean = renderMessage('EMAIL', { subject: 's', text: texts.text }, { name: 'x', institutionName: 'x' }).html ?? '';
      expect(laidOut.match(/</gu)?.length).toBe(clean.match(/</gu)?.length);
    }),
  );
});

test('a value cannot begin a new header or line, so nobody adds recipients or words of their own', () => {
  const values = { name: 'Ann\r\nBcc: everybody@example.org\u2028\u0000tail' };
  const { subject, text } = renderMessage(
    'EMAIL',
    { subject: 'For {{name}}', text: 'Hello {{name}}' },
    { ...values, institutionName: 'Bank' },
  );
  expect(subject).toBe('For Ann Bcc: everybody@example.org tail');
  expect(text).toBe('Hello Ann Bcc: everybody@example.org tail');
  expect(renderMessage('SMS', { text: '{{name}}' }, values).text).not.toMatch(/[\r\n\u2028]/u);
});

test('a value that holds a placeholder is not filled again', () => {
  expect(renderMessage('SMS', { text: '{{a}} {{b}}' }, { a: '{{b}}', b: 'secret' }).text).toBe('{{b}} secret');
});

test.each(['{{nobody}}', '{{ nobody }}', '{{constructor}}', '{{__proto__}}', '{{first name}}', 'Hello {{name'])(
  'a text that asks for %s, which it does not get, is refused before anything is sent',
  (text) => {
    expect(() => renderMessage('SMS', { text }, { somebody: 'x' })).toThrow(/which it does not get/u);
  },
);

test('a call says the digits of a passcode one by one', () => {
  const { text } = renderMessage('VOICE', { text: 'Your passcode is: {{passcode}}.' }, { passcode: '048213' });
  expect(text).toBe('Your passcode is: 0, 4, 8, 2, 1, 3.');
});

test("an institution's own words win, in the closest language that it has", () => {
  const own = new Map([
    ['es', { text: 'Hola' }],
    ['en', { text: 'Howdy' }],
  ]);
  const ours = { text: 'Hello' };
  expect(chooseTexts('es-MX', own, ours)).toEqual({ locale: 'es', texts: { text: 'Hola' } });
  expect(chooseTexts('fr', own, ours)).toEqual({ locale: 'en', texts: { text: 'Howdy' } });
  expect(chooseTexts('fr', new Map(), ours)).toEqual({ locale: 'en', texts: ours });
  expect(chooseTexts('en', new Map(), undefined)).toBeUndefined();
});
