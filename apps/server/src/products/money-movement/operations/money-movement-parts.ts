import type { Core, OpaqueIds } from '../../../core/index.ts';
import type { PersonalData } from '../../../platform/personal-data/open-personal-data.ts';
import type { TellOfMoney } from '../../accounts/index.ts';

/** What the operations of this product work with; made once by the composition root. */
export interface MoneyMovementParts {
  readonly core: Core;
  readonly ids: OpaqueIds;
  readonly personalData: PersonalData;
  readonly tellOfMoney: TellOfMoney;
}
