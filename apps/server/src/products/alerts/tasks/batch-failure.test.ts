import { expect, test } from 'vitest';
import { mayPass } from '../../../platform/db/may-pass.ts';
import { failureCodeOf, UnreadableEventError } from './batch-failure.ts';

const failing = (code: string) => Object.assign(new Error('It quotes what the event holds.'), { code });

test.each(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'CONNECTION_CLOSED', 'CONNECTION_ENDED', 'CONNECT_TIMEOUT'])(
  '%s passes: no event is put aside for it',
  (code) => {
    expect([mayPass(failing(code)), failureCodeOf(failing(code))]).toEqual([true, code]);
  },
);

test.each(['ERR_INVALID_ARG_TYPE', 'ERR_OUT_OF_RANGE', 'ERR_OSSL_BAD_DECRYPT', 'UNDEFINED_VALUE', 'MAX_PARAMETERS_EXCEEDED'])(
  '%s is of an event, which is put aside for it and keeps back nobody',
  (code) => {
    expect([mayPass(failing(code)), failureCodeOf(failing(code))]).toEqual([false, code]);
  },
);

test('what has no code of its own is told without its words', () => {
  expect([new Error('words'), new UnreadableEventError('words'), 'words'].map(failureCodeOf)).toEqual([
    'error',
    'unreadable',
    'error',
  ]);
  expect([new Error('words'), new UnreadableEventError('words'), 'words'].map(mayPass)).toEqual([false, false, false]);
});
