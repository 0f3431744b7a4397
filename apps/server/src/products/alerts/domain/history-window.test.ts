import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readHistoryWindow } from './history-window.ts';

const zone = 'America/Los_Angeles';
const now = new Date('2026-06-19T09:21:33Z');
const read = (start?: string, end?: string) => {
  const window = readHistoryWindow(start, end, now, zone);
  return window.ok ? [window.value.from.toISOString(), window.value.until.toISOString()] : window.refusal;
};

describe('the days of a history', () => {
  test('begin and end at midnight of the institution, also where the clock is changed', () => {
    expect(read('2026-06-01', '2026-06-01')).toEqual(['2026-06-01T07:00:00.000Z', '2026-06-02T07:00:00.000Z']);
    // 23 and 25 hours.
    expect(read('2026-03-08', '2026-03-08')).toEqual(['2026-03-08T08:00:00.000Z', '2026-03-09T07:00:00.000Z']);
    expect(read('2026-11-01', '2026-11-01')).toEqual(['2026-11-01T07:00:00.000Z', '2026-11-02T08:00:00.000Z']);
  });

  test('are the last 90 unless they are given', () => {
    expect(read()).toEqual(['2026-03-21T09:21:33.000Z', '2026-06-20T09:21:33.000Z']);
  });

  test('may be moments, with an offset or in the time of the institution; the end is inside', () => {
    expect(read('2026-06-01T10:00:00-07:00', '2026-06-01T10:00')).toEqual([
      '2026-06-01T17:00:00.000Z',
      '2026-06-01T17:00:00.001Z',
    ]);
  });

  test('that are no days are refused, whatever the text', () => {
    for (const text of ['2026-02-30', '2026-13-01', '01/02/2026', 'now', '2026-06-01T25:00:00Z'])
      expect(read(text)).toBe('dateInvalid');
    expect(read('2026-06-02', '2026-06-01')).toBe('dateInvalid');
    fc.assert(
      fc.property(fc.string(), fc.string(), (start, end) => {
        const window = readHistoryWindow(start, end, now, zone);
        if (window.ok) expect(window.value.from.getTime()).toBeLessThan(window.value.until.getTime());
      }),
    );
  });
});
