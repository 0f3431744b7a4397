import Type from 'typebox';
import { operation } from '../operation.ts';
import { imagesFamily } from './image-families.ts';
import { BankingImage, BankingImages, ImageQuery, ImagesQuery } from './image-schemas.ts';

/** I1 and I2 (contract sheet "Banking Images", section 1). */

const path = '/v1/banking-images';
const aliasOf = (one: string): string => `/db-banking-images${one}`;

const ofEveryImage = [
  'parameterTooLong',
  'imageTypeMissing',
  'imageTypeUnsupported',
  'accountIdMissing',
  'userParameterInvalid',
  'businessUserMissing',
  'userNotCovered',
  'userNotFound',
  'locationInvalid',
  'imagesOff',
  'chequesOff',
  'accountImagesOff',
  'accountNotFound',
  'statementsNotAccepted',
  'accountTypeSettingInvalid',
  'transactionTypeSettingInvalid',
  'accountWithoutCheques',
  'transactionDateMissing',
  'dateInvalid',
  'imageIdentifierMissing',
  'chequeOutsideRetention',
  'outsideRetention',
  'imageNotFound',
] as const;

export const listBankingImages = operation({
  id: 'listBankingImages',
  product: 'documents',
  summary: 'List the images of a transaction, or statements',
  description:
    'Front and back of a cheque, deposit slips and deposited cheques of one transaction, or the statements of a range of dates. What cannot be shown of a list is told in warnings: of more than 24 statements (`filesPerList`) the older ones come without their files. No statement at all is 204.',
  family: imagesFamily,
  scopes: ['images:read'],
  method: 'GET',
  path,
  aliases: [aliasOf(path)],
  query: ImagesQuery,
  success: { status: 200, body: BankingImages, emptyStatus: 204 },
  errors: [
    ...ofEveryImage,
    'imageNumberInvalid',
    'queryInvalid',
    'statementDatesMissing',
    'statementDatesReversed',
    'transactionNotFound',
  ],
  example: {
    query: {
      loginId: '{{loginId}}',
      accountId: '{{accountId}}',
      imageType: 'STATEMENT',
      statementStartDate: '2026-01-01',
      statementEndDate: '2026-03-31',
    },
  },
});

export const getBankingImage = operation({
  id: 'getBankingImage',
  product: 'documents',
  summary: 'Get an image',
  description: 'One image of a list, by its id and the same account, type and date.',
  family: imagesFamily,
  scopes: ['images:read'],
  method: 'GET',
  path: `${path}/{bankingImageId}`,
  aliases: [aliasOf(`${path}/{bankingImageId}`)],
  params: Type.Object({ bankingImageId: Type.String({ description: 'Image: from the list.' }) }),
  query: ImageQuery,
  success: { status: 200, body: BankingImage },
  errors: [...ofEveryImage, 'statementDateBlank'],
  example: {
    params: { bankingImageId: '{{bankingImageId}}' },
    query: { loginId: '{{loginId}}', accountId: '{{accountId}}', imageType: 'STATEMENT' },
  },
});
