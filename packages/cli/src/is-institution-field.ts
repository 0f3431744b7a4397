/** The institution has three names in the API; it comes with the connection and need not be said again. */
export function isInstitutionField(name: string): boolean {
  return name === 'institutionId' || name === 'di_fiid' || name === 'fiId';
}
