import Type from 'typebox';
import { AccountTypeName } from '../accounts/account-parts.ts';
import { CustomerId, DateOnly, InstitutionId } from '../identifiers.ts';
import { Money } from '../money.ts';
import { oneOf } from '../one-of.ts';
import { AccountId } from './disclosure-schemas.ts';

/** Contract sheet "Banking Images", sections 2 and 4. */

/** Types that can be asked for; whether an institution offers them is its own to say. */
const imageTypes = ['CHECK', 'DEPOSIT_SLIP', 'DEPOSIT_CHECK', 'STATEMENT', 'CC_STATEMENT', 'DOCUMENT'] as const;

/** Each has a code of its own when it is missing or wrong, so the schema leaves that to the operation. */
const text = (description: string) => Type.Optional(Type.String({ description }));

const which = {
  hostUserId: text('Member number of a retail user. Either this or loginId, for tokens of applications.'),
  loginId: text('Login name. Either this or hostUserId, for tokens of applications.'),
  institutionCustomerId: text('Location of a business user, for whom it is required: 32 hexadecimal digits.'),
  accountId: text('Account: 43 characters of base64url. Required.'),
  imageType: text(`Required; one of ${imageTypes.join(', ')}.`),
  transactionDate: text('Date on which it was booked, YYYY-MM-DD; needed for cheques and deposits.'),
  imageIdentifier: text('Of the transaction (`transactionImage.imageIdentifier`); needed for deposits.'),
};

export const ImagesQuery = Type.Object({
  ...which,
  transactionImageNumber: text('Number of the cheque, digits only, or reference of the deposit; at most 30 characters.'),
  statementStartDate: text('First date of statements, YYYY-MM-DD; needed for statements.'),
  statementEndDate: text('Last date of statements, YYYY-MM-DD, inclusive; needed for statements.'),
  statementPreview: text('true: the statement of the current month as well.'),
});

export const ImageQuery = Type.Object({
  ...which,
  statementDate: text('Date of the statement, YYYY-MM-DD; must be that of the image when sent.'),
});

const ImageInfo = Type.Object({
  data: Type.String({ description: 'The file in base64.' }),
  type: oneOf(['UNKNOWN', 'PNG', 'JPEG', 'PDF'], { description: 'Format of the file. UNKNOWN is TIFF.' }),
  view: Type.Optional(oneOf(['UNKNOWN', 'FRONT', 'BACK', 'FRONT_BACK', 'BOTH_SEPARATED'])),
  pageNumber: Type.Optional(Type.Integer({ description: 'From 1.' })),
});

export const BankingImage = Type.Object({
  id: Type.String({ description: 'Within the account and the type of image.' }),
  institutionCustomerId: CustomerId,
  institutionId: InstitutionId,
  accountId: AccountId,
  imageType: oneOf(['UNKNOWN', ...imageTypes]),
  accountNumber: Type.Optional(
    Type.String({ description: 'The last characters, or all of them with scope accounts:read_unmasked.' }),
  ),
  accountType: Type.Optional(AccountTypeName),
  imageInfoItems: Type.Optional(Type.Object({ imageInfo: Type.Array(ImageInfo) }, { description: 'Views or pages, in order.' })),
  transactionImageNumber: Type.Optional(Type.String()),
  transactionDate: Type.Optional(DateOnly),
  transactionDescription: Type.Optional(Type.String()),
  transactionStatus: Type.Optional(oneOf(['ACCEPTED', 'HELD_FOR_REVIEW'])),
  amount: Type.Optional(Money),
  statementDescription: Type.Optional(Type.String()),
  statementDate: Type.Optional(DateOnly),
});

export const BankingImages = Type.Object({
  bankingImage: Type.Array(BankingImage),
  warnings: Type.Optional(
    Type.Array(Type.Object({ code: Type.String(), message: Type.String() }), {
      description: 'What could not be answered, e.g. BIS_20002 and BIS_20007.',
    }),
  ),
});
