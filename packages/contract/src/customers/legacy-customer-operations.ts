import Type from 'typebox';
import { operation } from '../operation.ts';
import { legacyCustomersFamily } from './families.ts';
import { LegacyCustomer, LegacyCustomerIdType } from './legacy-customer-schemas.ts';

/** U10 (contract sheet "Customers", section 12). */
export const getLegacyCustomer = operation({
  id: 'getLegacyCustomer',
  product: 'customers',
  summary: 'Get a customer as V1 XML',
  description:
    'The same customer in the form of the V1 products. Its id is the customer id of every later path, whatever id was asked for.',
  family: legacyCustomersFamily,
  scopes: [],
  method: 'GET',
  path: '/bankingservices/v2/fis/{fiId}/fiCustomers/{fiCustomerId}',
  aliases: ['/v2/fis/{fiId}/fiCustomers/{fiCustomerId}'],
  params: Type.Object({
    fiId: Type.String({ description: "Institution: five digits, the token's." }),
    fiCustomerId: Type.String({
      minLength: 1,
      maxLength: 256,
      description: 'Identifier of the kind that fiCustomerIdType names.',
    }),
  }),
  query: Type.Object({
    fiCustomerIdType: Type.Optional(LegacyCustomerIdType),
    operation: Type.Optional(Type.String({ description: 'getPFMUser adds the PFM channel of a user who has one.' })),
  }),
  headers: [{ name: 'offering_id', isRequired: false, description: 'Offering of the calling application.' }],
  success: {
    status: 200,
    body: LegacyCustomer,
    xmlRoot: 'FICustomer',
    hasJsonTwin: true,
    xmlDialects: [
      {
        switchKey: 'legacy.xml_style',
        value: 'jaxb',
        namespaces: {
          ns4: 'http://schema.intuit.com/fs/common/v2',
          ns5: 'http://schema.intuit.com/domain/banking/fiCustomer/v2',
        },
        prefix: 'ns5',
        prefixes: { loginId: 'ns4', password: 'ns4', contactInfo: 'ns4' },
        textElements: ['id', 'fiId'],
      },
    ],
  },
  errors: ['customerNotFound', 'customerNotAuthorized'],
  example: {
    params: { fiId: '{{institutionId}}', fiCustomerId: '{{customerId}}' },
  },
});
