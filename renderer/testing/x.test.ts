import { test } from 'vitest';
import { SCENARIOS } from './scenarios.ts';
import { walk, stageOf, PANES } from './walk.ts';
test.each(SCENARIOS.map((s) => [s.name, s] as const))('%s', (_n, s) => {
  for (const m of walk(s)) {
    console.log(
      s.name,
      m.step,
      m.state.player.report?.expect.filter((e) => !e.ok),
      m.snapshot.tasks.map((t) => t.vmas.map((v) => `${v.view.region}${v.runs.length}`).join(' ')).join('|'),
      stageOf(m, PANES[1]!).items.length,
      stageOf(m, PANES[1]!).height,
    );
  }
});
