import type { BenchOptions } from './bench-options.ts';
import { renderComparison } from './compare.ts';
import { sendOnce } from './http-request.ts';
import { prepareLoad } from './load.ts';
import { measureArgon2 } from './measure-argon2.ts';
import { measureInterleaved } from './measure-interleaved.ts';
import { password, prepareInstitution } from './prepared-institution.ts';
import { startOpenbranch } from './start-openbranch.ts';
import { toContender } from './to-contender.ts';
import { signInRequest } from './token-request.ts';

const connections = 16;
const userCount = 2000;

const ours = 'Openbranch';
const floor = 'argon2 alone';

/** (c) Password sign-ins, each with its transaction and its pair of tokens, on all cores with load and database. */
export async function benchSignIns(options: BenchOptions): Promise<string> {
  const institution = await prepareInstitution(userCount);
  try {
    const openbranch = await startOpenbranch(institution, undefined, options.profileFolder);
    const requests = institution.users.map(({ loginName }) => signInRequest(loginName, password));
    const load = await prepareLoad({ baseUrl: openbranch.baseUrl, requests, connections, cores: undefined });
    try {
      await sendOnce(openbranch.baseUrl, signInRequest(institution.users[0]?.loginName ?? '', password));
      const verifying = { name: floor, measure: (seconds: number) => measureArgon2('verify', seconds) };
      const signingIn = toContender(ours, load, openbranch);
      const measured = await measureInterleaved([signingIn, verifying], options);
      const goals = [{ against: floor, least: 0.9 }];
      return await renderComparison({ ours, unit: 'Sign-ins a second', measured, goals, servers: [signingIn] });
    } finally {
      await load.remove();
      await openbranch.stop();
    }
  } finally {
    await institution.remove();
  }
}
