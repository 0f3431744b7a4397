import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  offsetHours,
  standardTimeLabel,
  startOfInstitutionDay,
  toInstitutionDate,
  toInstitutionDateTime,
  toInstitutionDateTimeMs,
} from './institution-time.ts';

test.each([
  ['2026-06-19T09:21:33Z', 'America/Los_Angeles', '2026-06-19T02:21:33-07:00'],
  ['2026-01-01T07:59:59Z', 'America/Los_Angeles', '2025-12-31T23:59:59-08:00'],
  ['2026-01-01T08:00:00Z', 'America/Los_Angeles', '2026-01-01T00:00:00-08:00'],
  ['2026-06-19T09:21:33.999Z', 'America/New_York', '2026-06-19T05:21:33-04:00'],
  ['2026-06-19T09:21:33Z', 'UTC', '2026-06-19T09:21:33+00:00'],
  ['2026-06-19T09:21:33Z', 'Europe/London', '2026-06-19T10:21:33+01:00'],
  ['2026-12-19T09:21:33Z', 'Europe/London', '2026-12-19T09:21:33+00:00'],
  ['2026-06-19T09:21:33Z', 'Asia/Kolkata', '2026-06-19T14:51:33+05:30'],
  ['2026-06-19T09:21:33Z', 'Asia/Kathmandu', '2026-06-19T15:06:33+05:45'],
  ['2026-06-19T09:21:33Z', 'Pacific/Marquesas', '2026-06-18T23:51:33-09:30'],
  ['2026-06-19T09:21:33Z', 'America/St_Johns', '2026-06-19T06:51:33-02:30'],
  ['2026-06-19T10:00:00Z', 'Pacific/Kiritimati', '2026-06-20T00:00:00+14:00'],
  ['2000-02-29T12:00:00Z', 'Pacific/Chatham', '2000-03-01T01:45:00+13:45'],
])('%s in %s is %s', (utc, zone, expected) => {
  expect(toInstitutionDateTime(new Date(utc), zone)).toBe(expected);
  expect(toInstitutionDate(new Date(utc), zone)).toBe(expected.slice(0, 10));
});

test('times with milliseconds keep them, in whatever zone', () => {
  const time = new Date('2026-06-19T09:21:33.007Z');
  expect(toInstitutionDateTimeMs(time, 'America/Los_Angeles')).toBe('2026-06-19T02:21:33.007-07:00');
  expect(toInstitutionDateTimeMs(time, 'UTC')).toBe('2026-06-19T09:21:33.007+00:00');
});

describe('where daylight saving begins and ends', () => {
  test.each([
    ['the hour that does not exist is left out', '2026-03-08T09:59:59Z', '2026-03-08T01:59:59-08:00'],
    ['the hour that does not exist is left out', '2026-03-08T10:00:00Z', '2026-03-08T03:00:00-07:00'],
    ['the hour that comes twice is told apart by its offset', '2026-11-01T08:30:00Z', '2026-11-01T01:30:00-07:00'],
    ['the hour that comes twice is told apart by its offset', '2026-11-01T09:30:00Z', '2026-11-01T01:30:00-08:00'],
  ])('%s: %s is %s', (_what, utc, expected) => {
    expect(toInstitutionDateTime(new Date(utc), 'America/Los_Angeles')).toBe(expected);
  });
});

test('what is written means the same moment, in every zone and year of the clock', () => {
  const zones = ['America/Los_Angeles', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC', 'Pacific/Apia'];
  const time = fc.integer({ min: Date.parse('2000-01-01T00:00:00Z') / 1000, max: Date.parse('2100-01-01T00:00:00Z') / 1000 });
  fc.assert(
    fc.property(time, fc.constantFrom(...zones), (seconds, zone) => {
      const text = toInstitutionDateTime(new Date(seconds * 1000), zone);
      expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/u);
      expect(Date.parse(text)).toBe(seconds * 1000);
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['America/New_York', '2026-07-01T12:00:00Z', -4],
  ['America/New_York', '2026-01-01T12:00:00Z', -5],
  ['Asia/Kolkata', '2026-01-01T12:00:00Z', 5.5],
  ['America/St_Johns', '2026-01-01T12:00:00Z', -3.5],
  ['Etc/UTC', '2026-01-01T12:00:00Z', 0],
])('in %s at %s the zone is %f hours ahead of Greenwich', (timeZone, time, hours) => {
  expect(offsetHours(new Date(time), timeZone)).toBe(hours);
});

test.each([
  ['America/New_York', '-5:EST'],
  ['America/Los_Angeles', '-8:PST'],
  ['America/Phoenix', '-7:MST'],
  ['Etc/UTC', '0:UTC'],
])('the standard time of %s is %s all the year', (timeZone, label) => {
  expect(standardTimeLabel(timeZone)).toBe(label);
  expect(standardTimeLabel(timeZone)).toBe(label);
});

test('the date changes with the minute in which the day does', () => {
  const dates = ['06:59:00', '06:59:59', '07:00:00', '06:59:30'].map((time) =>
    toInstitutionDate(new Date(`2026-04-11T${time}Z`), 'America/Los_Angeles'),
  );
  expect(dates).toEqual(['2026-04-10', '2026-04-10', '2026-04-11', '2026-04-10']);
});

test.each([
  ['2026-06-19', 'America/Los_Angeles', '2026-06-19T07:00:00.000Z'],
  ['2026-03-08', 'America/Los_Angeles', '2026-03-08T08:00:00.000Z'],
  ['2026-03-09', 'America/Los_Angeles', '2026-03-09T07:00:00.000Z'],
  ['2026-11-01', 'America/Los_Angeles', '2026-11-01T07:00:00.000Z'],
  ['2026-11-02', 'America/Los_Angeles', '2026-11-02T08:00:00.000Z'],
  ['2026-06-19', 'Asia/Kolkata', '2026-06-18T18:30:00.000Z'],
  ['2026-06-19', 'UTC', '2026-06-19T00:00:00.000Z'],
])('%s begins in %s at %s', (date, timeZone, time) => {
  expect(startOfInstitutionDay(date, timeZone).toISOString()).toBe(time);
});
