import type { StatechartName } from '../../engine/protocol/statechart-look.ts';
import { lab } from '../stores/lab.svelte.ts';
import { engine } from './engine.ts';

/** Most people's first question is about pages; a step that leaves them alone is about something else. */
const BY_INTEREST: readonly StatechartName[] = ['page', 'chunk', 'slot', 'task', 'pressure', 'oom', 'pmd', 'player'];

/** Fetches the statechart that is in view, if one is: the chosen one, else one that the step took a transition of. */
export async function showStatechart(): Promise<void> {
  if (lab.board !== 'statechart') return;
  const name = lab.statechartChosen ?? lab.statechart?.name ?? BY_INTEREST[0]!;
  const look = await engine.call('statechart', name);
  const busier = BY_INTEREST.find((other) => look.busy[other] > 0);
  const better = lab.statechartChosen === null && look.busy[name] === 0 && busier !== undefined;
  lab.statechart = better ? await engine.call('statechart', busier) : look;
}

export async function chooseStatechart(name: StatechartName): Promise<void> {
  lab.statechartChosen = name;
  lab.stateChosen = null;
  await showStatechart();
}
