import { expect, test } from 'vitest';
import { layOutStatement } from './statement-paper.ts';

const statement = {
  ...{ institutionName: 'Harbor Credit Union', accountDescription: 'Checking', accountNumber: '*4471', currency: 'USD' },
  ...{ isOwed: false, from: '2026-03-01', to: '2026-03-31', openingMinor: 0n, rows: [], isPreview: false },
  madeAt: new Date('2026-03-31T12:00:00Z'),
};
const recipientOf = (owners: number): readonly string[] =>
  layOutStatement({ ...statement, ownerNames: Array.from({ length: owners }, (_, index) => `Owner ${index + 1}`) }).recipient;

test('a statement names its owners above the account, and of very many the first and how many more there are', () => {
  expect(recipientOf(2)).toEqual(['Owner 1', 'Owner 2', 'Checking, *4471']);
  expect(recipientOf(8)).toHaveLength(9);
  expect(recipientOf(50)).toEqual([
    ...Array.from({ length: 7 }, (_, index) => `Owner ${index + 1}`),
    'and 43 others',
    'Checking, *4471',
  ]);
});
