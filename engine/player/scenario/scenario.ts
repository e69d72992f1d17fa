import type { Command, MachineOptions } from '../../protocol/commands.ts';
import type { ShowHint } from '../../protocol/player.ts';
import type { Expression } from '../expression/expression.ts';
import type { Target } from './target.ts';

/** Where something stands in the scenario's file, from 1. */
export interface FilePlace {
  readonly line: number;
  readonly column: number;
}

export interface PlacedCommand extends FilePlace {
  readonly command: Command;
  readonly text: string;
}

/** A line of `expect`. */
export interface Claim extends FilePlace {
  readonly expression: Expression;
  readonly text: string;
}

export interface Question extends FilePlace {
  readonly kind: 'choice' | 'number';
  readonly text: string;
  readonly choices: readonly string[];
  readonly answer: Expression;
  /** One for each choice, null where none is given. */
  readonly why: readonly (string | null)[];
  readonly reason: string | null;
}

/** What the view should show; `target` is looked up when the step has run. */
export interface Show extends FilePlace, Omit<ShowHint, 'selection'> {
  readonly target: Target | null;
}

export interface ScenarioStep {
  /** From 0. */
  readonly chapter: number;
  readonly say: string;
  readonly note: string;
  readonly mark: string | null;
  readonly pause: boolean;
  readonly commands: readonly PlacedCommand[];
  readonly expect: readonly Claim[];
  readonly ask: Question | null;
  readonly show: Show | null;
}

/** A scenario that can be played: everything in it has been read and checked. */
export interface Scenario {
  readonly title: string;
  readonly summary: string;
  readonly features: readonly string[];
  readonly machine: MachineOptions;
  readonly parameters: ReadonlyMap<string, number>;
  readonly chapters: readonly { readonly title: string; readonly firstStep: number }[];
  readonly steps: readonly ScenarioStep[];
}
