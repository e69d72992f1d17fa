import { EVENT } from '../../../base/event-kinds.ts';
import { emit } from '../../../base/event-log.ts';
import { allocRow } from '../../../base/table.ts';
import { PAGE_SIZE, type Pid } from '../../../base/units.ts';
import type { KernelState } from '../../state.ts';
import { CAUSES, FINDING_KINDS, type Cause, type FindingKind } from './kinds.ts';

/** What was found, ahead of its place. */
export interface Found {
  readonly kind: FindingKind;
  readonly address: number;
  /** Bytes. */
  readonly size: number;
  readonly cause: Cause;
  readonly causeLine: number;
  readonly more: number;
  readonly stores: boolean;
  readonly type: number;
  readonly otherType: number;
  /** Index of the variable among the image's, or −1. */
  readonly name: number;
}

export interface FoundPlace {
  readonly line: number;
  readonly col: number;
}

export const found = (kind: FindingKind, address: number, size: number, rest: Partial<Found> = {}): Found => ({
  kind,
  address,
  size,
  cause: 'none',
  causeLine: 0,
  more: 0,
  stores: false,
  type: 0,
  otherType: 0,
  name: -1,
  ...rest,
});

/** Findings that are kept; who makes more has seen enough. */
const MOST_FINDINGS = 1000;

/** Notes it, once for a kind at a place in the source; a second time only counts. */
export function addFinding(
  k: KernelState,
  task: Pid,
  owner: number,
  image: number,
  place: FoundPlace,
  what: Found,
): void {
  const { findings } = k.programs.shadow;
  const kind = FINDING_KINDS.indexOf(what.kind);
  for (let row = 0; row < findings.rows; row++) {
    const same = findings.kind[row] === kind && findings.owner[row] === owner && findings.line[row] === place.line;
    if (!same || findings.column[row] !== place.col) continue;
    findings.times[row]!++;
    return;
  }
  if (findings.rows >= MOST_FINDINGS) return;
  const row = allocRow(findings);
  findings.kind[row] = kind;
  findings.task[row] = task;
  findings.owner[row] = owner;
  findings.image[row] = image;
  findings.line[row] = place.line;
  findings.column[row] = place.col;
  findings.address[row] = what.address;
  findings.size[row] = what.size;
  findings.cause[row] = CAUSES.indexOf(what.cause);
  findings.causeLine[row] = what.causeLine;
  findings.more[row] = what.more;
  findings.type[row] = what.type;
  findings.otherType[row] = what.otherType;
  findings.stores[row] = what.stores ? 1 : 0;
  findings.name[row] = what.name;
  findings.times[row] = 1;
  emit(k.events, EVENT.FINDING, Math.floor(what.address / PAGE_SIZE), -1, kind, place.line);
}
