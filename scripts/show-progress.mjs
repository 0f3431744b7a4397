/**
 * Shows a line at once and keeps it alive: on a terminal it counts the seconds, elsewhere a new line comes every ten.
 *
 * @param {string} title
 * @param {() => string} [detail] what to add to the seconds
 * @returns {{ stop: () => void, seconds: () => number }}
 */
export function showProgress(title, detail) {
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);
  const { isTTY } = process.stderr;
  const more = () => `${seconds()} s${detail === undefined ? '' : `, ${detail()}`}`;
  console.error(`${title} ...`);
  const timer = setInterval(() => process.stderr.write(isTTY ? `\r\x1b[K  ${more()}` : `  ${more()}\n`), isTTY ? 500 : 10_000);
  const stop = () => {
    clearInterval(timer);
    if (isTTY) process.stderr.write('\r\x1b[K');
  };
  return { stop, seconds };
}
