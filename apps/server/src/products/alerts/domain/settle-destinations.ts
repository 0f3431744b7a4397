import {
  type BoundDestination,
  type DestinationChange,
  type DestinationProtocol,
  fitsProtocol,
  isPhone,
  type Reading,
  type WantedFlags,
} from './destination.ts';

/** A destination that a call names, once its contact method has an id. */
export interface WantedDestination extends Pick<WantedFlags, 'isPrimary'> {
  readonly contactMethodId: string;
  readonly protocol: DestinationProtocol;
}

/**
 * Which of the named destinations come first in their protocol. The last one that wants it does; who does not say keeps
 * its place, unless another one takes it.
 */
export function settlePrimaries(
  wanted: readonly WantedDestination[],
  bound: readonly BoundDestination[],
): ReadonlyMap<string, boolean> {
  const winners = new Map<DestinationProtocol, string>();
  for (const { protocol, contactMethodId, isPrimary } of wanted) if (isPrimary === true) winners.set(protocol, contactMethodId);
  return new Map(
    wanted.map(({ contactMethodId, protocol, isPrimary }) => {
      const winner = winners.get(protocol);
      if (winner !== undefined) return [contactMethodId, winner === contactMethodId];
      const wasPrimary = bound.some((one) => one.contactMethodId === contactMethodId && one.isPrimary);
      return [contactMethodId, isPrimary ?? wasPrimary];
    }),
  );
}

/** A destination as a change makes it; its protocol never changes. */
export function applyDestinationChange(old: BoundDestination, change: DestinationChange): Reading<BoundDestination> {
  const { protocol } = old;
  if (change.protocol !== undefined && change.protocol !== protocol) return { ok: false, detail: 'protocol' };
  if (change.countryCode !== undefined && !isPhone(protocol)) return { ok: false, detail: 'telephoneCountryCode' };
  if (change.contactInfo !== undefined && !fitsProtocol(protocol, change.contactInfo))
    return { ok: false, detail: 'contactInfo' };
  const { contactInfo = old.contactInfo, countryCode = old.countryCode, isActivated = old.isActivated } = change;
  return { ok: true, value: { ...old, contactInfo, countryCode, isActivated } };
}
