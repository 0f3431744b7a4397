import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDateTime } from './date-time.ts';

test.each([
  ['2026-03-09T08:15:02.417-05:00', '2026-03-09T13:15:02.417Z'],
  ['2026-03-09T08:15:02-0500', '2026-03-09T13:15:02.000Z'],
  ['2026-03-09T08:15+05:30', '2026-03-09T02:45:00.000Z'],
  ['2026-03-09T08:15:02.4179Z', '2026-03-09T08:15:02.417Z'],
  ['2026-03-09T08:15:02.4Z', '2026-03-09T08:15:02.400Z'],
  ['2024-02-29', '2024-02-29T00:00:00.000Z'],
])('%s is %s', (text, instant) => {
  expect(parseDateTime(text)?.toISOString()).toBe(instant);
});

test.each([
  '',
  '2026-02-29',
  '2026-13-01T00:00Z',
  '2026-00-01T00:00Z',
  '2026-03-09T24:00Z',
  '2026-03-09T08:60Z',
  '2026-03-09T08:15:60Z',
  '2026-03-09T08:15:02',
  '2026-03-09T08:15:02+24:00',
  '2026-03-09T08:15:02+05',
  '2026-03-09T08:15:02.Z',
  '2026-03-09 08:15:02Z',
  ' 2026-03-09T08:15:02Z',
  '2026-03-09T08:15:02Z\n',
  '12026-03-09T08:15:02Z',
])('%j is no time', (text) => {
  expect(parseDateTime(text)).toBeUndefined();
});

test('every instant is read from its text with any offset', () => {
  const instants = fc.date({ min: new Date('1000-01-02'), max: new Date('9998-12-30'), noInvalidDate: true });
  fc.assert(
    fc.property(instants, fc.integer({ min: -1439, max: 1439 }), fc.boolean(), (instant, offset, hasColon) => {
      const local = new Date(instant.getTime() + offset * 60_000).toISOString().slice(0, -1);
      const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60].map((part) =>
        String(part).padStart(2, '0'),
      );
      const zone = `${offset < 0 ? '-' : '+'}${hours}${hasColon ? ':' : ''}${minutes}`;
      expect(parseDateTime(`${local}${zone}`)).toEqual(instant);
    }),
  );
});

test('whatever the text, there is an answer', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const read = parseDateTime(text);
      expect(read === undefined || !Number.isNaN(read.getTime())).toBe(true);
    }),
  );
});
