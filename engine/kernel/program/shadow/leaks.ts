import { PTE } from '../../../base/flags.ts';
import { PAGE_SIZE } from '../../../base/units.ts';
import { SP } from '../../../c/index.ts';
import { mmOf } from '../../../proc/task.ts';
import { entryId, forEachTable, lowWord } from '../../../mm/page-table.ts';
import { vmaAt, vmaCount } from '../../../mm/vma-list.ts';
import { LIBRARY_REGION } from '../../malloc-memory.ts';
import { regionPage } from '../../regions.ts';
import type { Checker } from './checker.ts';
import { found } from './findings.ts';
import { SHADOW } from './tables.ts';

/**
 * Blocks that nothing leads to when a program ends: from its variables, the part of the stack that is in use and its own
 * mappings, over other blocks if need be. Words that nobody has stored lead nowhere. Source: valgrind mc_leakcheck.c;
 * lost are those that no pointer into them is left of.
 */
export function reportLeaks(checker: Checker): void {
  const { blocks } = checker.process;
  const { table } = blocks;
  const live = blocks.live().sort((a, b) => table.address[a]! - table.address[b]!);
  if (live.length === 0) return;
  const marked = new Set<number>();
  const around = (address: number): number => {
    let low = 0;
    let high = live.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (table.address[live[middle]!]! <= address) low = middle + 1;
      else high = middle;
    }
    const row = live[low - 1];
    return row !== undefined && address < table.address[row]! + Math.max(1, table.size[row]!) ? row : -1;
  };
  const waiting: number[] = [];
  const reach = (address: number): void => {
    const row = around(address);
    if (row < 0 || marked.has(row)) return;
    marked.add(row);
    waiting.push(row);
  };
  for (const [from, to] of rootRanges(checker, live)) words(checker, from, to, reach);
  for (let row = waiting.pop(); row !== undefined; row = waiting.pop()) {
    const address = table.address[row]!;
    words(checker, address, address + table.size[row]!, reach);
  }
  reportByLine(
    checker,
    live.filter((row) => !marked.has(row)),
  );
}

function reportByLine(checker: Checker, lost: readonly number[]): void {
  const { table } = checker.process.blocks;
  const lines = new Map<number, number[]>();
  for (const row of lost) lines.set(table.allocated[row]!, [...(lines.get(table.allocated[row]!) ?? []), row]);
  for (const [line, rows] of lines) {
    const bytes = rows.reduce((sum, row) => sum + table.size[row]!, 0);
    const rest = { cause: 'allocated' as const, causeLine: line, more: rows.length };
    checker.reportAt(line, found('leak', table.address[rows[0]!]!, bytes, rest));
  }
}

function words(checker: Checker, from: number, to: number, use: (value: number) => void): void {
  const memory = checker.peek();
  const { pages } = checker.process;
  for (let at = Math.ceil(from / 8) * 8; at + 8 <= to; at += 8) {
    const value = memory.load64(at);
    if (value !== 0 && (pages.knownStateAt(at) & SHADOW.UNDEFINED) === 0) use(value);
  }
}

/** Where a program keeps pointers: its pages that are there, but for the heap's blocks and the dead part of the stack. */
function rootRanges(checker: Checker, live: readonly number[]): (readonly [from: number, to: number])[] {
  const { k, process, run } = checker;
  const mm = mmOf(k, process.task);
  const { table } = process.blocks;
  const sp = run.cpu.number(SP);
  const library = regionPage(k, LIBRARY_REGION);
  const own = live.filter((row) => table.size[row]! >= PAGE_SIZE);
  const ranges: (readonly [number, number])[] = [];
  const add = (page: number): void => {
    const start = page * PAGE_SIZE;
    if (library !== null && page >= library && page < library + 2) return;
    if (process.blocks.arenaPart(start, start + PAGE_SIZE) !== null || start < process.image.dataStart) return;
    if (own.some((row) => start + PAGE_SIZE > table.address[row]! && start < table.address[row]! + table.size[row]!))
      return;
    const from = process.segmentOf(start) === 'stack' ? Math.max(start, sp) : start;
    if (from < start + PAGE_SIZE) ranges.push([from, start + PAGE_SIZE]);
  };
  for (let i = 0; i < vmaCount(k, mm); i++) {
    const vma = vmaAt(k, mm, i);
    forEachTable(k, mm, k.vmas.start[vma]!, k.vmas.end[vma]!, (tables, from, to) => {
      for (let page = from; page < to; page++) {
        const low = lowWord(k, entryId(tables, page % 512));
        if (low !== 0 && (low & PTE.SPECIAL) === 0) add(page);
      }
    });
  }
  return ranges;
}
