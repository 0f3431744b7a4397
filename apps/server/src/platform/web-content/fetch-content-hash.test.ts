import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fetchContentHash } from './fetch-content-hash.ts';
import { isPublicAddress } from './public-address.ts';

let server: Server;
let host: string;
let asked: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (request.url === '/silent') return;
    if (request.url === '/moved') response.writeHead(302, { location: '/text' }).end();
    else if (request.url === '/gone') response.writeHead(404).end('gone');
    else response.end('the text');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  host = `localhost:${typeof address === 'object' && address !== null ? address.port : 0}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const here = (address: string) => address === '127.0.0.1' || address === '::1';
const rules = () => ({ allowedHosts: [host], mayConnectTo: here });

test('what a listed host holds is hashed with SHA-256', async () => {
  const found = await fetchContentHash(`http://${host}/text`, rules());
  expect(found).toEqual({ ok: true, value: createHash('sha256').update('the text').digest() });
});

test.each([
  ['another host', 'host_not_allowed', 'http://other.example/text'],
  ['a file', 'host_not_allowed', 'file:///etc/passwd'],
  ['what is no URL', 'host_not_allowed', 'not a url'],
  ['a redirect', 'not_found', 'http://HOST/moved'],
  ['a text that is not there', 'not_found', 'http://HOST/gone'],
])('%s gives nothing: %s', async (_what, refusal, url) => {
  asked = [];
  expect(await fetchContentHash(url.replace('HOST', host), rules())).toEqual({ ok: false, refusal });
  expect(asked).not.toContain('/text');
});

test('a host of this machine or of its network is not asked, by name or by address', async () => {
  asked = [];
  const port = host.split(':')[1] ?? '';
  for (const one of [host, `127.0.0.1:${port}`, `[::1]:${port}`, `[::ffff:7f00:1]:${port}`, `2130706433:${port}`]) {
    const { host: spelled } = new URL(`http://${one}/`);
    const found = await fetchContentHash(`http://${one}/text`, { allowedHosts: [spelled] });
    expect(found, one).toEqual({ ok: false, refusal: 'address_not_allowed' });
  }
  expect(asked).toEqual([]);
});

test('size and time are bounded, and a port where nobody listens is only unreachable', async () => {
  expect(await fetchContentHash(`http://${host}/text`, { ...rules(), longestBytes: 7 })).toMatchObject({ refusal: 'too_large' });
  expect(await fetchContentHash(`http://${host}/silent`, { ...rules(), timeoutMs: 50 })).toMatchObject({ refusal: 'timeout' });
  const nobody = { ...rules(), allowedHosts: ['localhost:1'] };
  expect(await fetchContentHash('http://localhost:1/text', nobody)).toMatchObject({ refusal: 'unreachable' });
});

test.each([
  '10.1.2.3',
  '127.0.0.1',
  '169.254.169.254',
  '172.31.0.1',
  '192.168.0.1',
  '100.64.0.1',
  '0.0.0.0',
  '224.0.0.1',
  '255.255.255.255',
])('%s is not public', (address) => expect(isPublicAddress(address)).toBe(false));
test.each([
  '::1',
  '::',
  'fe80::1',
  'fc00::1',
  '::ffff:8.8.8.8',
  '64:ff9b::808:808',
  '2002:7f00:1::',
  '2001:db8::1',
  'ff02::1',
  'text',
])('%s is not public', (address) => expect(isPublicAddress(address)).toBe(false));
test.each(['8.8.8.8', '172.32.0.1', '2606:4700:4700::1111'])('%s is public', (address) =>
  expect(isPublicAddress(address)).toBe(true),
);
