import { type Setting, settings } from '../../apps/server/src/config.ts';
import { code, page, table } from './markdown.ts';

/** docs/reference/configuration.md */
export function configurationPage(): string {
  const all: readonly Setting[] = settings;
  return page('Configuration', 'apps/server/src/config.ts', [
    'The server is set up by environment variables. A missing or wrong one stops it with a line that names the variable.',
    table(
      ['Variable', 'Default', 'Needed', 'What it does'],
      all.map(({ name, defaultValue, requiredIn, secret, description }) => [
        code(name),
        defaultValue === undefined ? '' : literal(defaultValue),
        requiredIn === undefined ? '' : `in ${requiredIn}`,
        secret === true ? `${description} Secret.` : description,
      ]),
    ),
  ]);
}

/** A default is a value, or words that describe one. */
function literal(text: string): string {
  return /[ `]/u.test(text) ? text : code(text);
}
