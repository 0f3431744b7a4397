import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decidePage, paginationOf } from './transaction-page.ts';

const sizes = { smallest: 10, largest: 10_000 };
const count = fc.integer({ min: 0, max: 500 });

test('following the links from the first page shows every row once', () => {
  fc.assert(
    fc.property(
      count,
      fc.integer({ min: 0, max: 60 }),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 70 }),
      (rows, top, smallest, largest) => {
        const seen: number[] = [];
        let $skip = '0';
        for (;;) {
          const page = decidePage({ $skip, $top: String(top) }, { smallest, largest });
          if (!page.ok) throw new Error('The page is good.');
          const { skip, take } = page.value;
          expect(take).toBe(Math.min(Math.max(top, smallest), largest));
          for (let row = skip; row < Math.min(rows, skip + take); row += 1) seen.push(row);
          const next = paginationOf(page.value, rows, '')?.next;
          if (next === undefined) break;
          $skip = /\$skip=(\d+)/u.exec(next)?.[1] ?? '';
        }
        expect(seen).toEqual(Array.from({ length: rows }, (_, row) => row));
      },
    ),
  );
});

test('a page is described only when both parameters ask for it and it has a beginning in the range', () => {
  fc.assert(
    fc.property(count, fc.option(count, { nil: undefined }), fc.option(count, { nil: undefined }), (rows, skip, top) => {
      const page = decidePage({ $skip: skip?.toString(), $top: top?.toString() }, sizes);
      if (!page.ok) throw new Error('Counts are good.');
      const isDescribed = skip !== undefined && top !== undefined && skip < rows;
      const pagination = paginationOf(page.value, rows, '');
      expect(pagination !== undefined).toBe(isDescribed);
      if (pagination !== undefined) expect(pagination.previous === undefined).toBe(skip === 0);
    }),
  );
});

test.each([
  ['-1', 'queryInvalid'],
  ['1.0', 'pageInvalid'],
  ['+1', 'pageInvalid'],
  ['1e3', 'pageInvalid'],
  ['0x1', 'pageInvalid'],
  ['ten', 'pageInvalid'],
])('%s is no count', (text, refusal) => {
  expect(decidePage({ $skip: text }, sizes)).toEqual({ ok: false, refusal });
  expect(decidePage({ $top: text }, sizes)).toEqual({ ok: false, refusal });
});

test.each([undefined, '10001', '2147483647'])(
  'with $top %s no answer has more rows than the institution gives in one',
  ($top) => {
    expect(decidePage({ $top }, sizes)).toMatchObject({ ok: true, value: { take: 10_000 } });
  },
);

test('a number beyond all rows is a count like another', () => {
  expect(decidePage({ $skip: '9'.repeat(400), $top: '-0' }, sizes)).toEqual({
    ok: true,
    value: { skip: 2_147_483_647, take: 10, isDescribed: true },
  });
});
