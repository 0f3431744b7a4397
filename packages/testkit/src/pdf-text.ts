import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const program = '/usr/bin/pdftotext';

/** True where Debian's poppler-utils is not installed; where everything has to be shown, a missing one is a failure. */
export const isPdfReaderMissing = !existsSync(program) && process.env['CI'] !== 'true';
/** For the name of a test that is left out for want of it. */
export const unlessPdfReader = isPdfReaderMissing ? ' (skipped: the Debian package poppler-utils is not installed)' : '';

/** The lines of a PDF as a reader prints them, without empty ones; runs of blanks are one. */
export function pdfLines(file: Buffer): string[] {
  const { status, stdout, stderr } = spawnSync(program, ['-layout', '-', '-'], { input: file, encoding: 'utf8' });
  if (status !== 0) throw new Error(`pdftotext cannot read the file: ${stderr}`);
  return stdout
    .split('\n')
    .map((line) => line.replaceAll(/\s+/gu, ' ').trim())
    .filter((line) => line !== '');
}
