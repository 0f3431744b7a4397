/**
 * One operation has many spellings (Conventions section 1): an optional `/digitalbanking[/stage|/sandbox]` lead, an
 * action after a colon, percent-encoding, a trailing slash. This turns a request's URL into the one spelling that the
 * router knows, in which an action stands as a segment of its own: `/v1/customers/ID/@unlock-user`. No caller can write
 * that form, because `@` leaves this function only as `%40`.
 */
export type NormaliseUrl = (url: string) => string;

/** Marks an action segment in routes. */
export const actionMark = '@';

const isPlain = /^[/A-Za-z0-9._~-]*$/u;
const lead = /^\/digitalbanking(?:\/(?:stage|sandbox))?(?=\/|$)/u;

/** @param actions Every action of the contract, in kebab case. */
export function createNormaliseUrl(actions: ReadonlySet<string>): NormaliseUrl {
  return (url) => {
    const queryStart = url.indexOf('?');
    const path = queryStart === -1 ? url : url.slice(0, queryStart);
    // The usual spelling needs no work.
    if (isPlain.test(path) && !path.startsWith('/digitalbanking') && (path.length === 1 || !path.endsWith('/'))) return url;
    const query = queryStart === -1 ? '' : url.slice(queryStart);
    return normalisePath(path, actions) + query;
  };
}

function normalisePath(path: string, actions: ReadonlySet<string>): string {
  const encoded = path.split('/').map((segment) => encodeURIComponent(decodeOnce(segment).toWellFormed()));
  const stripped = encoded.join('/').replace(lead, '');
  const trimmed = stripped.length > 1 && stripped.endsWith('/') ? stripped.slice(0, -1) : stripped;
  return splitAction(trimmed === '' ? '/' : trimmed, actions);
}

/** Segment by segment, so that `%2F` never becomes a separator. One with a malformed escape stays as it is written. */
function decodeOnce(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function splitAction(path: string, actions: ReadonlySet<string>): string {
  // encodeURIComponent has written every colon as %3A.
  const colon = path.lastIndexOf('%3A');
  if (colon <= path.lastIndexOf('/') + 1) return path;
  const action = toKebabCase(path.slice(colon + '%3A'.length));
  return actions.has(action) ? `${path.slice(0, colon)}/${actionMark}${action}` : path;
}

/** `unlockUser` is accepted for `unlock-user`. */
function toKebabCase(name: string): string {
  return name.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`);
}
