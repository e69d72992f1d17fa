import { getAdjacencyMap } from 'xstate/graph';
import type { AnyStateMachine } from 'xstate';

export interface MachineEdge {
  readonly from: string;
  readonly event: string;
  readonly to: string;
}

interface Node {
  readonly state: { readonly value: unknown; can(event: { type: string }): boolean };
  readonly transitions: Readonly<Record<string, { event: { type: string }; state: { readonly value: unknown } }>>;
}

/** Every (state, event, next state) of a flat machine as XState itself walks it: what model-based tests go through. */
export function edgesOf(machine: AnyStateMachine): MachineEdge[] {
  const edges: MachineEdge[] = [];
  const nodes = Object.values(getAdjacencyMap(machine, {})) as unknown as readonly Node[];
  for (const { state, transitions } of nodes) {
    for (const { event, state: to } of Object.values(transitions)) {
      if (state.can(event)) edges.push({ from: String(state.value), event: event.type, to: String(to.value) });
    }
  }
  return edges;
}
