import type { TSchema } from 'typebox';
import * as accountParts from './accounts/account-parts.ts';
import * as customerAccounts from './accounts/customer-account-schemas.ts';
import * as legacyAccounts from './accounts/legacy-account-schemas.ts';
import { Account, AccountId, AccountsResponse } from './accounts/schemas.ts';
import { Transaction, TransactionsResponse, TransactionType } from './accounts/transaction-schemas.ts';
import * as alertEvents from './alerts/event-schemas.ts';
import * as messaging from './alerts/messaging-schemas.ts';
import * as alertPreferences from './alerts/preference-schemas.ts';
import * as alerts from './alerts/schemas.ts';
import * as contacts from './customers/contact-schemas.ts';
import * as institutionUsers from './customers/institution-user-schemas.ts';
import * as legacyCustomers from './customers/legacy-customer-schemas.ts';
import * as registration from './customers/registration-schemas.ts';
import * as customers from './customers/schemas.ts';
import * as disclosures from './documents/disclosure-schemas.ts';
import * as eStatements from './documents/e-statement-schemas.ts';
import { BankingImage, BankingImages } from './documents/image-schemas.ts';
import * as identifiers from './identifiers.ts';
import * as identity from './identity/schemas.ts';
import { type JsonObject, type JsonValue, toJsonSchema } from './json.ts';
import { Money } from './money.ts';
import * as recipients from './money-movement/recipient-schemas.ts';
import * as transfers from './money-movement/transfer-schemas.ts';
import * as sandbox from './sandbox/schemas.ts';
import { StringMap } from './string-map.ts';

/** Every schema that has a name; it becomes a component of the OpenAPI document. */
const namedSchemas: Readonly<Record<string, TSchema>> = {
  ...identifiers,
  ...identity,
  ...customers,
  ...contacts,
  ...institutionUsers,
  ...legacyCustomers,
  ...registration,
  ...disclosures,
  ...eStatements,
  BankingImage,
  BankingImages,
  ...accountParts,
  ...customerAccounts,
  ...legacyAccounts,
  Account,
  AccountId,
  AccountsResponse,
  Transaction,
  TransactionType,
  TransactionsResponse,
  Money,
  StringMap,
  ...alerts,
  ...alertPreferences,
  ...recipients,
  ...transfers,
  ...messaging,
  ...alertEvents,
  ...sandbox,
};

/**
 * Replaces named schemas inside schemas by references and remembers which were used. Two schemas are the same when
 * their JSON is the same.
 */
export class SchemaComponents {
  readonly #nameByText = new Map(Object.entries(namedSchemas).map(([name, schema]) => [JSON.stringify(schema), name]));
  readonly #used = new Set<string>();

  /** `schema` as JSON Schema, with references in place of named schemas. */
  refer(schema: TSchema): JsonObject {
    const plain = toJsonSchema(schema);
    return this.#reference(plain) ?? this.#referInside(plain);
  }

  /** The named schemas that were referred to, sorted by name. */
  definitions(): JsonObject {
    const definitions: Record<string, JsonObject> = {};
    // A definition may refer to further names, which the set then visits too.
    for (const name of this.#used) {
      const schema = namedSchemas[name];
      if (schema !== undefined) definitions[name] = this.#referInside(toJsonSchema(schema));
    }
    return Object.fromEntries(Object.entries(definitions).sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  #reference(plain: JsonObject): JsonObject | undefined {
    const name = this.#nameByText.get(JSON.stringify(plain));
    if (name === undefined) return undefined;
    this.#used.add(name);
    return { $ref: `#/components/schemas/${name}` };
  }

  #referInside(plain: JsonObject): JsonObject {
    return Object.fromEntries(Object.entries(plain).map(([member, value]) => [member, this.#referValue(value)]));
  }

  #referValue(value: JsonValue): JsonValue {
    if (isList(value)) return value.map((item) => this.#referValue(item));
    if (typeof value !== 'object' || value === null) return value;
    return this.#reference(value) ?? this.#referInside(value);
  }
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
