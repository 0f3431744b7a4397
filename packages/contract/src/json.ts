import type { TSchema } from 'typebox';

/** What JSON can say. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

export interface JsonObject {
  readonly [member: string]: JsonValue;
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A schema as plain JSON Schema, without the marks that TypeBox keeps on it for types. */
export function toJsonSchema(schema: TSchema): JsonObject {
  const plain: JsonValue = JSON.parse(JSON.stringify(schema));
  return isJsonObject(plain) ? plain : {};
}
