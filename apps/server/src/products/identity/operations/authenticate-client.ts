import { hash, timingSafeEqual } from 'node:crypto';
import type { Application } from '../../../kernel/application.ts';
import type { KeyRing } from '../../../platform/keys/key-ring.ts';
import type { ApplicationDirectory } from '../store/application-directory.ts';
import type { SecretUsage } from '../store/secret-usage.ts';

const basic = /^basic +([A-Za-z0-9+/_-]+={0,2})$/iu;
const longestHeader = 1024;
const noSecret = Buffer.alloc(32);
const mostRemembered = 1000;

/** What a header presents: an application and the hash of a secret, which may be wrong. */
interface Presented {
  readonly clientId: string;
  readonly secretHash: Buffer;
}

/**
 * HTTP Basic with the keys of an application (RFC 7617); padding of the base64 is optional. Any live secret opens, so
 * that a secret can be changed without a gap. An unknown application costs the same HMAC and comparison as a known one.
 * The HMAC is a good part of the cost of a token, so for headers that were right it is remembered, under their digest;
 * it is compared anew each time.
 */
export function createAuthenticateClient(applications: ApplicationDirectory, keyRing: KeyRing, usage: SecretUsage) {
  const remembered = new Map<string, Presented>();
  return (authorization: string | undefined): Application | undefined => {
    if (authorization === undefined || authorization.length > longestHeader) return undefined;
    const digest = hash('sha256', authorization, 'base64');
    const presented = remembered.get(digest) ?? readPresented(keyRing, authorization);
    if (presented === undefined) return undefined;
    const { clientId } = presented;
    const now = Date.now();
    const live = applications.secretsOf(clientId).filter(({ expiresAt }) => expiresAt === undefined || expiresAt.getTime() > now);
    if (live.length === 0) {
      timingSafeEqual(presented.secretHash, noSecret);
      return undefined;
    }
    const matching = live.find(({ secretHash }) => timingSafeEqual(presented.secretHash, secretHash));
    if (matching === undefined) return undefined;
    if (remembered.size >= mostRemembered) remembered.clear();
    remembered.set(digest, presented);
    usage.note(clientId, matching.secretId, now);
    return applications.find(clientId);
  };
}

function readPresented(keyRing: KeyRing, authorization: string): Presented | undefined {
  const encoded = basic.exec(authorization)?.[1];
  if (encoded === undefined) return undefined;
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  if (colon === -1) return undefined;
  const clientId = pair.slice(0, colon);
  return { clientId, secretHash: hashApplicationSecret(keyRing, clientId, pair.slice(colon + 1)) };
}

/** How a secret is stored: HMAC-SHA-256 under its own key, bound to its application. */
export function hashApplicationSecret(keyRing: KeyRing, clientId: string, secret: string): Buffer {
  return keyRing.hmac('application-secret', `${clientId}:${secret}`);
}
