import type { Change } from '../change-feed/change-feed.ts';

/** A process that starts later reads the keys anyway. */
const rememberedMs = 120_000;

/** Tells every process to read the keys of an institution again. */
export function dataKeysChanged(institutionId: string): Change {
  return { topic: 'data_keys_changed', institutionId, subject: institutionId, expiresAt: new Date(Date.now() + rememberedMs) };
}
