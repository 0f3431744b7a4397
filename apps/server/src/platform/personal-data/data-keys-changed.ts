import { type Change, reloadKeptMs } from '../change-feed/change-feed.ts';

/** Tells every process to read the keys of an institution again. */
export function dataKeysChanged(institutionId: string): Change {
  return { topic: 'data_keys_changed', institutionId, subject: institutionId, expiresAt: new Date(Date.now() + reloadKeptMs) };
}
