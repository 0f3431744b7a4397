import Type from 'typebox';

/** Published samples send phone numbers and postal codes as JSON numbers too (contract sheet "Conventions", section 8). */
const DigitText = Type.Union([Type.String({ maxLength: 64 }), Type.Integer({ minimum: 0, maximum: 999_999_999_999_999 })]);

const optionalText = Type.Optional(Type.String({ maxLength: 256 }));
const optionalDigits = Type.Optional(DigitText);

/** Contract sheet "Customers", section 7: at least one of the three groups. */
export const ContactInfo = Type.Object(
  {
    userIdType: Type.Optional(
      Type.Union([Type.Literal('CUSTOMER_ID'), Type.Literal('LOGIN_ID')], {
        description: 'What the path value is; without it 32 hexadecimal digits are a customer, all else a login name.',
      }),
    ),
    phoneNumber: Type.Optional(
      Type.Object(
        {
          oldPhoneNumber: optionalDigits,
          oldCountryCode: optionalDigits,
          newPhoneNumber: optionalDigits,
          newCountryCode: optionalDigits,
        },
        { description: 'Without the old number the new one is added. Country codes are digits, 1 by default.' },
      ),
    ),
    email: Type.Optional(Type.Object({ emailAddress: optionalText })),
    postalAddress: Type.Optional(
      Type.Object(
        {
          address1: optionalText,
          address2: optionalText,
          city: optionalText,
          state: optionalText,
          postalCode: optionalDigits,
          country: optionalText,
        },
        { description: 'Takes the place of the primary address. A state of the US may be written out.' },
      ),
    ),
  },
  { description: 'At least one of phoneNumber, email and postalAddress.' },
);
