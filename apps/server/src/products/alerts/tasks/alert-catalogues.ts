import type { Sql } from '../../../platform/db/database.ts';
import type { AlertCatalogue } from '../domain/alert-catalogue.ts';
import type { AlertTemplate, ContentType } from '../domain/alert-template.ts';
import type { Compile } from '../domain/decide-outcome.ts';
import { type CompiledContent, compileContent } from '../domain/render-template.ts';
import { loadAlertCatalogue } from '../store/alert-catalogue.ts';

/** The catalogues of institutions, kept in memory until somebody changes them. */
export interface AlertCatalogues {
  of(institutionId: string): Promise<AlertCatalogue>;
  /** It was changed. */
  drop(institutionId: string): void;
  /** Takes a text of a template apart once, as long as the template is in memory. */
  readonly compile: Compile;
}

interface Kept {
  readonly catalogue: AlertCatalogue;
  readonly size: number;
  readonly loadedAtMs: number;
}

/** The change feed tells of every change; a change of the platform's own, which a migration makes, is seen after this. */
const maxAgeMs = 60_000;
/** Characters of templates, of all institutions together. */
const mostCharacters = 32_000_000;

export function createAlertCatalogues(sql: Sql, most = mostCharacters): AlertCatalogues {
  const kept = new Map<string, Kept>();
  const loading = new Map<string, Promise<AlertCatalogue>>();
  let total = 0;

  const forget = (institutionId: string): void => {
    total -= kept.get(institutionId)?.size ?? 0;
    kept.delete(institutionId);
  };
  const keep = (institutionId: string, one: Kept): void => {
    forget(institutionId);
    kept.set(institutionId, one);
    total += one.size;
    // The one that was asked for longest ago goes first.
    for (const oldest of kept.keys()) {
      if (total <= most) return;
      forget(oldest);
    }
  };
  const load = (institutionId: string): Promise<AlertCatalogue> => {
    const loadedAtMs = performance.now();
    const promise = loadAlertCatalogue(sql, institutionId).then(
      (catalogue) => {
        // What was read before a change that is known by now is good for who asked before it, and not kept.
        if (loading.get(institutionId) === promise) {
          loading.delete(institutionId);
          keep(institutionId, { catalogue, size: sizeOf(catalogue), loadedAtMs });
        }
        return catalogue;
      },
      (error: unknown) => {
        if (loading.get(institutionId) === promise) loading.delete(institutionId);
        throw error;
      },
    );
    loading.set(institutionId, promise);
    return promise;
  };

  return {
    of: async (institutionId) => {
      const known = kept.get(institutionId);
      if (known === undefined || performance.now() - known.loadedAtMs > maxAgeMs)
        return loading.get(institutionId) ?? load(institutionId);
      kept.delete(institutionId);
      kept.set(institutionId, known);
      return known.catalogue;
    },
    drop: (institutionId) => {
      loading.delete(institutionId);
      forget(institutionId);
    },
    compile: createCompile(),
  };
}

function sizeOf({ templates }: AlertCatalogue): number {
  let size = 0;
  for (const list of templates.values())
    for (const { contents } of list) for (const text of Object.values(contents)) size += text.length;
  return size;
}

/** What was compiled goes with its template. */
function createCompile(): Compile {
  const known = new WeakMap<AlertTemplate, Map<ContentType, CompiledContent>>();
  return (template, contentType, text) => {
    const ofTemplate = known.get(template) ?? new Map<ContentType, CompiledContent>();
    known.set(template, ofTemplate);
    const compiled = ofTemplate.get(contentType) ?? compileContent(contentType, text);
    ofTemplate.set(contentType, compiled);
    return compiled;
  };
}
