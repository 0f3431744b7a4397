import { accept, type Result, refuse } from '../../../kernel/result.ts';
import { type ImageType, isTransactionImage } from './image-request.ts';

/** What the institution has set about images. */
export interface ImageSettings {
  readonly isServed: boolean;
  readonly hasCheques: boolean;
  readonly chequeAccountTypes: readonly string[];
  readonly accountTypesWithout: readonly string[];
  readonly transactionTypes: readonly string[] | undefined;
}

type Off = 'imagesOff' | 'chequesOff';
type Unfit = 'accountImagesOff' | 'accountTypeSettingInvalid' | 'transactionTypeSettingInvalid' | 'accountWithoutCheques';

/** What is switched off whatever the account. */
export function decideServed({ isServed, hasCheques }: ImageSettings, type: ImageType): Result<undefined, Off> {
  if (!isServed) return refuse('imagesOff');
  return type === 'CHECK' && !hasCheques ? refuse('chequesOff') : accept(undefined);
}

const name = /^[A-Z][A-Z0-9_]*$/u;
const hasNames = (names: readonly string[]): boolean => names.length > 0 && names.every((one) => name.test(one));

/** Whether accounts of this type have such images here. */
export function decideAccountType(
  { chequeAccountTypes, accountTypesWithout, transactionTypes }: ImageSettings,
  type: ImageType,
  accountType: string,
): Result<undefined, Unfit> {
  if (accountTypesWithout.includes(accountType)) return refuse('accountImagesOff');
  if (!isTransactionImage(type)) return accept(undefined);
  if (type === 'CHECK' && !hasNames(chequeAccountTypes)) return refuse('accountTypeSettingInvalid');
  if (transactionTypes !== undefined && !hasNames(transactionTypes)) return refuse('transactionTypeSettingInvalid');
  return type === 'CHECK' && !chequeAccountTypes.includes(accountType) ? refuse('accountWithoutCheques') : accept(undefined);
}
