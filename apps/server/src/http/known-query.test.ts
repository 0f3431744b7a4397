import type { Operation } from '@openbranch/contract/operation';
import { operations } from '@openbranch/contract/operations';
import { expect, test } from 'vitest';
import { createReadQuery } from './known-query.ts';

test.each<[string, Operation]>(Object.values(operations).map((operation) => [operation.id, operation]))(
  '%s knows the query names that it lists, and ignores all others, once or twice, blank or long',
  (_id, operation) => {
    const read = createReadQuery(operation);
    const listed = Object.fromEntries(
      Object.keys(Reflect.get(operation.query ?? {}, 'properties') ?? {}).map((name) => [name, 'value']),
    );
    expect(read(listed)).toEqual({ members: listed, hasOthers: false });
    const others = { 'no-such-name': ['1', '2'], constructor: '', filler: 'x'.repeat(1000) };
    expect(read({ ...listed, ...others })).toEqual({ members: listed, hasOthers: true });
  },
);

test('a query that is none has no members', () => {
  expect(createReadQuery(operations.listAccounts)(undefined)).toEqual({ members: {}, hasOthers: false });
});
