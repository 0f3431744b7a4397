import { expect, test } from 'vitest';
import { answerableErrors } from './answerable-errors.ts';
import { getUserStatus, unlockUser } from './customers/operations.ts';
import { getKeySet, introspectToken, requestToken, revokeToken } from './identity/operations.ts';
import type { Operation } from './operation.ts';
import { operations } from './operations.ts';

const names = (operation: Operation) => answerableErrors(operation).map((error) => error.name);

test('an operation without a scope never says that a scope is missing', () => {
  expect(names(unlockUser)).toContain('scopeMissing');
  expect(names({ ...unlockUser, scopes: [] })).not.toContain('scopeMissing');
});

test('only an operation that wants a trace header says that it is missing', () => {
  expect(names(unlockUser)).toContain('correlationIdMissing');
  expect(names(getKeySet)).toEqual(['headersTooLong', 'notPrintableAscii', 'unexpected']);
  const missing = answerableErrors(introspectToken).find((error) => error.failures.includes('traceMissing'));
  expect(missing).toBeUndefined();
});

test('only an operation that takes parameters complains of them', () => {
  expect(names({ ...getUserStatus, errors: [] })).toEqual(expect.arrayContaining(['pathInvalid', 'queryInvalid']));
  expect(names({ ...unlockUser, errors: [] })).not.toContain('queryInvalid');
});

test('only an operation that checks passwords is too busy for it', () => {
  expect(names(requestToken)).toContain('overloaded');
  expect(names(revokeToken)).not.toContain('overloaded');
});

test('a refusal says whether the handler raises it, the edge, or both', () => {
  const unknown = answerableErrors(unlockUser).find((error) => error.name === 'customerNotFound');
  expect(unknown).toMatchObject({ isDeclared: true, failures: [], row: { status: 404, code: 'UXU_88888' } });
  const malformed = answerableErrors(getUserStatus).find((error) => error.name === 'pathInvalid');
  expect(malformed).toMatchObject({ isDeclared: true, failures: ['pathInvalid'] });
});

test.each(Object.values(operations))('every operation can fail unexpectedly: $id', (operation) => {
  expect(answerableErrors(operation).some((error) => error.failures.includes('unexpected'))).toBe(true);
});
