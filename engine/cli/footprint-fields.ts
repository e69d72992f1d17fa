import type { Footprints } from '../kernel/heap/index.ts';
import type { CommandResult } from '../protocol/commands.ts';

/** `--footprint`: the processes whose memory is another than before the command. Bytes. */
export function footprintFields(footprints: Footprints | null, result: CommandResult): Record<string, unknown> {
  const changed = footprints?.changes(result.firstEvent) ?? [];
  if (changed.length === 0) return {};
  const points = changed.map(({ pid, asked, held, heap, rss, timeNs }) => {
    return [`p${pid}`, { ns: timeNs, ...(asked === null ? {} : { asked }), held, heap, rss }];
  });
  return { footprint: Object.fromEntries(points) as object };
}

/** The same at the end of a readable line. */
export function footprintText(footprints: Footprints | null, result: CommandResult): string {
  const changed = footprints?.changes(result.firstEvent) ?? [];
  return changed
    .map(({ pid, asked, heap, rss }) => `  {p${pid}${asked === null ? '' : ` asked ${asked}`} heap ${heap} rss ${rss}}`)
    .join('');
}
