import { type SwitchDefinition, type SwitchKey, switches } from '@openbranch/contract/switches';
import type { Institution } from '../../../kernel/institution.ts';

export function toSwitchAnswer(institution: Institution, key: SwitchKey) {
  const definition: SwitchDefinition = switches[key];
  const { register, topic, values, defaultValue } = definition;
  return {
    key,
    ...(register === undefined ? {} : { register }),
    topic,
    values: [...values],
    defaultValue,
    value: institution.switches[key] ?? defaultValue,
  };
}
