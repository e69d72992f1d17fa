import { DESIGN_NAMES, type DesignName } from './design.ts';
import { DesignRun } from './design-run.ts';
import type { DesignFigures } from './figures.ts';

/** One request of a list; blocks have names. */
export type Request =
  | { readonly op: 'malloc'; readonly name: string; readonly bytes: number }
  | { readonly op: 'realloc'; readonly name: string; readonly bytes: number }
  | { readonly op: 'free'; readonly name: string };

export interface Comparison {
  readonly design: DesignName;
  /** Where each block was put, from the heap's start; −1 where a request was refused. */
  readonly places: ReadonlyMap<string, number>;
  readonly figures: DesignFigures;
}

/**
 * The same requests on several designs, each in a process of its own.
 * @param capacity bytes that the system has for each
 */
export function compareDesigns(
  requests: readonly Request[],
  designs: readonly DesignName[] = DESIGN_NAMES,
  capacity?: number,
): Comparison[] {
  return designs.map((design) => {
    const run = new DesignRun(design, capacity);
    const start = run.memory.breakAddress;
    const places = new Map<string, number>();
    for (const request of requests) {
      if (request.op === 'free') run.free(request.name);
      else {
        const block = run[request.op](request.name, request.bytes);
        places.set(request.name, block === 0 ? -1 : block - start);
      }
    }
    return { design, places, figures: run.figures() };
  });
}
