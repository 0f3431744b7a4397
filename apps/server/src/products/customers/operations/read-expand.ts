import { type ExpandSegment, parseExpand } from '../../../kernel/odata-filter.ts';
import type { Principal } from '../../../kernel/principal.ts';
import { accept, type Result, refuse } from '../../../kernel/result.ts';
import { expandableSegments, type SegmentName, toSegmentName } from '../domain/expandable-segments.ts';

/** The segments that a call expands, by name. */
export type Expanded = ReadonlyMap<SegmentName, ExpandSegment<SegmentName>>;

/** Reads `$expand`; identification documents are shown by version 2 only, to tokens with a scope of their own. */
export function readExpand(
  text: string | undefined,
  version: 'v1' | 'v2',
  { scopes }: Principal,
): Result<Expanded, 'expressionInvalid' | 'scopeMissing'> {
  if (text === undefined) return accept(new Map());
  const toName = (word: string) => {
    const name = toSegmentName(word);
    return name === 'identificationDocuments' && version === 'v1' ? undefined : name;
  };
  const parsed = parseExpand(text, expandableSegments, toName);
  if (!parsed.ok) return refuse('expressionInvalid');
  const expanded = new Map(parsed.value.map((segment) => [segment.name, segment]));
  if (expanded.has('identificationDocuments') && !scopes.has('institution-users:read_pii')) return refuse('scopeMissing');
  return accept(expanded);
}
