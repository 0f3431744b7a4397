import type { Principal } from '../../../kernel/principal.ts';

/**
 * What holds for everybody is the institution's to say: a token of a user is refused, whatever its scopes. The scope of a
 * user's own preferences is that of the institution's too, so an application for people has it.
 */
export function assertNoUser(call: { readonly principal: Principal; error(name: 'institutionOnly'): Error }): void {
  if (call.principal.user !== undefined) throw call.error('institutionOnly');
}
