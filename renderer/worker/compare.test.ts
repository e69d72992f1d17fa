import { describe, expect, test } from 'vitest';
import { peekFrameBytes, peekPage, peekVmas } from '../../engine/kernel/index.ts';
import { Player } from '../../engine/player/player.ts';
import type { CompareLook } from '../../engine/protocol/compare.ts';
import { CROWD, SCENARIOS, SWAPPED } from '../testing/scenarios.ts';
import { openHost, walk } from '../testing/walk.ts';
import { type EngineHost } from './engine-host.ts';

const whoCopies = SCENARIOS.find(({ name }) => name === 'who-copies')!;
const scenarios = [whoCopies, CROWD, SWAPPED].map((each) => [each.name, each] as const);

const group = (look: CompareLook | null, title: string) => look?.groups.find((each) => each.title === title);

/** Every page of every area with what it leads to, and the bytes there, by looking at the kernel itself. */
function pagesBehind(player: Player): Map<string, string> {
  const k = player.kernel!;
  const pages = new Map<string, string>();
  for (let pid = 0; pid < k.tasks.rows; pid++) {
    if (k.tasks.used[pid] !== 1 || k.tasks.mm[pid]! < 0) continue;
    for (const { start, end } of peekVmas(k, pid)) {
      for (let page = start; page < end; page++) {
        const { state, frame, slot } = peekPage(k, pid, page);
        const bytes = frame < 0 ? '' : peekFrameBytes(k, frame, 0, 4096).join();
        if (state !== 'reserved') pages.set(`${pid} ${page}`, `${state} ${frame} ${slot?.offset} ${bytes}`);
      }
    }
  }
  return pages;
}

describe.each(scenarios)('comparing moments of %s', (_name, scenario) => {
  test('finds nothing between a moment and itself, and leaves the lab where it stands', () => {
    for (const { host, step, snapshot } of walk(scenario)) {
      expect(host.answer('compare', [step])).toMatchObject({ groups: [], was: step, now: step });
      host.answer('compare', [0]);
      expect(host.answer('seek', [step]).snapshot.hash).toBe(snapshot.hash);
    }
  });

  test('lights exactly the pages that lead elsewhere, hold other bytes or were touched', () => {
    const { host, state } = openHost(scenario);
    const player = new Player();
    player.open(scenario.text);
    const { length } = state.player;
    for (const [was, now] of [[0, length], [2, 5], [5, 6], [3, length - 1], [6, 2]] as const) {
      host.answer('seek', [now]);
      const look = host.answer('compare', [was])!;
      player.seek(was);
      const before = pagesBehind(player);
      player.seek(now);
      const after = pagesBehind(player);
      const keys = new Set([...before.keys(), ...after.keys()]);
      const differ = [...keys].filter((key) => before.get(key) !== after.get(key));
      const there = new Set(look.litThere.pages.map(({ pid, page }) => `${pid} ${page}`));
      const here = new Set(look.lit.pages.map(({ pid, page }) => `${pid} ${page}`));
      expect(new Set([...here, ...there]), `${was} and ${now}`).toEqual(new Set(differ));
    } // prettier-ignore
  });
});

test('a copy on write is one page that leads elsewhere', () => {
  const { host } = openHost(whoCopies);
  host.answer('seek', [4]);
  const look = host.answer('compare', [3]);
  expect(group(look, 'Pages')?.differences).toContainEqual(
    expect.objectContaining({ what: 'p1 A+2', was: 'frame 14 ro', now: 'frame 22, other bytes' }),
  );
  expect(group(look, 'Frames')?.differences).toContainEqual(
    expect.objectContaining({ what: 'frame 22', was: 'free', now: 'anon p1' }),
  );
});

describe('two runs', () => {
  const typed = (host: EngineHost, text: string): void => {
    const { problems } = host.answer('type', [text]);
    expect(problems).toEqual([]);
  };

  test('have the same past, and each goes its own way', () => {
    const { host } = openHost(whoCopies);
    host.answer('seek', [3]);
    typed(host, 'p0 touch_w A 0 1 77');
    const { hash } = host.answer('seek', [4]).snapshot;
    expect(host.answer('branch', [])).toMatchObject({ position: 4 });
    expect(host.answer('compare', ['other'])).toMatchObject({ groups: [] });
    typed(host, 'p0 munmap A 0 8');
    const look = host.answer('compare', ['other']);
    expect(look).toMatchObject({ was: 4, now: 5 });
    expect(group(look, 'Areas')?.differences[0]).toMatchObject({ what: 'p0 A', now: '' });
    const back = host.answer('switchRun', []);
    expect(back.snapshot.hash).toBe(hash);
    expect(back.timeline).not.toBeNull();
    expect(host.answer('stepOther', [-1])).toMatchObject({ position: 4 });
    expect(host.answer('compare', ['other'])).toMatchObject({ groups: [] });
    expect(host.answer('next', []).player.position).toBe(5);
    expect(host.answer('switchRun', []).snapshot.hash).toBe(hash);
  });

  test('end with another scenario, and with being dropped', () => {
    const { host } = openHost(whoCopies);
    host.answer('branch', []);
    host.answer('dropOther', []);
    expect(host.answer('compare', ['other'])).toBeNull();
    host.answer('branch', []);
    host.answer('open', [CROWD.name, CROWD.text, [], 0]);
    expect(host.answer('compare', ['other'])).toBeNull();
  });
});
