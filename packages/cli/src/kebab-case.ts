/** `institutionUserId` and `grant_type` become `institution-user-id` and `grant-type`. */
export function kebabCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/gu, '$1-$2')
    .replace(/[^A-Za-z0-9]+/gu, '-')
    .toLowerCase();
}
