/** Members of stored policies, each with its range; every function throws an Error that names the member. */

export function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

export function integerIn(from: unknown, name: string, least: number, most: number, otherwise: number): number {
  const value = memberOf(from, name) ?? otherwise;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`Policy ${name} must be a whole number from ${least} to ${most}.`);
}

export function lengthsIn(
  from: unknown,
  { least, most }: { readonly least: number; readonly most: number },
  otherwise: { readonly minLength: number; readonly maxLength: number },
): { readonly minLength: number; readonly maxLength: number } {
  const minLength = integerIn(from, 'minLength', least, most, otherwise.minLength);
  return { minLength, maxLength: integerIn(from, 'maxLength', minLength, most, otherwise.maxLength) };
}

export function booleanOf(from: unknown, name: string, otherwise: boolean): boolean {
  const value = memberOf(from, name) ?? otherwise;
  if (typeof value === 'boolean') return value;
  throw new Error(`Policy ${name} must be true or false.`);
}

export function namesOf(from: unknown, name: string, otherwise: readonly string[]): readonly string[] {
  const value = memberOf(from, name) ?? otherwise;
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
  throw new Error(`Policy ${name} must be a list of names.`);
}

export function textOf(from: unknown, name: string, longest: number, otherwise: string): string;
export function textOf(from: unknown, name: string, longest: number, otherwise: undefined): string | undefined;
export function textOf(from: unknown, name: string, longest: number, otherwise: string | undefined): string | undefined {
  const value = memberOf(from, name) ?? otherwise;
  if (value === undefined || (typeof value === 'string' && value.length <= longest)) return value;
  throw new Error(`Policy ${name} must be a text of at most ${longest} characters.`);
}
