import { type SwitchDefinition, switches } from '../../packages/contract/src/switches.ts';
import { code, codes, page, table } from './markdown.ts';

/** docs/reference/switches.md */
export function switchesPage(): string {
  const all: readonly [string, SwitchDefinition][] = Object.entries(switches);
  return page('Switches', 'packages/contract/src/switches.ts', [
    'Where public sources of the API disagree, Openbranch answers one form and keeps the other behind a switch of the institution. Sandbox operation `setSwitch` sets one.',
    table(
      ['Switch', 'Register', 'What it decides', 'Values', 'Default'],
      all.map(([key, { register, topic, values, defaultValue }]) => [
        code(key),
        register ?? '',
        topic,
        codes(values.map(String)),
        code(String(defaultValue)),
      ]),
    ),
  ]);
}
