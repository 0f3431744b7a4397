import type { BenchOptions } from './bench-options.ts';
import { renderComparison } from './compare.ts';
import { loadCore, serverCore } from './cores.ts';
import { sendOnce } from './http-request.ts';
import { type Load, prepareLoad } from './load.ts';
import { measureInterleaved } from './measure-interleaved.ts';
import { pinPostgres } from './pin-postgres.ts';
import { application, institutionId, prepareInstitution, scopes } from './prepared-institution.ts';
import { type RunningServer, startOpenbranch, startRival } from './start-openbranch.ts';
import { type LoadedServer, toContender } from './to-contender.ts';
import { tokenRequest } from './token-request.ts';

const connections = 32;

/** The same request to every server. */
const request = tokenRequest({ grant_type: 'client_credentials' });

const ours = 'Openbranch';
const oidcProvider = 'node-oidc-provider';
const floor = 'Fastify + one ES256 signature';
const constant = 'Fastify answering a constant';

/** (a) Tokens a second on one core. */
export async function benchTokens(options: BenchOptions): Promise<string> {
  const institution = await prepareInstitution(1);
  pinPostgres(institution, loadCore);
  const env = {
    CLIENT_ID: application.clientId,
    CLIENT_SECRET: application.clientSecret,
    INSTITUTION_ID: institutionId,
    SCOPES: scopes.join(' '),
  };
  const servers = new Map<string, RunningServer>();
  try {
    servers.set(ours, await startOpenbranch(institution, serverCore, options.profileFolder));
    servers.set(floor, await startRival('fastify-signs.ts', serverCore, env));
    servers.set(oidcProvider, await startRival('oidc-provider.ts', serverCore, env));
    servers.set(constant, await startRival('fastify-constant.ts', serverCore, env));
    return await compareTokens(servers, options);
  } finally {
    for (const server of servers.values()) await server.stop();
    await institution.remove();
  }
}

async function compareTokens(servers: ReadonlyMap<string, RunningServer>, options: BenchOptions): Promise<string> {
  const loads: Load[] = [];
  const contenders: LoadedServer[] = [];
  try {
    for (const [name, server] of servers) {
      const { baseUrl } = server;
      const answer = JSON.parse(await sendOnce(baseUrl, request));
      console.log(`  ${name}: token of ${answer.access_token.length} characters`);
      const load = await prepareLoad({ baseUrl, requests: [request], connections, cores: loadCore });
      loads.push(load);
      contenders.push(toContender(name, load, server));
    }
    const measured = await measureInterleaved(contenders, options);
    return await renderComparison({
      ours,
      unit: 'Tokens a second',
      measured,
      goals: [
        { against: oidcProvider, least: 2.5 },
        { against: floor, least: 0.85 },
      ],
      servers: contenders,
    });
  } finally {
    for (const load of loads) await load.remove();
  }
}
