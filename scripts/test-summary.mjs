import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

/**
 * @typedef {object} TestSummary
 * @property {number} passed
 * @property {string[]} failed names of what failed
 * @property {string[]} failedFiles the files that hold what failed
 * @property {string[]} skipped names of what was skipped
 */

/** @typedef {{ status: string, fullName: string }} Assertion */
/** @typedef {{ name: string, status: string, assertionResults: Assertion[] }} FileResult */

/**
 * Counts what vitest's JSON report holds. A file that could not even be loaded counts as one failure.
 *
 * @param {string} reportFile
 * @param {string} root the names of files are told from here
 * @returns {TestSummary | undefined} undefined when vitest wrote no report
 */
export function readTestSummary(reportFile, root) {
  /** @type {FileResult[]} */
  let files;
  try {
    files = JSON.parse(readFileSync(reportFile, 'utf8')).testResults;
  } catch {
    return undefined;
  }
  /** @param {(status: string) => boolean} matches */
  const named = (matches) =>
    files.flatMap((file) =>
      file.assertionResults
        .filter(({ status }) => matches(status))
        .map(({ fullName }) => `${relative(root, file.name)}: ${fullName}`),
    );
  const unloadable = files.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.every((result) => result.status !== 'failed'),
  );
  return {
    passed: named((status) => status === 'passed').length,
    failed: [...named((status) => status === 'failed'), ...unloadable.map(({ name }) => `${relative(root, name)} as a whole`)],
    failedFiles: files.filter(({ status }) => status === 'failed').map(({ name }) => relative(root, name)),
    skipped: named((status) => status !== 'passed' && status !== 'failed'),
  };
}
