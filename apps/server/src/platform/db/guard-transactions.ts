import { setImmediate as nextTurn } from 'node:timers/promises';
import type postgres from 'postgres';
import type { JavaScriptTypes } from './javascript-types.ts';

// As in `database.ts`, which stands on this file.
type Sql = postgres.Sql<JavaScriptTypes>;
type Tx = postgres.TransactionSql<JavaScriptTypes>;

/**
 * Keeps a transaction from going on when its connection was lost. postgres.js 3.4.9 gives such a connection to the next
 * transaction, and still sends statements of the lost one over it, its own `rollback` first: they would be part of work that
 * they know nothing about, or end the process (porsager/postgres#1208, #1215, #1216).
 */
export function guardTransactions(sql: Sql, losses: Losses): Sql {
  return new Proxy(sql, {
    get: (target, name) => (name === 'begin' ? beginGuarded(target, losses) : Reflect.get(target, name)),
  });
}

/** Connections of the pool that were closed so far. */
export interface Losses {
  count: number;
}

type Work<Value> = (tx: Tx) => Value | Promise<Value>;

function beginGuarded(sql: Sql, losses: Losses) {
  return <Value>(first: string | Work<Value>, second?: Work<Value>) => {
    const [options, work] = typeof first === 'string' ? [first, second] : ['', first];
    if (work === undefined) throw new Error('A transaction needs work to do.');
    const state = { isLost: false };
    const transaction = sql.begin(options, (tx) => runGuarded(tx, state, losses, work));
    // While the work runs, only the loss of the connection can end the transaction.
    transaction.catch(() => {
      state.isLost = true;
    });
    return transaction;
  };
}

interface State {
  isLost: boolean;
}

/** Once the connection is lost this never settles, because postgres.js would answer with a `rollback` or `commit`. */
async function runGuarded<Value>(tx: Tx, state: State, losses: Losses, work: Work<Value>): Promise<Value> {
  const lossesBefore = losses.count;
  // What was waiting for the connection hears of the loss some moments before the transaction does.
  const settle = () => (losses.count === lossesBefore ? undefined : nextTurn());
  try {
    const value = await work(guardStatements(tx, state));
    await settle();
    return state.isLost ? await never() : value;
  } catch (error) {
    await settle();
    if (state.isLost) return await never();
    throw error;
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}

function guardStatements(tx: Tx, state: State): Tx {
  const assertThere = () => {
    if (state.isLost)
      throw Object.assign(new Error('The connection of the transaction was lost.'), { code: 'CONNECTION_CLOSED' });
  };
  return new Proxy(tx, {
    apply: (target, self, args) => {
      assertThere();
      return Reflect.apply(target, self, args);
    },
    get: (target, name) => {
      assertThere();
      return Reflect.get(target, name);
    },
  });
}
