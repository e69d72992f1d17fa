import { tick } from 'svelte';
import type { ActionId } from '../../engine/protocol/actions.ts';
import { code } from '../stores/code.svelte.ts';
import { lab, type SheetName } from '../stores/lab.svelte.ts';
import { toggleWhy } from './ask-why.ts';
import { showMemory, toggleBoard, toggleWalk } from './boards.ts';
import { openMenuByKey } from './context-menu.ts';
import { branch, compareWith, switchRuns } from './compare.ts';
import { toggleCode } from './edit-program.ts';
import { openByDialog } from './open-scenario.ts';
import { changeSpeed, playPause } from './play.ts';
import { release } from './release.ts';
import { runProgram } from './run-program.ts';
import { toggleHeap } from './show-heap.ts';
import { back, bookmark, chapter, next, runOn, seek } from './step.ts';
import { togglePane } from './panes.ts';
import { toggleTheme } from './theme.ts';
import { turnColumns } from './turn-columns.ts';
import { canRedo, canUndo, redo, undo } from './undo.ts';
import { discardTyped } from './type-command.ts';
import { zoomBy } from './zoom.ts';

const sheet = (name: SheetName) => (): void => {
  lab.sheet = lab.sheet === name ? null : name;
};

async function focusConsole(): Promise<void> {
  if (lab.settings?.panes.lowerShown === false) await togglePane('lowerShown');
  await tick();
  document.querySelector<HTMLElement>('[data-testid="console-input"]')?.focus();
}

const HANDLERS: Readonly<Record<ActionId, () => unknown>> = {
  'player.next': next,
  'player.previous': back,
  'player.nextChapter': () => chapter(1),
  'player.previousChapter': () => chapter(-1),
  'player.first': () => seek(0),
  'player.last': () => seek(Infinity),
  'player.nextMark': () => bookmark(1),
  'player.previousMark': () => bookmark(-1),
  'player.runOn': () => runOn(1),
  'player.runBack': () => runOn(-1),
  'player.playPause': playPause,
  'player.slower': () => changeSpeed(-1),
  'player.faster': () => changeSpeed(1),
  'console.focus': focusConsole,
  'console.undo': undo,
  'console.redo': redo,
  'console.discard': discardTyped,
  'view.ram': showMemory,
  'view.heap': toggleHeap,
  'view.walk': toggleWalk,
  'view.charts': () => toggleBoard('charts'),
  'view.why': toggleWhy,
  'view.watch': () => toggleBoard('watch'),
  'view.find': () => toggleBoard('find'),
  'view.compare': () => (lab.board === 'compare' ? showMemory() : compareWith(lab.against)),
  'run.branch': branch,
  'run.switch': switchRuns,
  'view.statecharts': () => toggleBoard('statechart'),
  'view.nextColumns': () => turnColumns(1),
  'view.previousColumns': () => turnColumns(-1),
  'experiment.menu': openMenuByKey,
  'view.timeline': () => togglePane('timelineShown'),
  'view.lower': () => togglePane('lowerShown'),
  'theme.toggle': toggleTheme,
  'view.larger': () => zoomBy(1),
  'view.smaller': () => zoomBy(-1),
  'view.actualSize': () => zoomBy(0),
  'program.show': toggleCode,
  'program.line': () => runProgram('line'),
  'program.into': () => runProgram('into'),
  'program.out': () => runProgram('out'),
  'program.run': () => runProgram('run'),
  'program.fault': () => runProgram('fault'),
  'program.cow': () => runProgram('cow'),
  'program.syscall': () => runProgram('syscall'),
  'help.palette': sheet('palette'),
  'scenario.open': openByDialog,
  'scenario.lessons': sheet('lessons'),
  'lab.settings': sheet('settings'),
  'lab.machine': sheet('machine'),
  'help.show': sheet('help'),
  'help.words': sheet('words'),
  'help.keys': sheet('keys'),
  'help.introduction': sheet('introduction'),
  'help.truth': sheet('truth'),
  'lab.release': release,
  'lab.overlay': () => (lab.overlay = !lab.overlay),
};

const inProgram = (): boolean => code.shown && code.source !== null && !code.editing;

/** Where an action has nothing to act on. Those that are not named here always have. */
const POSSIBLE: Readonly<Partial<Record<ActionId, () => boolean>>> = {
  'console.undo': canUndo,
  'console.redo': canRedo,
  'console.discard': () => (lab.player?.typedSteps ?? 0) > 0,
  'view.heap': () => (lab.snapshot?.heaps.length ?? 0) > 0,
  'program.line': inProgram,
  'program.into': inProgram,
  'program.out': inProgram,
  'program.run': inProgram,
  'program.fault': inProgram,
  'program.cow': inProgram,
  'program.syscall': inProgram,
};

export const isPossible = (id: ActionId): boolean => POSSIBLE[id]?.() ?? true;

/** Does what a key, a menu or the palette asks for; nothing where there is nothing to act on. */
export function runAction(id: ActionId): void {
  if (isPossible(id)) void HANDLERS[id]();
}
