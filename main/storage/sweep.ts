import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { CORRUPT_COPIES } from '../limits.ts';

/**
 * Which files of the user data folder are left-overs: temporary files of writes that a crash interrupted (the name of
 * the target, a dot and a number), and damaged files moved aside beyond the newest few of each kind.
 * @param kept names of the JSON files, as `settings.json`
 */
export function leftovers(names: readonly string[], kept: readonly string[]): string[] {
  return kept.flatMap((file) => {
    const stem = file.replace(/\.json$/, '');
    const orphans = names.filter((name) => name.startsWith(`${file}.`) && /^\d+$/.test(name.slice(file.length + 1)));
    const aside = names.filter((name) => name.startsWith(`${stem}.corrupt-`) && name.endsWith('.json')).sort();
    return [...orphans, ...aside.slice(0, Math.max(0, aside.length - CORRUPT_COPIES))];
  });
}

/** Run once after start. Nobody else writes there: the single instance lock is held. */
export async function sweep(folder: string, kept: readonly string[]): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  await Promise.all(leftovers(names, kept).map((name) => rm(path.join(folder, name), { force: true }).catch(() => {})));
}
