import type { Area, Process } from './types.ts';

export const fullPerms = (perms: string): string =>
  [...'rwx'].map((letter) => (perms.includes(letter) ? letter : '-')).join('');
export const areaAt = (process: Process, page: number): Area | null =>
  process.areas.find((a) => a.start <= page && page < a.end) ?? null;

/** Makes [start, end) an area of its own. */
export function cutOut(process: Process, area: Area, start: number, end: number): Area {
  const pieces = [
    [area.start, start],
    [start, end],
    [end, area.end],
  ].map(([from, to]) => ({ ...area, start: from!, end: to!, offset: area.offset + (from! - area.start) }));
  const at = process.areas.indexOf(area);
  process.areas.splice(at, 1, ...pieces.filter((piece) => piece.start < piece.end));
  return pieces[1]!;
}

/** Joins the area at `page` with the one below, then with the one above. */
export function mergeAround(process: Process, page: number): void {
  process.areas.sort((a, b) => a.start - b.start);
  const index = process.areas.findIndex((a) => a.start === page);
  const merged = index > 0 && join(process, index - 1) ? index - 1 : index;
  join(process, merged);
}

function join(process: Process, index: number): boolean {
  const [lower, upper] = [process.areas[index], process.areas[index + 1]];
  if (lower === undefined || upper === undefined || lower.end !== upper.start) return false;
  const same = (['perms', 'shared', 'noreserve', 'charged', 'object'] as const).every(
    (key) => lower[key] === upper[key],
  );
  const linear = lower.offset + (lower.end - lower.start) === upper.offset;
  const numbers =
    lower.anon === upper.anon || (lower.anon === 0 && !upper.inherited) || (upper.anon === 0 && !lower.inherited);
  if (!same || !linear || !numbers) return false;
  lower.end = upper.end;
  if (lower.anon === 0) [lower.anon, lower.inherited] = [upper.anon, upper.inherited];
  process.areas.splice(index + 1, 1);
  return true;
}
