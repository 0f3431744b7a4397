import { unlockUser } from '@openbranch/contract/customers/operations';
import { type Route, route } from '../../../http/route.ts';
import { decideUnlock } from '../domain/credential-state.ts';
import { parseCustomerId } from '../domain/path-identifier.ts';
import { lockCredential, saveSignInState } from '../store/credentials.ts';
import { findUserByCustomerId, isKnownCustomer } from '../store/institution-users.ts';
import type { CustomersParts } from './customers-parts.ts';

/** U4: ends a lock without a new password. */
export function unlockUserRoute({ publishEvent }: Pick<CustomersParts, 'publishEvent'>): Route {
  return route(unlockUser).handle(async (call) => {
    const { institution, principal, now } = call;
    const customerId = parseCustomerId(call.params.customerId) ?? call.params.customerId;
    await call.write(async (write) => {
      const found = await findUserByCustomerId(write.sql, institution.institutionId, customerId);
      if (found === undefined && !(await isKnownCustomer(write.sql, institution.institutionId, customerId)))
        throw call.error('customerNotFound');
      if (principal.user !== undefined && principal.user.institutionUserId !== found?.institutionUserId)
        throw call.error('customerNotCovered');
      if (found === undefined) throw call.error('noDigitalUser');
      const locked = await lockCredential(write.sql, institution.institutionId, found.institutionUserId);
      if (locked === undefined) throw call.error('customerNotFound');
      const decision = decideUnlock(locked.user.state, institution.policies.lockout, now);
      if (!decision.ok) {
        if (call.switchOf(institution, 'unlock.not_locked') === 'noop') return;
        throw call.error(decision.refusal);
      }
      await saveSignInState(write.sql, locked.user, decision.value);
      await write.audit('user_unlocked', {
        institutionUserId: locked.user.institutionUserId,
        details: { by: principal.user?.institutionUserId ?? null, previousFailedLoginCount: locked.user.state.failedLoginCount },
      });
      const { institutionUserId } = locked.user;
      await publishEvent(write, {
        kind: 'unlocked',
        institutionId: institution.institutionId,
        occurredAt: now,
        institutionUserId,
      });
    });
  });
}
