const firstSeconds = 5;
const longestSeconds = 3600;

/**
 * Doubles with every try up to an hour, and is spread by a quarter, so that the messages of an outage do not all come
 * back at once.
 * @param attempts Tries so far, from 1.
 * @param random From 0 to 1.
 */
export function retryDelaySeconds(attempts: number, random: number): number {
  const steady = Math.min(firstSeconds * 2 ** (attempts - 1), longestSeconds);
  return steady * (1 + random / 4);
}
