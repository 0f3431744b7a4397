import { randomInt, randomUUID } from 'node:crypto';
import { eventually } from '@openbranch/testkit/eventually';
import { callTransfer, type LiveAnswer, textIn } from '@openbranch/testkit/live-calls';

/** Random transfers without a pause. Whoever has no answer asks again with the same trace id, as the contract wants it. */

export interface TransferTarget {
  readonly baseUrl: string;
  /** Of an application without limits. */
  readonly token: string;
}

/** A user, and the accounts between which it moves money. */
export interface Mover {
  readonly loginId: string;
  readonly customerId: string;
  readonly accountIds: readonly string[];
}

/** A transfer of which its client knows what came of it. */
export interface SettledTransfer {
  readonly traceId: string;
  readonly fromAccountId: string;
  readonly toAccountId: string;
  readonly amountMinor: bigint;
  /** False when there was not enough money. */
  readonly isMade: boolean;
}

export interface TransferLoad {
  readonly settled: readonly SettledTransfer[];
  /** Calls of which nobody knows what they have done: the answer was lost, or said that something had failed. */
  lost(): number;
  /** Answers that said that the lost call before them had moved the money. */
  replayed(): number;
  /** Rejects as soon as an answer is wrong. */
  readonly failure: Promise<never>;
  /** Ends it when every transfer has its answer. */
  stop(): Promise<void>;
}

const longestOutageMs = 90_000;
/** Some clients hang up before they have their answer, and ask again. */
const callsForEachHangUp = 10;
const longestPatienceMs = 200;
const tooMuch = 'TFR_10022';
const stillRunning = 'TFR_10000';

export function startTransferLoad(target: TransferTarget, movers: readonly Mover[], clients: number): TransferLoad {
  const settled: SettledTransfer[] = [];
  let [lost, replayed] = [0, 0];
  let isOver = false;

  const attempt = async (mover: Mover, traceId: string, json: object): Promise<LiveAnswer | undefined> => {
    const hangsUp = randomInt(callsForEachHangUp) === 0;
    const transfer = { traceId, json, ...(hangsUp && { signal: AbortSignal.timeout(randomInt(1, longestPatienceMs)) }) };
    const answer = await callTransfer(target.baseUrl, target.token, mover.loginId, transfer).catch(noAnswer);
    if (answer === 'not sent') return undefined;
    if (answer !== 'lost' && answer.status < 500) return textIn(answer, 'code') === stillRunning ? undefined : answer;
    lost += 1;
    return undefined;
  };
  const drive = async (): Promise<void> => {
    while (!isOver) {
      const mover = pick(movers);
      const transfer = chooseTransfer(mover);
      const body = toBody(mover, transfer);
      const answer = await eventually(() => attempt(mover, transfer.traceId, body), {
        deadlineMs: longestOutageMs,
        pauseMs: 50,
      });
      if (answer.isReplay) replayed += 1;
      settled.push({ ...transfer, isMade: isMade(answer) });
    }
  };
  const all = Promise.all(Array.from({ length: clients }, drive));
  const failure = all.then(() => new Promise<never>(() => undefined));
  // Whoever waits for the load hears of it; nobody else needs to.
  failure.catch(() => undefined);
  return {
    settled,
    lost: () => lost,
    replayed: () => replayed,
    failure,
    stop: async () => {
      isOver = true;
      await all;
    },
  };
}

/** Whoever is refused a connection has asked for nothing. */
function noAnswer(error: unknown): 'lost' | 'not sent' {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && Reflect.get(cause, 'code') === 'ECONNREFUSED' ? 'not sent' : 'lost';
}

function pick<Value>(values: readonly Value[]): Value {
  const value = values[randomInt(values.length)];
  if (value === undefined) throw new Error('There is nothing to choose from.');
  return value;
}

/** Some are for more than most accounts have. */
function chooseTransfer({ accountIds }: Mover): Omit<SettledTransfer, 'isMade'> {
  const fromAccountId = pick(accountIds);
  const toAccountId = pick(accountIds.filter((id) => id !== fromAccountId));
  const amountMinor = BigInt(randomInt(1, randomInt(5) === 0 ? 1_000_000 : 20_000));
  return { traceId: randomUUID(), fromAccountId, toAccountId, amountMinor };
}

function toBody({ customerId }: Mover, { fromAccountId, toAccountId, amountMinor }: Omit<SettledTransfer, 'isMade'>): object {
  const amount = { amount: Number(amountMinor) / 100, currencyCode: 'USD' };
  return { fromAccountHolderId: customerId, fromAccountId, toAccountId, amount };
}

function isMade(answer: LiveAnswer): boolean {
  if (answer.status === 200) return true;
  if (answer.status === 400 && textIn(answer, 'code') === tooMuch) return false;
  throw new Error(`The server answered ${answer.status}: ${JSON.stringify(answer.body)}`);
}
