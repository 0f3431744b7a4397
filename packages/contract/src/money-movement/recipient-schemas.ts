import Type from 'typebox';
import { type AccountType, accountTypes } from '../accounts/account-types.ts';
import { oneOf } from '../one-of.ts';

/** All but trusts (contract sheet "Money movement", section 3). */
export const recipientAccountTypes = accountTypes.filter((name): name is Exclude<AccountType, 'TRUST'> => name !== 'TRUST');

export const RecipientAccountType = oneOf(recipientAccountTypes, {
  description: 'Type of the account; the institution may take fewer.',
});

const fields = {
  memberNumber: Type.Optional(Type.String({ description: "The recipient's member number, at most 16 characters." })),
  accountNumber: Type.Optional(
    Type.String({ description: "The recipient's account number at the institution, at most 32 characters." }),
  ),
  accountType: Type.Optional(RecipientAccountType),
  passCode: Type.Optional(
    Type.String({ description: "Shared secret, at most 32 characters: the first three letters of the recipient's last name." }),
  ),
  email: Type.Optional(Type.String({ description: 'At most 64 characters.' })),
  nickName: Type.Optional(Type.String({ description: 'Unique among the recipients of a user, upper and lower case alike.' })),
  fullName: Type.Optional(Type.String({ description: 'At most 80 characters.' })),
};

export const RecipientRequest = Type.Object(
  { id: Type.Optional(Type.String({ description: 'In a change: the same as in the path.' })), ...fields },
  { description: 'What is left out of a change stays as it is.' },
);

const answerFields = {
  id: Type.Optional(Type.String({ description: '32 hexadecimal digits; absent in the answer of a mere validation.' })),
  institutionId: Type.Optional(Type.String()),
  institutionCustomerId: Type.Optional(Type.String({ description: 'Owner of the recipient.' })),
  ...fields,
  accountType: Type.Optional(Type.String({ description: 'Type of the account.' })),
};

export const Recipient = Type.Object(answerFields);

export const RecipientList = Type.Object({ recipients: Type.Array(Recipient) });

/** All forms in which the switches of the institution may want it. */
export const RecipientAnswer = Type.Object(
  {
    recipients: Type.Optional(Type.Array(Recipient)),
    Recipients: Type.Optional(Type.Array(Recipient, { description: 'Only while a switch of the institution wants it.' })),
    ...answerFields,
  },
  { description: 'The member `recipients`; a switch of the institution may ask for one of the other forms.' },
);

export const RecipientId = Type.String({ description: 'Recipient: 32 hexadecimal digits.' });

export const HostUserId = Type.String({ description: 'Member number of a retail customer. Not together with loginId.' });
export const LoginId = Type.String({ description: 'Login name of a user. Not together with hostUserId.' });
