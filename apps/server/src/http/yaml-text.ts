import { stringify } from 'yaml';

/** A document as YAML: long lines stay whole and nothing is abbreviated by anchors, so that differences read well. */
export function toYamlText(document: object): string {
  return stringify(document, { lineWidth: 0, aliasDuplicateObjects: false });
}
