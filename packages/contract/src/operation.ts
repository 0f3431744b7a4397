import type { Static, TSchema } from 'typebox';
import type { ErrorTable, Family } from './family.ts';
import type { JsonObject } from './json.ts';
import type { Scope } from './scopes.ts';
import type { SwitchKey } from './switches.ts';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** What a successful answer carries; no `body` means an empty answer. */
export interface Success {
  readonly status: 200 | 201 | 202 | 204;
  readonly body?: TSchema;
  /** The answer is compressed, whatever the caller prefers. */
  readonly contentEncoding?: 'gzip';
  /** Where the usual answer is empty: another one, with a JSON body, which the handler chooses by answering something. */
  readonly alternative?: { readonly status: 200 | 206; readonly body: TSchema; readonly description: string };
  /** Other statuses that the same answer may bear, each with when; the handler says so by `call.answerWith`. */
  readonly otherStatuses?: readonly { readonly status: 200 | 206; readonly description: string }[];
  /** Present when the answer is XML: the name of its root element. */
  readonly xmlRoot?: string;
  /** Other forms of the XML, each in force while a switch of the institution has its value. */
  readonly xmlDialects?: readonly XmlDialect[];
  /** The answer is JSON for whoever accepts that, while switch `legacy.json` is on. */
  readonly hasJsonTwin?: boolean;
  /** The one member of that JSON which holds it all; without it the members stand by themselves. */
  readonly jsonTwinRoot?: string;
  /** The answer is XML with this root for whoever prefers that (header Accept). */
  readonly xmlTwinRoot?: string;
  /** The JSON is XML with this root for whoever names only that, while a switch of the institution has its value. */
  readonly xmlTwin?: XmlTwin;
  /** The status when there is nothing to answer, which the handler says by answering undefined. */
  readonly emptyStatus?: 204;
  /** Only this member of the body is answered, while a switch of the institution has its value. */
  readonly bareMember?: BareMember;
}

export interface XmlTwin {
  readonly switchKey: SwitchKey;
  readonly value: string | boolean;
  readonly root: string;
}

export interface BareMember {
  readonly switchKey: SwitchKey;
  readonly value: string | boolean;
  readonly member: string;
}

/** Another form of an XML document: the same members, written otherwise. */
export interface XmlDialect {
  readonly switchKey: SwitchKey;
  readonly value: string | boolean;
  /** URIs by prefix, declared at the root. */
  readonly namespaces: Readonly<Record<string, string>>;
  /** Prefix of the root and of what is below it. */
  readonly prefix: string;
  /** Elements that bear another prefix, with everything below them. */
  readonly prefixes: Readonly<Record<string, string>>;
  /** Elements whose member `value` is their text and whose other members are attributes. */
  readonly textElements: readonly string[];
}

/**
 * An example call, from which the reference, the Postman collection and the environment are made.
 * Values may name variables of the environment: `{{customerId}}`.
 */
export interface Example {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: JsonObject;
}

export interface HeaderDefinition {
  readonly name: string;
  readonly isRequired: boolean;
  readonly description: string;
}

/** One operation of the API, as data. */
export interface Operation {
  /** One name for the operationId, the file of its handler, the SDK method and the command. */
  readonly id: string;
  readonly product: 'identity' | 'customers' | 'accounts' | 'money-movement' | 'documents' | 'alerts' | 'activities' | 'sandbox';
  readonly summary: string;
  readonly description: string;
  readonly family: Family<ErrorTable>;
  /** Every one of them must be in the token. */
  readonly scopes: readonly Scope[];
  readonly method: HttpMethod;
  /** Canonical path; parameters in braces, an action after a colon at its end. */
  readonly path: string;
  readonly aliases?: readonly string[];
  /** Other verbs that run the same operation, with the status they answer. */
  readonly verbAliases?: readonly { readonly method: HttpMethod; readonly status: 200 | 204 }[];
  readonly params?: TSchema;
  readonly query?: TSchema;
  readonly body?: TSchema;
  /**
   * How the body travels; without it a body is read to its bound and ignored. `json-or-xml`: the schema is that of the
   * JSON, whose one member is the root element of the XML.
   */
  readonly bodyFormat?: 'json' | 'form' | 'json-or-xml';
  /** A longer body is refused before it is read; without it the bound of the server holds. */
  readonly maxBodyBytes?: number;
  /** The handler looks at each member of the body itself, with a code of its own; the schema only documents it. */
  readonly hasOwnBodyRules?: boolean;
  /** JSON only: no body is the same as one without members. */
  readonly isBodyOptional?: boolean;
  /** The root element of a body in XML, where the JSON has no such member. */
  readonly xmlBodyRoot?: string;
  /** The family looks at the user before the body: what is wrong with the body is told when the handler reads it. */
  readonly isBodyReadLate?: boolean;
  /** Headers beyond Authorization, the trace header and those that every operation of the family takes. */
  readonly headers?: readonly HeaderDefinition[];
  readonly success: Success;
  /** The refusals that its handler may answer, by name in the family's table. */
  readonly errors: readonly string[];
  /** The trace id is an idempotency key (Conventions section 13). */
  readonly hasReplayGuard?: boolean;
  /** How long anybody may keep the answer; without it nobody may. */
  readonly cacheSeconds?: number;
  readonly isSandboxOnly?: boolean;
  readonly example: Example;
}

/**
 * Declares an operation and keeps its literal type, from which the types of its handler, of the SDK method and of the
 * command follow. An error that the family does not know is a type error.
 */
export function operation<const Op extends Operation>(definition: Op & { readonly errors: readonly ErrorNameIn<Op>[] }): Op {
  return definition;
}

type ErrorNameIn<Op extends Operation> = keyof Op['family']['errors'] & string;

/** The statuses that a handler of `Op` may choose in place of the usual one. */
export type OtherStatusOf<Op extends Operation> = Op['success'] extends {
  readonly otherStatuses: readonly { readonly status: infer Status extends 200 | 206 }[];
}
  ? Status
  : never;

/** The names of the refusals that a handler of `Op` may answer. */
export type ErrorNameOf<Op extends Operation> = Op['errors'][number];

type StaticAt<Op, Key extends string> = Op extends { readonly [K in Key]: infer Schema extends TSchema }
  ? Static<Schema>
  : Record<never, never>;

/** Path parameters of `Op`. */
export type ParamsOf<Op extends Operation> = StaticAt<Op, 'params'>;
/** Query parameters of `Op`. */
export type QueryOf<Op extends Operation> = StaticAt<Op, 'query'>;
/** Request body of `Op`. */
export type BodyOf<Op extends Operation> = StaticAt<Op, 'body'>;
/** Body of the successful answer of `Op`; `undefined` where it is empty, or may be. */
export type AnswerOf<Op extends Operation> = Op['success'] extends { readonly body: infer Schema extends TSchema }
  ? Static<Schema> | (Op['success'] extends { readonly emptyStatus: 204 } ? undefined : never)
  : Op['success'] extends { readonly alternative: { readonly body: infer Schema extends TSchema } }
    ? Static<Schema> | undefined
    : undefined;
