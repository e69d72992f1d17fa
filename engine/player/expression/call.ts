import type { CallSite, Node, PageRef, Probe } from './ast.ts';
import { FUNCTIONS, type PageField, type PointerField } from './names.ts';
import { refuse } from './refuse.ts';
import type { Token } from './tokens.ts';

/** Of what a page is asked for; all else are numbers. */
const TYPES = { state: 'state', accessed: 'boolean', dirty: 'boolean', huge: 'boolean', tlb: 'lookup' } as const;
const SHAPES = {
  variable: 'a variable such as p0.x',
  task: 'a task such as p0',
  page: 'a page such as p0:A+2',
} as const;

const USAGE = { variable: 'p0.x', task: 'p0', page: 'p0:A+2' } as const;

/** What a function call measures; its arguments are checked by shape here, by existence later. */
export function callNode(site: CallSite, name: Token, args: readonly Node[], before: boolean): Node {
  const wanted = FUNCTIONS[site.name];
  const usage = `${site.name}(${wanted.map((kind) => USAGE[kind]).join(', ')})`;
  if (args.length !== wanted.length)
    refuse(name, `${site.name} takes ${wanted.length} and got ${args.length}`, `write ${usage}`);
  const variable = args[0]?.kind === 'probe' && args[0].probe.kind === 'variable' ? args[0].probe : null;
  if (variable !== null && (site.name === 'sizeof' || site.name === 'offset')) {
    const { start, end } = site;
    const probe: Probe = { ...variable, what: site.name === 'sizeof' ? 'size' : 'offset' };
    return {
      kind: 'probe',
      probe,
      before: before || (args[0] as Node & { kind: 'probe' }).before,
      type: 'number',
      start,
      end,
    };
  }
  wanted.forEach((kind, i) => {
    if (args[i]!.kind !== kind) refuse(args[i]!, `${site.name} wants ${SHAPES[kind]} here`, `write ${usage}`);
  });
  const { start, end } = site;
  const first = args[0]!;
  if (first.kind === 'task') return taskCall(site, name, first.task, before);
  const a = (first as Node & { kind: 'page' }).page;
  if (site.name === 'same_frame' || site.name === 'same_block' || site.name === 'links_to') {
    const b = (args[1] as Node & { kind: 'page' }).page;
    const beforeA = before || a.before;
    const beforeB = before || b.before;
    const probe = (page: PageRef, field: PointerField): Probe =>
      site.name === 'same_frame' ? pageProbe(page, 'frame') : pointerProbe(page, field);
    const from = probe(a, site.name === 'links_to' ? 'link' : 'same_block');
    return { kind: 'sameFrame', a: from, b: probe(b, 'same_block'), beforeA, beforeB, start, end };
  }
  if (isPointerField(site.name)) {
    return {
      kind: 'probe',
      probe: pointerProbe(a, site.name),
      before: before || a.before,
      type: POINTER_TYPES[site.name],
      start,
      end,
    };
  }
  const field = site.name as Exclude<PageField, 'frame'>;
  const type = TYPES[field as keyof typeof TYPES] ?? 'number';
  return { kind: 'probe', probe: pageProbe(a, field), before: before || a.before, type, start, end };
}

function taskCall(site: CallSite, name: Token, task: number, before: boolean): Node {
  const { start, end } = site;
  if (site.name === 'alive')
    return { kind: 'probe', probe: { kind: 'alive', task }, before, type: 'boolean', start, end };
  if (site.name === 'line') return { kind: 'probe', probe: { kind: 'line', task }, before, type: 'number', start, end };
  if (site.name === 'finding' || site.name === 'finding_line' || site.name === 'findings') {
    const type = site.name === 'finding' ? 'finding' : 'number';
    return { kind: 'probe', probe: { kind: 'finding', task, field: site.name }, before, type, start, end };
  }
  const field = site.name as 'signal' | 'minflt' | 'majflt';
  if (before)
    refuse(name, `${field} counts this step and has no before`, `write ${field}(p${task}), or before.p${task}.minflt`);
  return { kind: 'stepTask', field, task, start, end };
}

/** What the functions of pointers give. */
const POINTER_TYPES = {
  usable: 'number',
  asked: 'number',
  chunk_size: 'number',
  offset: 'number',
  life: 'life',
  place: 'place',
  holds: 'holds',
  reach: 'reach',
  dangling: 'boolean',
  same_block: 'boolean',
  link: 'boolean',
} as const satisfies Record<PointerField, string>;
const isPointerField = (name: string): name is PointerField => name in POINTER_TYPES;

const pointerProbe = ({ task, name, offset }: PageRef, field: PointerField): Probe => ({
  kind: 'pointer',
  field,
  task,
  name,
  offset,
});

const pageProbe = ({ task, name, offset }: PageRef, field: PageField): Probe => ({
  kind: 'page',
  field,
  task,
  name,
  offset,
});
