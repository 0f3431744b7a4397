import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  endProcess,
  makeDataDirectory,
  programs,
  readSandbox,
  startProgram,
  untilReady,
} from '@openbranch/testkit/server-process';
import { expect, test } from 'vitest';

/** The tour of README.md as somebody who pastes it sees it: each shell block, and what README says it answers. */

const root = join(import.meta.dirname, '../../..');
const fence = '`'.repeat(3);
const borderOf = (index: number): string => `--- end of block ${index} ---`;

interface Block {
  readonly shell: string;
  readonly answer: string;
}

test('the tour of README.md, pasted into a POSIX shell, answers what README.md shows', { timeout: 180_000 }, async () => {
  const directory = await makeDataDirectory();
  const server = startProgram(programs.npmStart, [], { PORT: '0', OPENBRANCH_DATA_DIR: directory.path });
  try {
    await untilReady(server);
    const { baseUrl } = await readSandbox(directory.path);
    const blocks = readTour();
    expect(blocks.length).toBeGreaterThan(8);
    const said = await paste(blocks, directory.path);
    for (const [index, block] of blocks.entries()) {
      expect(said[index]?.trimEnd(), block.shell).toMatch(toPattern(block.answer.replaceAll('http://127.0.0.1:8080', baseUrl)));
    }
  } finally {
    await endProcess(server);
    await directory.remove();
  }
});

/** Shell blocks of the section "Tour", each with the block of its answer, which follows it. */
function readTour(): Block[] {
  const tour = /^## Tour$([\s\S]*?)^## /mu.exec(readFileSync(join(root, 'README.md'), 'utf8'))?.[1] ?? '';
  const pairs = new RegExp(`${fence}sh\\n([\\s\\S]*?)\\n${fence}\\n\\n${fence}(?:text|json|xml)\\n([\\s\\S]*?)\\n${fence}`, 'gu');
  const blocks = [...tour.matchAll(pairs)].map(([, shell = '', answer = '']) => ({ shell, answer }));
  expect(tour.split(`${fence}sh\n`).length - 1, 'each shell block is followed by its answer').toBe(blocks.length);
  return blocks;
}

/** Runs the blocks one after the other in one shell. @returns What each has said, standard error included. */
async function paste(blocks: readonly Block[], dataDirectory: string): Promise<string[]> {
  const script = blocks.map((block, index) => `${block.shell}\nprintf '%s\\n' '${borderOf(index)}'`).join('\n');
  const { PATH = '' } = process.env;
  const env = { PATH, OPENBRANCH_DATA_DIR: dataDirectory };
  const child = spawn('sh', ['-c', `exec 2>&1\n${script.replaceAll('.openbranch/', `${dataDirectory}/`)}`], { cwd: root, env });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await once(child, 'close');
  return blocks.map((_, index) => {
    const [own = '', rest = ''] = said.split(`${borderOf(index)}\n`);
    said = rest;
    return own;
  });
}

/** `…` stands for any text within a line, and a time for any time. */
function toPattern(answer: string): RegExp {
  const escaped = answer.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&');
  const times = escaped.replace(
    /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}/gu,
    '\\d{4}-\\d\\d-\\d\\dT[\\d:]{8}[+-]\\d\\d:\\d\\d',
  );
  return new RegExp(`^${times.replaceAll('…', '.+')}$`, 'u');
}
