import { decideNumberForm, type NumberCall, type NumberSight, numberSightOf } from '../../accounts/index.ts';

type ShowNumber = (number: string) => string;

/**
 * How account numbers are written for a caller.
 * @throws Error where the institution's format or mask is none: then no number is shown, least of all a whole one.
 */
export function getShowNumber({ institution }: Pick<NumberCall, 'institution'>, sight: NumberSight): ShowNumber {
  const form = decideNumberForm(institution.policies.accounts, sight);
  if (!form.ok) throw new Error(`Institution ${institution.institutionId}: ${form.refusal}.`);
  return form.value.show;
}

/** The same on images, where an institution may want whole numbers for everybody (BIS-S4). */
export function getShowNumberOnImages(call: NumberCall): ShowNumber {
  const { isUnmasked, lead } = numberSightOf(call);
  return getShowNumber(call, {
    isUnmasked: isUnmasked || call.switchOf(call.institution, 'images.account_number') === 'plain',
    lead,
  });
}
