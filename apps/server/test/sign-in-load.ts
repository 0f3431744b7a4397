import { eventually } from '@openbranch/testkit/eventually';
import {
  callToken,
  callUnlock,
  callUserStatus,
  type LiveAnswer,
  type LiveApplication,
  textIn,
} from '@openbranch/testkit/live-calls';
import { type Attempt, createUserModel, type UserModel } from './user-model.ts';

/** Sign-ins and token calls without a pause, that hold every answer of a server against what they know of its users. */

export interface LoadTarget {
  readonly baseUrl: string;
  readonly institutionId: string;
  /** Has every grant, every scope, and no limit of calls. */
  readonly application: LiveApplication;
  readonly maxFailed: number;
}

export interface LoadUser {
  readonly customerId: string;
  readonly institutionUserId: string;
  readonly loginId: string;
  readonly password: string;
}

/** The activity row that an acknowledged answer must have left. */
export interface Acknowledged {
  readonly traceId: string;
  readonly kind: 'user_signed_in' | 'user_sign_in_failed' | 'user_unlocked' | 'token_refreshed';
}

export interface Load {
  readonly acknowledged: readonly Acknowledged[];
  /** Attempts of users of which nobody knows what they have done: the answer was lost, or said that something had failed. */
  lost(): number;
  /** Rejects as soon as an answer is wrong. */
  readonly failure: Promise<never>;
  /** Ends it; the last states of the users. */
  stop(): Promise<ReadonlyMap<string, UserModel>>;
}

const longestOutageMs = 120_000;

export function startLoad(target: LoadTarget, users: readonly LoadUser[], token: string, refreshUser: LoadUser): Load {
  const acknowledged: Acknowledged[] = [];
  const models = new Map(users.map((user) => [user.institutionUserId, createUserModel(target.maxFailed)]));
  let lost = 0;
  let isOver = false;

  /** The answer, or undefined when nobody knows what the call has done. */
  const attempt = async (call: () => Promise<LiveAnswer>): Promise<LiveAnswer | undefined> => {
    const answer = await call().catch(() => undefined);
    return answer !== undefined && answer.status < 500 ? answer : undefined;
  };
  const untilAnswered = (call: () => Promise<LiveAnswer>) =>
    eventually(() => attempt(call), { deadlineMs: longestOutageMs, pauseMs: 20 });

  const driveUser = async (user: LoadUser, model: UserModel, choose: (step: number) => Attempt): Promise<void> => {
    for (let step = 0; !isOver; step += 1) {
      const wanted = chooseFor(model, choose(step), step);
      const answer = await attempt(() => perform(target, user, token, wanted));
      model.settle(wanted, answer === undefined ? undefined : isAccepted(wanted, answer));
      if (answer === undefined) {
        lost += 1;
        model.observe(await readState(user));
      } else {
        const kind = kindOf(wanted, answer);
        if (kind !== undefined) acknowledged.push({ traceId: answer.traceId, kind });
      }
    }
  };
  const readState = async ({ institutionUserId }: LoadUser) => {
    const answer = await untilAnswered(() => callUserStatus(target.baseUrl, token, institutionUserId));
    return toState(answer);
  };
  const driveTokens = async (): Promise<void> => {
    let latest = token;
    while (!isOver) {
      const form = { grant_type: 'client_credentials' };
      const answer = await untilAnswered(() => callToken(target.baseUrl, target.application, target.institutionId, form));
      // A token from before the kill opens as well as a new one.
      const status = await untilAnswered(() => callUserStatus(target.baseUrl, latest, refreshUser.institutionUserId));
      expectStatus(status, 200);
      expectStatus(answer, 200);
      latest = textIn(answer, 'access_token');
    }
  };
  const driveRefresh = async (): Promise<void> => {
    const { loginId: username, password } = refreshUser;
    const { baseUrl, application, institutionId } = target;
    const form = { grant_type: 'password', username, password };
    const first = await untilAnswered(() => callToken(baseUrl, application, institutionId, form));
    expectStatus(first, 200);
    let refreshToken = textIn(first, 'refresh_token');
    while (!isOver) {
      // When the answer was lost the same token is sent again, and must give the same or a first pair.
      const refresh = { grant_type: 'refresh_token', refresh_token: refreshToken };
      const answer = await untilAnswered(() => callToken(baseUrl, application, institutionId, refresh));
      expectStatus(answer, 200);
      refreshToken = textIn(answer, 'refresh_token');
    }
  };

  const drivers = users.map((user, index) => {
    const model = models.get(user.institutionUserId) ?? createUserModel(target.maxFailed);
    return driveUser(user, model, index % 2 === 0 ? onlyWrong : mostlyRight);
  });
  const all = Promise.all([...drivers, driveTokens(), driveRefresh()]);
  const failure = all.then(() => new Promise<never>(() => undefined));
  // Whoever waits for the load hears of it; nobody else needs to.
  failure.catch(() => undefined);
  return {
    acknowledged,
    lost: () => lost,
    failure,
    stop: async () => {
      isOver = true;
      await all;
      return models;
    },
  };
}

const onlyWrong = (): Attempt => 'wrong password';
const mostlyRight = (step: number): Attempt => (step % 4 === 3 ? 'wrong password' : 'right password');

/** A locked user is tried with the right password once, which must not get in, and then unlocked. */
function chooseFor(model: UserModel, wanted: Attempt, step: number): Attempt {
  const isLocked = model.states().every((state) => state.isLocked);
  if (!isLocked) return wanted;
  return step % 2 === 0 ? 'right password' : 'unlock';
}

function perform(target: LoadTarget, user: LoadUser, token: string, attempt: Attempt): Promise<LiveAnswer> {
  const { baseUrl, application, institutionId } = target;
  if (attempt === 'unlock') return callUnlock(baseUrl, token, user.customerId);
  const password = attempt === 'right password' ? user.password : `not ${user.password}`;
  return callToken(baseUrl, application, institutionId, { grant_type: 'password', username: user.loginId, password });
}

function isAccepted(attempt: Attempt, answer: LiveAnswer): boolean {
  const [accepted, refused] = attempt === 'unlock' ? [204, 400] : [200, 401];
  if (answer.status !== accepted && answer.status !== refused) expectStatus(answer, accepted);
  return answer.status === accepted;
}

function kindOf(attempt: Attempt, { status }: LiveAnswer): Acknowledged['kind'] | undefined {
  if (attempt === 'unlock') return status === 204 ? 'user_unlocked' : undefined;
  return status === 200 ? 'user_signed_in' : 'user_sign_in_failed';
}

function toState(answer: LiveAnswer) {
  expectStatus(answer, 200);
  const info: unknown = answer.body?.['additionalInfo'];
  const count: unknown = typeof info === 'object' && info !== null ? Reflect.get(info, 'failedLoginCount') : undefined;
  return { failedLoginCount: Number(count), isLocked: answer.body?.['locked'] === true };
}

function expectStatus({ status, body }: LiveAnswer, expected: number): void {
  if (status !== expected) throw new Error(`The server answered ${status} and not ${expected}: ${JSON.stringify(body)}`);
}
