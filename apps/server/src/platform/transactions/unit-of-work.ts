import { type Activity, type ActivityDetails, type ActivityKind, recordActivity } from '../audit/record-activity.ts';
import { announceChanges, type Change, type ChangeFeed } from '../change-feed/change-feed.ts';
import type { Sql, Tx } from '../db/database.ts';
import { sendTogether } from '../db/send-together.ts';

/** On whose behalf and for what a transaction runs; every activity row of it carries this. */
export interface WorkContext {
  readonly institutionId: string;
  readonly now: Date;
  readonly clientId?: string | undefined;
  readonly operation: string;
  readonly traceId?: string | undefined;
  /** Where the call came from. */
  readonly address?: string | undefined;
}

interface ActivityAbout {
  readonly institutionUserId?: string | undefined;
  readonly details?: ActivityDetails;
}

/** One transaction: data, activity rows and announcements become visible together or not at all. */
export interface Write {
  readonly sql: Tx;
  audit(kind: ActivityKind, about?: ActivityAbout): Promise<void>;
  /** Does not wait for a statement that was sent: what comes next goes out with it. It is done before the commit, or nothing is. */
  beside(statement: Promise<void>): void;
  /** The same with the row of an activity. */
  auditBeside(kind: ActivityKind, about?: ActivityAbout): void;
  announce(...changes: readonly Change[]): Promise<void>;
  /** Runs when the transaction has committed, in this process; not at all when it rolls back. */
  afterCommit(action: () => void): void;
}

export type RunWrite = <Value>(context: WorkContext, work: (write: Write) => Promise<Value>) => Promise<Value>;

/** Runs work in a transaction; when it has committed, this process knows the announced changes before it goes on. */
export function createRunWrite(
  sql: Sql,
  feed: Pick<ChangeFeed, 'apply'>,
  countRunning: (change: 1 | -1) => void = () => undefined,
): RunWrite {
  return async (context, work) => {
    const announced: Change[] = [];
    const actions: (() => void)[] = [];
    countRunning(1);
    const transaction = sql.begin(async (tx) => {
      const sent: Promise<void>[] = [];
      const beside: Write['beside'] = (statement) => {
        // Whoever waits for it below hears of its failure.
        statement.catch(() => undefined);
        sent.push(statement);
      };
      const audit: Write['audit'] = (kind, about) => recordActivity(tx, toActivity(context, kind, about));
      const value = await work({
        sql: tx,
        audit,
        beside,
        auditBeside: (kind, about) => beside(audit(kind, about)),
        announce: async (...changes) => {
          announced.push(...changes);
          await announceChanges(tx, changes);
        },
        afterCommit: (action) => void actions.push(action),
      }).catch(async (error: unknown) => {
        // What is on its way still shall not come after the rollback, where nothing would take it back.
        await Promise.allSettled(sent);
        throw error;
      });
      await sendTogether(sent);
      return { value };
    });
    const outcome = await transaction.finally(() => countRunning(-1));
    for (const action of actions) action();
    if (announced.length > 0) await feed.apply(announced);
    return outcome.value;
  };
}

function toActivity(context: WorkContext, kind: ActivityKind, about: ActivityAbout | undefined): Activity {
  return {
    institutionId: context.institutionId,
    occurredAt: context.now,
    kind,
    institutionUserId: about?.institutionUserId,
    clientId: context.clientId,
    operation: context.operation,
    traceId: context.traceId,
    address: context.address,
    details: about?.details,
  };
}
