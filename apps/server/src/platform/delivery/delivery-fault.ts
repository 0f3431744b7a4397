import { setTimeout as delay } from 'node:timers/promises';
import type { Sql, Tx } from '../db/database.ts';
import type { Channel } from './channel.ts';
import { type Sender, SendFailure } from './sender.ts';

/** What the provider of a sandbox does wrong with messages of a channel, so that a developer sees what follows from it. */
export interface DeliveryFault {
  readonly channel: Channel;
  readonly kind: 'SLOW' | 'REFUSES' | 'FAILS' | 'TIMES_OUT' | 'ANSWERS_TWICE';
  /** How many of a hundred messages. */
  readonly percent: number;
  readonly delayMs: number;
}

export type FindFaults = (institutionId: string) => Promise<ReadonlyMap<Channel, DeliveryFault>>;

export async function listFaults(sql: Sql | Tx, institutionId: string): Promise<DeliveryFault[]> {
  const rows = await sql<{ channel: Channel; kind: DeliveryFault['kind']; percent: number; delay_ms: number }[]>`
    select channel, kind, percent, delay_ms from delivery_faults where institution_id = ${institutionId} order by channel`;
  return rows.map(({ channel, kind, percent, delay_ms }) => ({ channel, kind, percent, delayMs: delay_ms }));
}

export async function findFaults(sql: Sql, institutionId: string): Promise<ReadonlyMap<Channel, DeliveryFault>> {
  return new Map((await listFaults(sql, institutionId)).map((fault) => [fault.channel, fault]));
}

export async function saveFault(tx: Tx, institutionId: string, fault: DeliveryFault): Promise<void> {
  await tx`
    insert into delivery_faults (institution_id, channel, kind, percent, delay_ms)
    values (${institutionId}, ${fault.channel}, ${fault.kind}, ${fault.percent}, ${fault.delayMs})
    on conflict (institution_id, channel)
      do update set kind = excluded.kind, percent = excluded.percent, delay_ms = excluded.delay_ms`;
}

/** @param channel undefined for all. */
export async function deleteFaults(tx: Tx, institutionId: string, channel: Channel | undefined): Promise<void> {
  await tx`
    delete from delivery_faults
    where institution_id = ${institutionId} and (${channel ?? null}::text is null or channel = ${channel ?? null})`;
}

export function isAnsweredTwice(fault: DeliveryFault | undefined): boolean {
  return fault?.kind === 'ANSWERS_TWICE';
}

/** The same provider, with the fault. */
export function applyFault(sender: Sender, { kind, percent, delayMs }: DeliveryFault): Sender {
  return {
    ...sender,
    send: async (message, signal) => {
      if (Math.random() * 100 >= percent) return sender.send(message, signal);
      switch (kind) {
        case 'REFUSES':
          throw new SendFailure('provider_refused', false);
        case 'FAILS':
          throw new SendFailure('provider_failed', true);
        case 'TIMES_OUT':
          return new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => reject(new SendFailure('timeout', true)));
          });
        case 'SLOW':
          await delay(delayMs, undefined, { signal }).catch(() => undefined);
          return sender.send(message, signal);
        case 'ANSWERS_TWICE':
          return sender.send(message, signal);
      }
    },
  };
}
