import { createHash } from 'node:crypto';
import { lookup as resolve } from 'node:dns';
import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { accept, type Result, refuse } from '../../kernel/result.ts';
import { isPublicAddress } from './public-address.ts';

export type FetchRefusal = 'host_not_allowed' | 'address_not_allowed' | 'not_found' | 'too_large' | 'timeout' | 'unreachable';

export interface FetchRules {
  /** `docs.example.org`, or with a port that is not the usual one. Nothing else is ever asked. */
  readonly allowedHosts: readonly string[];
  readonly longestBytes?: number;
  readonly timeoutMs?: number;
  /** Default: only addresses of the public internet. */
  readonly mayConnectTo?: (address: string) => boolean;
}

const usualBytes = 10 * 1_048_576;
const usualTimeoutMs = 10_000;

/**
 * SHA-256 of what a URL holds. The URL comes from whoever may write disclosures, so it must not open what only this
 * machine can reach: the host must be listed by the operator, and its address, the very one that is connected to, must
 * be public. Redirects are not followed; size and time are bounded.
 */
export async function fetchContentHash(url: string, rules: FetchRules): Promise<Result<Buffer, FetchRefusal>> {
  const { longestBytes = usualBytes, timeoutMs = usualTimeoutMs, mayConnectTo = isPublicAddress } = rules;
  const target = URL.canParse(url) ? new URL(url) : undefined;
  if (target === undefined || !/^https?:$/u.test(target.protocol) || !rules.allowedHosts.includes(target.host))
    return refuse('host_not_allowed');
  // For a literal address nobody looks up a name.
  const literal = target.hostname.replace(/^\[|\]$/gu, '');
  if (isIP(literal) !== 0 && !mayConnectTo(literal)) return refuse('address_not_allowed');
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await open(target, signal, checkedLookup(mayConnectTo));
    if (response.statusCode !== 200) {
      response.destroy();
      return refuse('not_found');
    }
    return await hashOf(response, longestBytes);
  } catch (error) {
    if (error instanceof AddressNotAllowedError) return refuse('address_not_allowed');
    return refuse(signal.aborted ? 'timeout' : 'unreachable');
  }
}

class AddressNotAllowedError extends Error {
  override readonly name = 'AddressNotAllowedError';
}

/** What is looked up is what is connected to: a name cannot mean another address a moment later. */
function checkedLookup(mayConnectTo: (address: string) => boolean): LookupFunction {
  return (hostname, options, done) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error !== null || first === undefined) return done(error ?? new Error('no address'), []);
      if (!addresses.every(({ address }) => mayConnectTo(address))) return done(new AddressNotAllowedError(), []);
      return options.all === true ? done(null, addresses) : done(null, first.address, first.family);
    });
  };
}

function open(target: URL, signal: AbortSignal, lookup: LookupFunction): Promise<IncomingMessage> {
  return new Promise((fulfil, reject) => {
    const send = target.protocol === 'https:' ? requestSecure : requestPlain;
    const headers = { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'openbranch' };
    send(target, { agent: false, signal, lookup, headers }, fulfil).on('error', reject).end();
  });
}

async function hashOf(response: IncomingMessage, longestBytes: number): Promise<Result<Buffer, FetchRefusal>> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of response) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    // Leaving the loop ends the connection.
    if (bytes > longestBytes) return refuse('too_large');
    hash.update(chunk);
  }
  return accept(hash.digest());
}
