import { gunzipSync } from 'node:zlib';
import { type Activity, recordActivity } from '@openbranch/server/platform/audit/record-activity';
import type { Sql } from '@openbranch/server/platform/db/database';
import type { ApiCaller } from './api-caller.ts';
import { refusalOf } from './refusal-of.ts';

/** Searches of the activity log as the partner of a seeded institution makes them. */

export interface FoundActivities {
  readonly status: number;
  readonly count: number;
  readonly rows: readonly Readonly<Record<string, string>>[];
  readonly nextPageToken: string | undefined;
}

type Headers = Readonly<Record<string, string | undefined>>;

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/** A moment of the real time, which is that of an institution whose clock was not moved. */
export function fromNow(ms: number): Date {
  return new Date(Date.now() + ms);
}

/** The last day and the next hour. */
export function lastDay(): { startTime: string; endTime: string } {
  return { startTime: fromNow(-dayMs).toISOString(), endTime: fromNow(hourMs).toISOString() };
}

export type ActivitySearch = ReturnType<typeof createActivitySearch>;

export function createActivitySearch(api: ApiCaller) {
  /** The body as it is; a text is no JSON yet. A fresh token goes with it, so that moved clocks do no harm. */
  const send = async (body: unknown, headers: Headers = {}, url = '/v1/banking-activities') =>
    api.withToken(await api.partnerToken('banking-activities:read'), 'POST', url, {
      headers: { 'content-type': 'application/json', ...headers },
      payload: typeof body === 'string' ? body : JSON.stringify(body),
    });
  /** Of the last day, unless the body says otherwise. */
  const search = async (body: object = {}, headers: Headers = {}): Promise<FoundActivities> => {
    const { statusCode: status, rawPayload } = await send({ ...lastDay(), ...body }, headers);
    if (status !== 200) return { status, count: 0, rows: [], nextPageToken: undefined };
    const { count, bankingActivities, nextPageToken }: Answer = JSON.parse(gunzipSync(rawPayload).toString('utf8'));
    return { status, count, rows: bankingActivities, nextPageToken };
  };
  return {
    send,
    search,
    refusal: (body: object, headers: Headers = {}) => refusalOf(send({ ...lastDay(), ...body }, headers)),
    /** Every page of a search, in turn. @param between What happens before each further page. */
    pages: async (body: object, between: () => Promise<unknown> = async () => undefined): Promise<FoundActivities[]> => {
      const found = [await search(body)];
      for (let next = found[0]?.nextPageToken; next !== undefined; next = found.at(-1)?.nextPageToken) {
        await between();
        found.push(await search({ ...body, nextPageToken: next }));
      }
      return found;
    },
  };
}

interface Answer {
  readonly count: number;
  readonly bankingActivities: FoundActivities['rows'];
  readonly nextPageToken?: string;
}

/** What tells the rows of a test apart. */
export function traceIdsOf({ rows }: FoundActivities): (string | undefined)[] {
  return rows.map((row) => row['reqctx_id']);
}

/** Writes rows of the log, of now where they say nothing else. */
export async function recordActivities(
  sql: Sql,
  institutionId: string,
  ...activities: readonly (Partial<Activity> & Pick<Activity, 'kind'>)[]
): Promise<void> {
  await sql.begin(async (tx) => {
    for (const activity of activities) await recordActivity(tx, { institutionId, occurredAt: new Date(), ...activity });
  });
}

/** Rows that differ by trace id (`row 1`) and, a second each, by time; the newest last. */
export function recordSignIns(sql: Sql, institutionId: string, count: number, from = 1): Promise<void> {
  const rows = Array.from({ length: count }, (_, index) => ({
    kind: 'user_signed_in' as const,
    traceId: `row ${from + index}`,
    occurredAt: fromNow(-hourMs + (from + index) * 1000),
  }));
  return recordActivities(sql, institutionId, ...rows);
}
