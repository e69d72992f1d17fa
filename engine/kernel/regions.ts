import { HUGE_PAGES } from '../base/limits.ts';
import { PAGE_SIZE } from '../base/units.ts';
import { IMAGE, type Region } from '../proc/image.ts';
import type { KernelState } from './state.ts';

/**
 * Every name of the console has its own place, far from all others, the same in every task. Two sets of places:
 *  - near: below the stack, 16 MiB apart, in one gigabyte, so that on a machine of a few frames the names share the
 *    upper page tables;
 *  - far: a terabyte apart, for large machines and large requests.
 */
const MIB = 1024 * 1024;
const NEAR_TOP_PAGE = 0x7ffff7000; // near where mmap starts downwards without ASLR (Linux mmap_base with an 8 MiB stack)
const NEAR_STEP_PAGES = (16 * MIB) / PAGE_SIZE;
const NEAR_PLACES = 48;
/** Machines with more RAM than this use the far places. Bytes. */
const SMALL_MACHINE = 16 * MIB;
const FAR_FIRST_PAGE = 0x100000000; // 16 TiB
const FAR_STEP_PAGES = 0x10000000; // 1 TiB

const programNames: readonly string[] = Object.keys(IMAGE);

/**
 * First page of a named region, or null when nothing has that name. A task that runs another program may have the parts
 * of it elsewhere than all others.
 * @param pid the task that is asked about; without one, where the name is for most
 */
export function regionPage(k: KernelState, name: string, pid?: number): number | null {
  const own = pid === undefined ? undefined : k.regions.find((region) => region.name === name && region.pid === pid);
  const found = own ?? k.regions.find((region) => region.name === name && region.pid === undefined);
  return found?.page ?? (pid === undefined ? (k.regions.find((region) => region.name === name)?.page ?? null) : null);
}

export const regionNames = (k: KernelState): string[] => [...new Set(k.regions.map((region) => region.name))];

/** A task that has nothing of its own: names are where most have them. */
const NOBODY = -1;

/** Where the parts of the program that a task runs now are: all of them, once one is elsewhere than most have it. */
export function setTaskRegions(k: KernelState, pid: number, parts: readonly Region[]): void {
  dropTaskRegions(k, (owner) => owner === pid);
  if (parts.every(({ name, page }) => regionPage(k, name, NOBODY) === page)) return;
  for (const { name, page } of parts) k.regions.push({ name, page, pid });
}

/** A child's program is its parent's. */
export function copyTaskRegions(k: KernelState, parent: number, child: number): void {
  for (const region of k.regions.filter(({ pid }) => pid === parent)) k.regions.push({ ...region, pid: child });
}

/** @param gone says of which tasks nothing is to be remembered */
export function dropTaskRegions(k: KernelState, gone: (pid: number) => boolean): void {
  const stay = k.regions.filter(({ pid }) => pid === undefined || !gone(pid));
  if (stay.length < k.regions.length) k.regions.splice(0, k.regions.length, ...stay);
}

/**
 * The place of a name, chosen when the name is first used.
 * @param pages what it is going to hold, to choose between near and far
 * @param huge whether a huge page is to start there
 */
export function placeRegion(k: KernelState, name: string, pages: number, pid?: number, huge = false): number {
  const known = regionPage(k, name, pid);
  if (known !== null) return known;
  const small = k.machine.totalFrames[0]! * PAGE_SIZE <= SMALL_MACHINE && pages <= NEAR_STEP_PAGES / 4;
  const page = (small ? nearPlace(k, huge) : null) ?? farPlace(k);
  k.regions.push({ name, page });
  return page;
}

/** A name for a place that exists, as `mmap B … at A+4` gives one. */
export function aliasRegion(k: KernelState, name: string, page: number): void {
  if (regionPage(k, name) === null) k.regions.push({ name, page });
}

function nearPlace(k: KernelState, huge: boolean): number | null {
  for (let i = 1; i <= NEAR_PLACES; i++) {
    // Not on a boundary: an array that starts at the first entry of a table looks like a rule and is none. But a
    // multiple of 16 pages, the window that a read fault on shared memory maps.
    // Where pages are huge, at the start of one.
    const page = NEAR_TOP_PAGE - i * NEAR_STEP_PAGES + (huge || k.machine.pageUnit[0]! > 0x100 ? 0 : 0x100);
    const taken = k.regions.some((region) => Math.floor(region.page / HUGE_PAGES) === Math.floor(page / HUGE_PAGES));
    if (!taken) return page;
  }
  return null;
}

function farPlace(k: KernelState): number {
  let page = FAR_FIRST_PAGE;
  while (k.regions.some((region) => region.page === page)) page += FAR_STEP_PAGES;
  return page;
}

/** The region a page lies in: the nearest one that starts at or below it, with the distance; null below all of them. */
export function regionOfPage(k: KernelState, page: number, pid?: number): { region: Region; offset: number } | null {
  let best: Region | null = null;
  // A program without a bss has none where others have theirs.
  const hasOwn = pid !== undefined && k.regions.some((region) => region.pid === pid);
  for (const region of k.regions) {
    const elsewhere =
      region.pid === undefined
        ? (hasOwn && isProgramRegion(region.name)) || regionPage(k, region.name, pid) !== region.page
        : region.pid !== pid;
    if (!elsewhere && region.page <= page && (best === null || region.page > best.page)) best = region;
  }
  return best === null ? null : { region: best, offset: page - best.page };
}

/** `A+2`, or the address where no name is near. */
export function pageLabel(k: KernelState, page: number, pid?: number): string {
  const found = regionOfPage(k, page, pid);
  if (found === null) return `0x${(page * PAGE_SIZE).toString(16)}`;
  return `${found.region.name}+${found.offset}`;
}

export const isProgramRegion = (name: string): boolean => programNames.includes(name);
