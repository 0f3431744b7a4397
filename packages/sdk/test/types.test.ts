import type { Operations } from '@openbranch/contract/operations';
import { expectTypeOf, test } from 'vitest';
import { type Client, type InputOf, isOpenbranchError, type OpenbranchError } from '../src/client.ts';

test('inputs are one flat object, required as the contract says', () => {
  expectTypeOf<InputOf<Operations['unlockUser']>>().toEqualTypeOf<{ readonly customerId: string }>();
  expectTypeOf<InputOf<Operations['getCustomer']>>().toEqualTypeOf<{
    readonly customerId: string;
    readonly userIdType?: 'CUSTOMER_ID' | 'LOGIN_ID';
  }>();
  expectTypeOf<InputOf<Operations['advanceClock']>>().toEqualTypeOf<{
    readonly institutionId: string;
    readonly body: { readonly seconds: number };
  }>();
  expectTypeOf<Parameters<Client['unlockUser']>[0]>().not.toBeUndefined();
  expectTypeOf<Client['getKeySet']>().toBeCallableWith();
  expectTypeOf<Client['requestToken']>().toBeCallableWith({ form: { grant_type: 'client_credentials' } });
  expectTypeOf<Client['getUserStatus']>().toBeCallableWith({ institutionUserId: 'ann', userIdType: 'LOGIN_ID' });
  // @ts-expect-error the type of the id is required
  expectTypeOf<Client['getUserStatus']>().toBeCallableWith({ institutionUserId: 'ann' });
  // @ts-expect-error no such kind of id
  expectTypeOf<Client['getUserStatus']>().toBeCallableWith({ institutionUserId: 'ann', userIdType: 'NAME' });
  // @ts-expect-error the customer is required
  expectTypeOf<Client['unlockUser']>().toBeCallableWith();
});

test('answers are those of the contract, undefined where they are empty', () => {
  expectTypeOf<Awaited<ReturnType<Client['unlockUser']>>>().toEqualTypeOf<undefined>();
  expectTypeOf<Awaited<ReturnType<Client['getCustomer']>>['failedLoginCount']>().toEqualTypeOf<number>();
  expectTypeOf<Awaited<ReturnType<Client['requestTokenV1']>>['expires_in']>().toEqualTypeOf<string>();
});

test('an error is narrowed to the names of its family', () => {
  const error: unknown = undefined;
  if (isOpenbranchError(error, 'unlockUser', 'userNotLocked')) {
    expectTypeOf(error).toEqualTypeOf<OpenbranchError<'unlockUser', 'userNotLocked'>>();
    expectTypeOf(error.errorName).toEqualTypeOf<'userNotLocked'>();
  }
  // @ts-expect-error the family has no such error
  isOpenbranchError(error, 'unlockUser', 'userNotFound');
});
