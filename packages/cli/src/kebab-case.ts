/** `institutionUserId`, `grant_type` and `$expand` become `institution-user-id`, `grant-type` and `expand`. */
export function kebabCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/gu, '$1-$2')
    .replace(/[^A-Za-z0-9]+/gu, '-')
    .replace(/^-/u, '')
    .toLowerCase();
}
