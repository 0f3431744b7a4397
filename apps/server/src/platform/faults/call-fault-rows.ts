import { announceChanges, type Change, reloadKeptMs } from '../change-feed/change-feed.ts';
import type { Sql, Tx } from '../db/database.ts';
import type { CallFault, FaultEffect } from './call-fault.ts';

interface Row {
  readonly institution_id: string;
  readonly fault_id: string;
  readonly client_id: string | null;
  readonly user_name: string | null;
  readonly operation: string | null;
  readonly effect: FaultEffect['kind'];
  readonly error: string | null;
  readonly delay_ms: number | null;
  readonly remaining: number | null;
}

/** The one that was armed first is the first. */
export async function listCallFaults(sql: Sql | Tx, institutionId: string): Promise<CallFault[]> {
  const rows = await sql<Row[]>`
    select institution_id, fault_id, client_id, user_name, operation, effect, error, delay_ms, remaining
    from call_faults where institution_id = ${institutionId} and (remaining is null or remaining > 0)
    order by fault_number`;
  return rows.map(toCallFault);
}

/** Of a process that starts. */
export async function listFaultyInstitutions(sql: Sql): Promise<string[]> {
  const rows = await sql<{ institution_id: string }[]>`select distinct institution_id from call_faults`;
  return rows.map(({ institution_id }) => institution_id);
}

export async function insertCallFault(tx: Tx, fault: CallFault): Promise<void> {
  const { institutionId, faultId, clientId, user, operation, effect, remaining } = fault;
  await tx`
    insert into call_faults (institution_id, fault_id, client_id, user_name, operation, effect, error, delay_ms, remaining)
    values (${institutionId}, ${faultId}, ${clientId ?? null}, ${user ?? null}, ${operation ?? null}, ${effect.kind},
      ${effect.kind === 'ERROR' ? effect.error : null}, ${effect.kind === 'DELAY' ? effect.delayMs : null}, ${remaining ?? null})`;
}

/** @param faultId undefined for all. */
export async function deleteCallFaults(tx: Tx, institutionId: string, faultId?: string): Promise<void> {
  await tx`
    delete from call_faults
    where institution_id = ${institutionId} and (${faultId ?? null}::uuid is null or fault_id = ${faultId ?? null})`;
}

/** How many more may be armed is decided by one at a time. */
export async function lockCallFaults(tx: Tx, institutionId: string): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`call faults ${institutionId}`}, 0))`;
}

/**
 * One call less: of all calls in all processes exactly as many as were wished find one left.
 * @returns how many are left, or undefined when none was.
 */
export async function countCall(sql: Sql, { institutionId, faultId }: CallFault): Promise<number | undefined> {
  const [row] = await sql<{ remaining: number }[]>`
    update call_faults set remaining = remaining - 1
    where institution_id = ${institutionId} and fault_id = ${faultId} and remaining > 0
    returning remaining`;
  return row?.remaining;
}

/** Takes away what no call will meet any more, and tells every process. */
export async function endCallFault(sql: Sql, { institutionId, faultId }: CallFault): Promise<void> {
  await sql.begin(async (tx) => {
    await deleteCallFaults(tx, institutionId, faultId);
    await announceChanges(tx, [callFaultsChanged(institutionId)]);
  });
}

export function callFaultsChanged(institutionId: string): Change {
  return { topic: 'call_faults_changed', institutionId, subject: institutionId, expiresAt: new Date(Date.now() + reloadKeptMs) };
}

function toCallFault(row: Row): CallFault {
  return {
    institutionId: row.institution_id,
    faultId: row.fault_id,
    operation: row.operation ?? undefined,
    clientId: row.client_id ?? undefined,
    user: row.user_name ?? undefined,
    effect: toEffect(row),
    remaining: row.remaining ?? undefined,
  };
}

function toEffect({ effect, error, delay_ms }: Row): FaultEffect {
  switch (effect) {
    case 'ERROR':
      return { kind: effect, error: error ?? '' };
    case 'DELAY':
      return { kind: effect, delayMs: delay_ms ?? 0 };
    default:
      return { kind: effect };
  }
}
