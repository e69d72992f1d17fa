import { Player } from '../../engine/player/player.ts';
import type { OtherRun } from '../../engine/protocol/compare.ts';

/** What a run was opened with: the same again begins at the same bytes. */
export interface Source {
  readonly text: string;
  readonly files: Readonly<Record<string, string>>;
}

/** Files that lie beside a scenario, as the player asks for them. */
export const filesOf =
  ({ files }: Source) =>
  (file: string): string | null =>
    Object.hasOwn(files, file) ? files[file]! : null;

/**
 * A second run from where another one stands, with the same past: the same text, the same commands typed. From there
 * on each goes its own way.
 */
export function branchOff(player: Player, source: Source): Player {
  const other = new Player();
  const { position } = player.view();
  const reply = other.begin(source.text, { files: filesOf(source) });
  if (!reply.ok) throw new Error('a scenario that was opened can be opened again');
  other.resume(position, player.typed);
  return other;
}

export function otherRunOf(player: Player): OtherRun {
  const { position, length, report } = player.view();
  const sentence = report === null ? '' : report.say === '' ? report.narration.sentence : report.say;
  return { position, length, sentence };
}
