import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { parse } from 'node:querystring';
import Fastify from 'fastify';

/**
 * The floor of a service that issues JWTs: Fastify, the form read, one ES256 signature over the same claims, the same
 * answer. No client is authenticated, nothing is checked, counted or logged.
 */
const { PORT, ISSUER, CLIENT_ID, INSTITUTION_ID } = process.env;
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const keyId = 'F8CxO_KiNYbd7CsKSVWnbOjFaw0yFwTCGe9rTYBSRbY';
const header = Buffer.from(JSON.stringify({ typ: 'at+jwt', alg: 'ES256', kid: keyId })).toString('base64url');
const secondsToLive = 1800;

const app = Fastify();
app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
  done(null, parse(body.toString())),
);
app.get('/', () => 'ready');
app.post<{ Body: Record<string, string> }>('/oauth2/v1/token', { schema: { response: { 200: answerSchema() } } }, (request) => ({
  access_token: issue(request.body['scope']),
  expires_in: '1799',
  token_type: 'Bearer',
}));
await app.listen({ port: Number(PORT), host: '127.0.0.1' });

function issue(scope: string | undefined): string {
  const iat = Math.floor(Date.now() / 1000);
  const claims = {
    iss: ISSUER,
    aud: ISSUER,
    sub: CLIENT_ID,
    client_id: CLIENT_ID,
    institution_id: INSTITUTION_ID,
    scope,
    edition: 'v2',
    jti: randomUUID(),
    iat,
    exp: iat + secondsToLive,
  };
  const input = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  return `${input}.${toJose(sign('sha256', Buffer.from(input, 'latin1'), privateKey)).toString('base64url')}`;
}

/** ECDSA-Sig-Value (RFC 3279) to the 64 bytes of JWS: tag and length, then r and s, each an INTEGER of up to 33 bytes. */
function toJose(der: Buffer): Buffer {
  const jose = Buffer.alloc(64);
  const endOfR = 4 + (der[3] ?? 0);
  const startOfR = Math.max(4, endOfR - 32);
  const startOfS = Math.max(endOfR + 2, der.length - 32);
  der.copy(jose, 32 - (endOfR - startOfR), startOfR, endOfR);
  der.copy(jose, 64 - (der.length - startOfS), startOfS);
  return jose;
}

function answerSchema() {
  const text = { type: 'string' };
  return { type: 'object', properties: { access_token: text, expires_in: text, token_type: text } };
}
