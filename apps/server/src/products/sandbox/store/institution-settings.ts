import type { Tx } from '../../../platform/db/database.ts';

export async function saveClockOffset(tx: Tx, institutionId: string, offsetMs: number): Promise<void> {
  await tx`update institutions set clock_offset_ms = ${offsetMs} where institution_id = ${institutionId}`;
}

/** Adds to the offset, so that parallel advances add up. @returns The new offset in milliseconds. */
export async function addClockOffset(tx: Tx, institutionId: string, byMs: number): Promise<number> {
  const [row] = await tx<{ clock_offset_ms: bigint }[]>`
    update institutions set clock_offset_ms = clock_offset_ms + ${byMs} where institution_id = ${institutionId}
    returning clock_offset_ms`;
  return Number(row?.clock_offset_ms ?? 0);
}

export async function saveSwitch(tx: Tx, institutionId: string, key: string, value: string | boolean): Promise<void> {
  await tx`
    update institutions set switches = switches || ${tx.json({ [key]: value })}
    where institution_id = ${institutionId}`;
}
