import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSigningKeyRing } from '@openbranch/server/platform/keys/signing-key-ring';
import type { BenchOptions } from './bench-options.ts';
import { renderComparison } from './compare.ts';
import { loadCore, serverCore } from './cores.ts';
import { type PreparedRequest, sendOnce } from './http-request.ts';
import { prepareLoad } from './load.ts';
import { measureInterleaved } from './measure-interleaved.ts';
import { pinPostgres } from './pin-postgres.ts';
import { application, institutionId, type PreparedInstitution, prepareInstitution, scopes } from './prepared-institution.ts';
import { type RunningServer, startOpenbranch, startRival } from './start-openbranch.ts';
import { toContender } from './to-contender.ts';

const connections = 32;
const userCount = 500;
/** More than the server keeps verified, so that each comes back after it was forgotten. */
const tokenCount = 25_000;

const ours = 'Openbranch';
const floor = 'Fastify + the same selects';
const freshTokens = 'Openbranch, a fresh token each time';

/** (b) Reading the status of users with a bearer token. */
export async function benchUserStatus(options: BenchOptions): Promise<string> {
  const institution = await prepareInstitution(userCount);
  pinPostgres(institution, loadCore);
  const servers: RunningServer[] = [];
  try {
    const openbranch = await startOpenbranch(institution, serverCore, options.profileFolder);
    servers.push(openbranch);
    const issue = await tokenIssuer(institution, openbranch.baseUrl);
    const oneToken = issue();
    const requests = institution.users.map(({ institutionUserId }) => statusRequest(institutionUserId, oneToken));
    const rival = await startRival('fastify-selects.ts', serverCore, {
      DATABASE_URL: institution.target.url,
      INSTITUTION_ID: institutionId,
      ANSWERS: await captureAnswers(institution, openbranch.baseUrl, requests),
    });
    servers.push(rival);
    await assertSameAnswer(openbranch.baseUrl, rival.baseUrl, requests);
    console.log(`  preparing ${tokenCount} tokens`);
    const fresh = Array.from({ length: tokenCount }, (_, index) => {
      const user = institution.users[index % userCount];
      return statusRequest(user?.institutionUserId ?? '', issue());
    });
    return await compareStatus(openbranch, rival, requests, fresh, options);
  } finally {
    for (const server of servers) await server.stop();
    await institution.remove();
  }
}

function statusRequest(institutionUserId: string, token: string): PreparedRequest {
  return {
    method: 'GET',
    path: `/v1/user-status/${institutionUserId}?userIdType=INSTITUTION_USER_ID`,
    headers: { authorization: `Bearer ${token}`, transactionId: 'b1a7c7f0-5d5e-4f6a-9d5a-6a3f5f1d9a11' },
  };
}

/** Signs tokens like those of the server, faster than by asking it. */
async function tokenIssuer({ database, keyRing }: PreparedInstitution, issuer: string): Promise<() => string> {
  const keys = await openSigningKeyRing(database.sql, keyRing);
  const iat = Math.floor(Date.now() / 1000);
  const claims = { iss: issuer, aud: issuer, sub: application.clientId, client_id: application.clientId };
  const rest = { institution_id: institutionId, scope: scopes.join(' '), edition: 'v2', iat, exp: iat + 7200 };
  return () => keys.sign(JSON.stringify({ ...claims, ...rest, jti: randomUUID() }));
}

/** What Openbranch answers for each user, in a file for its rival. */
async function captureAnswers(
  { folder, users }: PreparedInstitution,
  baseUrl: string,
  requests: readonly PreparedRequest[],
): Promise<string> {
  const answers: [string, string][] = [];
  for (const [index, request] of requests.entries()) {
    answers.push([users[index]?.institutionUserId ?? '', await sendOnce(baseUrl, request)]);
  }
  const file = join(folder, 'answers.json');
  await writeFile(file, JSON.stringify(answers));
  return file;
}

async function assertSameAnswer(ours: string, theirs: string, [request]: readonly PreparedRequest[]): Promise<void> {
  if (request === undefined) throw new Error('There is no request.');
  const answer = await sendOnce(ours, request);
  console.log(`  ${answer}`);
  if (answer !== (await sendOnce(theirs, request))) throw new Error('The servers answer differently.');
}

async function compareStatus(
  openbranch: RunningServer,
  rival: RunningServer,
  requests: readonly PreparedRequest[],
  fresh: readonly PreparedRequest[],
  options: BenchOptions,
): Promise<string> {
  const loads = [
    await prepareLoad({ baseUrl: openbranch.baseUrl, requests, connections, cores: loadCore }),
    await prepareLoad({ baseUrl: rival.baseUrl, requests, connections, cores: loadCore }),
    await prepareLoad({ baseUrl: openbranch.baseUrl, requests: fresh, connections, cores: loadCore }),
  ] as const;
  try {
    const [own, theirs, verifying] = loads;
    const contenders = [
      toContender(ours, own, openbranch),
      toContender(floor, theirs, rival),
      toContender(freshTokens, verifying, openbranch),
    ];
    const measured = await measureInterleaved(contenders, options);
    const goals = [{ against: floor, least: 0.5 }];
    return await renderComparison({ ours, unit: 'Answers a second', measured, goals, servers: contenders });
  } finally {
    for (const load of loads) await load.remove();
  }
}
