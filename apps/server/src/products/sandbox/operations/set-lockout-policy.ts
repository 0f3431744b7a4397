import { setLockoutPolicy } from '@openbranch/contract/sandbox/operations';
import { type Route, route } from '../../../http/route.ts';
import { saveLockoutPolicy } from '../../../platform/institutions/save-lockout-policy.ts';
import { institutionChanged, type SandboxParts } from './sandbox-parts.ts';

export function setLockoutPolicyRoute(parts: SandboxParts): Route {
  return route(setLockoutPolicy).handle(async (call) => {
    const { institutionId } = call.params;
    const institution = parts.institutions.find(institutionId);
    if (institution === undefined) throw call.error('institutionNotFound');
    const { maxFailed, autoUnlockMinutes } = call.body;
    await call.writeIn(institution, async (write) => {
      await saveLockoutPolicy(write.sql, institutionId, { maxFailed, autoUnlockMinutes });
      await write.audit('institution_changed', { details: { what: 'lockout policy', maxFailed, autoUnlockMinutes } });
      await write.announce(institutionChanged(institution));
    });
    return { maxFailed, autoUnlockMinutes };
  });
}
