/** The kernel's face towards player, CLI, worker and tests. */
export { boot } from './boot.ts';
export { step } from './step.ts';
export type { KernelState } from './state.ts';
export { capture, encodeState, hashState, restore, type Keyframe } from './snapshot.ts';
export { checkInvariants } from './check-invariants.ts';
export { compiledPrograms } from './program/compiled.ts';
export { findPlace, lineOf, outputOf, stackFrames, variableNames } from './program/variables.ts';
export { lookAtProgram, lookBack } from './program/look/program-look.ts';
export { findingsOf, findingText, type FindingView } from './program/shadow/finding-view.ts';
export { FINDING_KINDS, FINDING_WORDS, type FindingKind } from './program/shadow/kinds.ts';
export { linesWithCode } from './program/source-lines.ts';
export { runningPrograms, TrailRecorder } from './program/trail.ts';
export * from './peek.ts';
export { peekSlot } from './swap-view.ts';
export { fileNames, peekFiles } from './peek-files.ts';
