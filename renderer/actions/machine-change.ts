import { type Document, isMap, parseDocument } from 'yaml';
import { MACHINE_GROUPS, type MachineValues } from './machine-fields.ts';

const PATHS: readonly string[] = MACHINE_GROUPS.flatMap(({ fields }) => fields.map(({ path }) => path));

const at = (path: string): string[] => ['machine', ...path.split('.')];

/** What a scenario's text says of its machine. */
export function machineOf(text: string): MachineValues {
  const document = parseDocument(text);
  const values: Record<string, string> = {};
  for (const path of PATHS) {
    const value: unknown = document.getIn(at(path));
    if (value !== undefined && value !== null) values[path] = String(value);
  }
  return values;
}

/** What differs, in words: `ram 64 → 128`. */
export function changesBetween(before: MachineValues, after: MachineValues): string[] {
  return PATHS.filter((path) => (before[path] ?? '') !== (after[path] ?? '')).map(
    (path) => `${path} ${before[path] ?? 'as usual'} → ${after[path] ?? 'as usual'}`,
  );
}

/** The scenario on another machine: its title and its first words say what was changed. All else stays as written. */
export function onOtherMachine(text: string, values: MachineValues): string {
  const document = parseDocument(text);
  const changes = changesBetween(machineOf(text), values);
  if (changes.length === 0) return text;
  for (const path of PATHS) {
    const value = values[path];
    if (value !== undefined) document.setIn(at(path), scalarOf(value));
    else if (document.hasIn(at(path))) document.deleteIn(at(path));
  }
  dropEmpty(document);
  const said = `Machine changed: ${changes.join(', ')}.`;
  const title = String(document.get('title') ?? 'Scenario').replace(/ \(machine changed\)$/, '');
  document.set('title', `${title} (machine changed)`);
  const summary = String(document.get('summary') ?? '');
  document.set('summary', `${said} ${summary}`.trim());
  return document.toString();
}

/** A machine with nothing on it but one process, for commands of one's own. */
export function freeExperiment(values: MachineValues): string {
  const document = parseDocument(`format: faultline/1
title: Free experiment
summary: A machine of your own. Type a command, or right-click on a page.
machine: {}
chapters:
  - title: Yours
    steps:
      - say: One process. What shall it do? Type a command, or right-click on a page, a frame or an area.
        do: [p0 state]
`);
  for (const [path, value] of Object.entries(values)) document.setIn(at(path), scalarOf(value));
  return document.toString();
}

/** Digits are numbers, as people write them in a scenario. */
const scalarOf = (value: string): string | number => (/^\d+$/.test(value) ? Number(value) : value);

/** A table whose last setting was taken away goes with it. */
function dropEmpty(document: Document): void {
  for (const table of ['tlb', 'sysctl', 'cost']) {
    const node = document.getIn(['machine', table]);
    if (isMap(node) && node.items.length === 0) document.deleteIn(['machine', table]);
  }
}
