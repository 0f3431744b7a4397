import type { AnswerOf, BodyOf, Operation, ParamsOf, QueryOf } from '@openbranch/contract/operation';

/** What may go with every call. */
export interface CallOptions {
  /** Ends the call: it rejects with the reason of the signal. */
  readonly signal?: AbortSignal | undefined;
  /** Sent in the trace header of the family; a fresh UUID by default. The same one goes with every retry. */
  readonly traceId?: string | undefined;
  /** Further headers, for instance `callingAppId`. Authorization and the trace header are not taken from here. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

type None = Record<never, never>;
type Flat<T> = { readonly [Key in keyof T]: T[Key] };
type Under<Key extends string, Body> = None extends Body
  ? { readonly [K in Key]?: Flat<Body> }
  : { readonly [K in Key]: Flat<Body> };

type BodyInput<Op extends Operation> = Op extends { readonly bodyFormat: 'form' }
  ? Under<'form', BodyOf<Op>>
  : Op extends { readonly bodyFormat: 'json' | 'json-or-xml' }
    ? Under<'body', BodyOf<Op>>
    : None;

/** One flat object: path and query parameters by name, a JSON body (also of an operation that takes XML too) under `body`, form fields under `form`. */
export type InputOf<Op extends Operation> = Flat<ParamsOf<Op> & QueryOf<Op> & BodyInput<Op>>;

type ArgumentsOf<Op extends Operation> =
  None extends InputOf<Op> ? [input?: InputOf<Op>, options?: CallOptions] : [input: InputOf<Op>, options?: CallOptions];

/** The method of one operation. Resolves to the body of its answer, `undefined` where that is empty. */
export type OperationMethod<Op extends Operation> = (...args: ArgumentsOf<Op>) => Promise<AnswerOf<Op>>;
