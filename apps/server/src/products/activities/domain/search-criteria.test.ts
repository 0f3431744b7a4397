import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalText, decideWindow, hasOutlivedLookBack, parseSearch, type SearchCriteria } from './search-criteria.ts';

const window = { startTime: '2026-03-01T00:00:00Z', endTime: '2026-03-02T00:00:00Z' };
const parse = (body: object) => parseSearch(body, { refusesNegative: false });
const criteriaOf = (body: object): SearchCriteria => {
  const parsed = parse({ ...window, ...body });
  if (!parsed.ok) throw new Error(parsed.refusal);
  return parsed.value.criteria;
};

test('whatever the body is, there is an answer', () => {
  const names = ['pageSize', 'eventIds', 'eventType', 'userType', 'userId', 'userIdType', 'requestedAttributes', 'nextPageToken'];
  const filters = fc.record(
    {
      condition: fc.oneof(fc.constantFrom('and', 'or'), fc.jsonValue()),
      filters: fc.oneof(
        fc.array(fc.dictionary(fc.constantFrom('attributeId', 'criteria', 'value'), fc.jsonValue())),
        fc.jsonValue(),
      ),
      subFilters: fc.jsonValue(),
      subFilter: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  const bodies = fc.record({
    members: fc.dictionary(fc.constantFrom(...names), fc.jsonValue()),
    times: fc.oneof(fc.constant(window), fc.dictionary(fc.constantFrom('startTime', 'endTime'), fc.jsonValue())),
    additionalFilters: fc.oneof(filters, fc.jsonValue()),
  });
  fc.assert(
    fc.property(bodies, ({ members, times, additionalFilters }) => {
      const parsed = parse({ ...members, ...times, additionalFilters });
      expect(parsed.ok || parsed.refusal.length > 0).toBe(true);
    }),
  );
});

test('the smallest search is for all that users did, with every attribute', () => {
  expect(criteriaOf({})).toEqual({
    startTime: new Date(window.startTime),
    endTime: new Date(window.endTime),
    eventIds: [],
    eventType: 'user',
    userType: undefined,
    userProduct: undefined,
    user: undefined,
    companyId: undefined,
    requestedAttributes: [],
    filter: undefined,
  });
});

describe('a page token is bound to what is searched', () => {
  test.each([
    ['another spelling of a time', { startTime: '2026-02-28T16:00:00.000-0800' }, {}],
    ['another order of events', { eventIds: ['login', 'logout'] }, { eventIds: ['logout', 'login', 'login'] }],
    ['another case of attributes', { requestedAttributes: ['Result'] }, { requestedAttributes: ['result'] }],
    ['no filters', { additionalFilters: { condition: 'or', filters: [] } }, {}],
  ])('%s is the same search', (_what, one, other) => {
    expect(canonicalText(criteriaOf(one))).toBe(canonicalText(criteriaOf(other)));
  });

  test.each([
    [{ eventIds: ['result'] }, { requestedAttributes: ['result'] }],
    [
      { userId: 'x', userIdType: 'loginId' },
      { userId: 'x', userIdType: 'memberId' },
    ],
    [{ userProduct: 'x' }, { companyId: 'x' }],
    [{ eventIds: ['a,b'] }, { eventIds: ['a', 'b'] }],
    [
      { additionalFilters: { filters: [{ attributeId: 'a', value: 'x' }] } },
      { additionalFilters: { condition: 'or', filters: [{ attributeId: 'a', value: 'x' }] } },
    ],
  ])('%j is another search than %j', (one, other) => {
    expect(canonicalText(criteriaOf(one))).not.toBe(canonicalText(criteriaOf(other)));
  });
});

describe('the look-back', () => {
  const now = new Date('2026-06-01T00:00:00Z');
  const ago = (ms: number) => new Date(now.getTime() - ms);
  const days = 86_400_000;
  test('takes a start of just so many days ago, and no millisecond more', () => {
    expect(decideWindow({ startTime: ago(90 * days), endTime: now }, now, 90)).toMatchObject({ ok: true });
    expect(decideWindow({ startTime: ago(90 * days + 1), endTime: now }, now, 90)).toMatchObject({ refusal: 'windowTooOld' });
  });
  test('is the longest window too', () => {
    const startTime = ago(days);
    expect(decideWindow({ startTime, endTime: ago(-89 * days) }, now, 90)).toMatchObject({ ok: true });
    expect(decideWindow({ startTime, endTime: ago(-89 * days - 1) }, now, 90)).toMatchObject({ refusal: 'windowTooLong' });
  });
  test('is how long a page token lives', () => {
    expect(hasOutlivedLookBack(ago(90 * days), now, 90)).toBe(false);
    expect(hasOutlivedLookBack(ago(90 * days + 1), now, 90)).toBe(true);
  });
});
