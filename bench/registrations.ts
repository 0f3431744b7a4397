import { randomUUID } from 'node:crypto';
import type { BenchOptions } from './bench-options.ts';
import { renderComparison } from './compare.ts';
import { type PreparedRequest, sendOnce } from './http-request.ts';
import { prepareLoad } from './load.ts';
import { startMailSink } from './mail-sink.ts';
import { measureArgon2 } from './measure-argon2.ts';
import { measureInterleaved } from './measure-interleaved.ts';
import { application, institutionId, prepareInstitution } from './prepared-institution.ts';
import { type RunningServer, startOpenbranch } from './start-openbranch.ts';
import { toContender } from './to-contender.ts';

const connections = 16;
/** No round is faster than this: every person is new. */
const mostASecond = 600;

const ours = 'Openbranch';
const floor = 'argon2 alone';

/** Registrations of new people, each with its welcome mail, on all cores with load, database and mail server. */
export async function benchRegistrations(options: BenchOptions): Promise<string> {
  const institution = await prepareInstitution(1);
  const mail = await startMailSink();
  try {
    const openbranch = await startOpenbranch(institution, undefined, options.profileFolder, mail.smtpUrl);
    try {
      return await compare(openbranch, options);
    } finally {
      await openbranch.stop();
    }
  } finally {
    await mail.close();
    await institution.remove();
  }
}

async function compare(openbranch: RunningServer, options: BenchOptions): Promise<string> {
  const { baseUrl } = openbranch;
  const token = await legacyToken(baseUrl);
  const count = (options.rounds * options.seconds + 5) * mostASecond;
  await sendOnce(baseUrl, registration(token, count));
  const requests = Array.from({ length: count }, (_, index) => registration(token, index));
  const load = await prepareLoad({ baseUrl, requests, connections, cores: undefined });
  try {
    const hashing = { name: floor, measure: (seconds: number) => measureArgon2('hash', seconds) };
    const registering = toContender(ours, load, openbranch);
    const measured = await measureInterleaved([registering, hashing], options);
    const goals = [{ against: floor, least: 0.7 }];
    return await renderComparison({ ours, unit: 'Registrations a second', measured, goals, servers: [registering] });
  } finally {
    await load.remove();
  }
}

async function legacyToken(baseUrl: string): Promise<string> {
  const { clientId, clientSecret } = application;
  const answer = await sendOnce(baseUrl, {
    method: 'POST',
    path: '/v1/oauth/token',
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
      'user-agent': 'bench',
      di_fiid: institutionId,
      di_tid: randomUUID(),
    },
    body: 'grant_type=client_credentials',
  });
  return /<access_token>([^<]+)</u.exec(answer)?.[1] ?? '';
}

function registration(token: string, index: number): PreparedRequest {
  const person = {
    personName: { firstName: 'Pat', lastName: 'Demo' },
    contactInfo: {
      emailAddress: `pat${index}@bench.invalid`,
      postalAddress: [{ address1: '12 Sample Row', city: 'Springdale', state: 'NJ', postalCode: '07047', country: 'USA' }],
      phoneNumber: [{ number: String(2_010_000_000 + index), countryCode: '0' }],
    },
    birthDate: '1989-10-09',
  };
  const credential = { loginId: `patdemo${index}`, password: 'Blue@kite7' };
  const customer = {
    memberNumber: `M${index}`,
    person,
    channelInfos: { channelInfo: [{ channelType: 'TPV_API', credential }] },
    acceptedDisclosure: 'true',
    ssn: String(100_000_000 + index),
    motherMaidenName: 'Sample',
  };
  return {
    method: 'POST',
    path: `/registration/v4/fis/${institutionId}/fiCustomers`,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', di_tid: randomUUID() },
    body: JSON.stringify({ FICustomer: customer }),
  };
}
