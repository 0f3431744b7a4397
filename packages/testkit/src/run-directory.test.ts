import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { makeRunDirectory, removeLeftoverRuns } from './run-directory.ts';

const program = `
  import { startTestServer } from ${JSON.stringify(new URL('test-server.ts', import.meta.url).href)};
  const { target } = await startTestServer();
  console.log(JSON.stringify(target));
  setInterval(() => undefined, 60_000);
`;

test('what a killed run of the tests left behind is stopped and deleted by a later one, which leaves runs that live alone', async () => {
  const place = await makeRunDirectory();
  const mine = await makeRunDirectory(place.path);
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: place.path },
  });
  const [line] = await once(createInterface(child.stdout), 'line');
  const socketDirectory = decodeURIComponent(new URL(JSON.parse(line).url).hostname);
  await removeLeftoverRuns(place.path, 0);
  await access(socketDirectory);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await removeLeftoverRuns(place.path, 0);
  await expect(access(socketDirectory)).rejects.toThrow('ENOENT');
  await access(mine.path);
  await mine.remove();
  await place.remove();
});
