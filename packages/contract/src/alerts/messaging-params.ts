import Type from 'typebox';

/** What the paths of V1 messaging name. */
export const institutionParam = {
  di_fiid: Type.String({ description: "Institution: five digits, the token's." }),
};

export const customerParams = Type.Object({
  ...institutionParam,
  di_ficustomer: Type.String({ description: 'Customer: 32 hexadecimal digits.' }),
});
