import { setSwitch } from '@openbranch/contract/sandbox/operations';
import { isSwitchKey, type SwitchDefinition, switches } from '@openbranch/contract/switches';
import { type Route, route } from '../../../http/route.ts';
import { saveSwitch } from '../store/institution-settings.ts';
import { institutionChanged, type SandboxParts } from './sandbox-parts.ts';
import { toSwitchAnswer } from './switch-answer.ts';

export function setSwitchRoute(parts: SandboxParts): Route {
  return route(setSwitch).handle(async (call) => {
    const { institutionId, switchKey } = call.params;
    const { value } = call.body;
    const institution = parts.institutions.find(institutionId);
    if (institution === undefined) throw call.error('institutionNotFound');
    if (!isSwitchKey(switchKey)) throw call.error('switchNotFound');
    const definition: SwitchDefinition = switches[switchKey];
    if (!definition.values.includes(value)) throw call.error('switchValueInvalid');
    await call.writeIn(institution, async (write) => {
      await saveSwitch(write.sql, institutionId, switchKey, value);
      await write.audit('institution_changed', { details: { what: 'switch', key: switchKey, value } });
      await write.announce(institutionChanged(institution));
    });
    return toSwitchAnswer(parts.institutions.find(institutionId) ?? institution, switchKey);
  });
}
