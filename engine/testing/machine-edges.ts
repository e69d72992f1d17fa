import { getAdjacencyMap } from 'xstate/graph';
import type { AnyStateMachine } from 'xstate';

export interface MachineEdge {
  readonly from: string;
  readonly event: string;
  readonly to: string;
}

/** Every (state, event, next state) of a flat machine as XState itself walks it: what model-based tests go through. */
export function edgesOf(machine: AnyStateMachine): MachineEdge[] {
  const edges: MachineEdge[] = [];
  for (const { state, transitions } of Object.values(getAdjacencyMap(machine))) {
    for (const { event, state: to } of Object.values(transitions)) {
      if (state.can(event as never)) edges.push({ from: String(state.value), event: event.type, to: String(to.value) });
    }
  }
  return edges;
}
