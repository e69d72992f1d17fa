/** A line of a recorded file: a step, or the line about the environment. */
export interface RecordedLine {
  readonly step?: number;
  readonly op?: string;
  readonly procs?: Readonly<Record<string, RecordedProc>>;
  readonly [field: string]: unknown;
}

interface RecordedProc {
  readonly pages: Readonly<Record<string, { readonly st: string; readonly fr: readonly number[] }>>;
  readonly [field: string]: unknown;
}

const RESULT_FIELDS = ['ret', 'errno', 'sig', 'code', 'done', 'vec', 'bytes', 'min', 'maj'] as const;
const PROCESS_FIELDS = ['vm', 'rss', 'swap', 'lck', 'commit', 'pss'] as const;

export const parseLines = (text: string): RecordedLine[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RecordedLine);

/**
 * What differs between a recorded run and another, one text for each difference. Frame numbers may be named
 * differently, but the same way throughout; VMAs are compared after equal neighbours are joined.
 */
export function compareRecorded(recorded: readonly RecordedLine[], other: readonly RecordedLine[]): string[] {
  const wanted = recorded.filter((line) => line.step !== undefined);
  const got = other.filter((line) => line.step !== undefined);
  const differences: string[] = [];
  if (wanted.length !== got.length) differences.push(`${wanted.length} steps against ${got.length}`);
  const names = new FrameNames();
  for (let i = 0; i < Math.min(wanted.length, got.length); i++) {
    const step = `step ${wanted[i]!.step} ${wanted[i]!.op}`;
    for (const text of stepDifferences(wanted[i]!, got[i]!, names)) differences.push(`${step}: ${text}`);
  }
  return differences;
}

/** Which frame of one run is which of the other. */
class FrameNames {
  private readonly there = new Map<number, number>();
  private readonly back = new Map<number, number>();

  same(a: number, b: number): boolean {
    if (a === 0 || b === 0) return a === b;
    const known = this.there.get(a) ?? b;
    const knownBack = this.back.get(b) ?? a;
    this.there.set(a, b);
    this.back.set(b, a);
    return known === b && knownBack === a;
  }
}

const differs = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b);
const versus = (what: string, a: unknown, b: unknown): string =>
  `${what} ${JSON.stringify(a)} against ${JSON.stringify(b)}`;

function stepDifferences(a: RecordedLine, b: RecordedLine, names: FrameNames): string[] {
  const found: string[] = [];
  for (const field of RESULT_FIELDS) if (differs(a[field], b[field])) found.push(versus(field, a[field], b[field]));
  if (a.procs === undefined) return found;
  const left = Object.keys(a.procs);
  const right = Object.keys(b.procs ?? {});
  if (differs([...left].sort(), [...right].sort())) found.push(versus('processes', left, right));
  for (const pid of left) {
    const [p, q] = [a.procs[pid]!, b.procs?.[pid]];
    if (q === undefined) continue;
    for (const field of PROCESS_FIELDS)
      if (differs(p[field], q[field])) found.push(versus(`${pid}.${field}`, p[field], q[field]));
    found.push(...pageDifferences(pid, p, q, names));
  }
  return found;
}

function pageDifferences(pid: string, p: RecordedProc, q: RecordedProc, names: FrameNames): string[] {
  const found: string[] = [];
  for (const [name, pages] of Object.entries(p.pages)) {
    const other = q.pages[name];
    if (other === undefined) {
      found.push(`${pid}.${name} is missing`);
      continue;
    }
    if (pages.st !== other.st) found.push(versus(`${pid}.${name}`, pages.st, other.st));
    pages.fr.forEach((frame, i) => {
      if (!names.same(frame, other.fr[i] ?? 0)) found.push(versus(`frame of ${pid}.${name}+${i}`, frame, other.fr[i]));
    });
  }
  return found;
}
