/**
 * Everything that a person can do with the window, in one table: keys, the sheet of keys, the command palette and the
 * application's menu are all read from it. What each does is in renderer/actions/run-action.ts.
 */

export type ActionGroup = 'Steps' | 'View' | 'C program' | 'Lab';

export interface ActionRow {
  readonly title: string;
  readonly group: ActionGroup;
  /** KeyboardEvent.key, with `Ctrl+`, `Shift+` or `Alt+` in front; the first is the one that menus show. */
  readonly keys: readonly string[];
  /** Its keys work wherever the focus is, also in a text field. */
  readonly everywhere?: true;
}

const steps = (title: string, ...keys: string[]): ActionRow => ({ title, group: 'Steps', keys });
const view = (title: string, ...keys: string[]): ActionRow => ({ title, group: 'View', keys });
const program = (title: string, ...keys: string[]): ActionRow => ({ title, group: 'C program', keys });
const own = (title: string, ...keys: string[]): ActionRow => ({ title, group: 'Lab', keys });
const everywhere = (row: ActionRow): ActionRow => ({ ...row, everywhere: true });

const TABLE = {
  'player.next': steps('Next step', 'ArrowRight', ' ', 'PageDown', 'n'),
  'player.previous': steps('Previous step', 'ArrowLeft', 'Shift+ ', 'PageUp', 'p'),
  'player.nextChapter': steps('Next chapter', 'ArrowDown'),
  'player.previousChapter': steps('Previous chapter', 'ArrowUp'),
  'player.first': steps('First step', 'Home'),
  'player.last': steps('Last step', 'End'),
  'player.nextMark': steps('Next bookmark', ']'),
  'player.previousMark': steps('Previous bookmark', '['),
  'player.runOn': steps('Run on to where something stops it', 'F8'),
  'player.runBack': steps('Run back to where something stopped it', 'Shift+F8'),
  'player.playPause': steps('Play or pause'),
  'player.slower': steps('Play slower', '-'),
  'player.faster': steps('Play faster', '+'),
  'console.focus': steps('To the console', '/'),
  'console.undo': steps('Take the last typed command back', 'Ctrl+z'),
  'console.redo': steps('Carry it out again', 'Ctrl+Shift+z'),
  'console.discard': steps('Back to the script: drop what was typed'),
  'view.ram': view('Physical memory on the right'),
  'view.heap': view('Heap of a process on the right', 'm'),
  'view.walk': view('Way through the page tables on the right', 'w'),
  'view.charts': view('Diagrams over the steps on the right', 'd'),
  'view.why': view('Why is it so? The story of the selection, or of the step', 'y'),
  'view.watch': view('Watches and stops on the right', 'j'),
  'view.find': everywhere(view('Find an address, bytes, a name, an event', 'Ctrl+f')),
  'view.compare': view('What changed: compare with the step before, or another', '='),
  'run.branch': steps('Branch: keep this run, try something else from here'),
  'run.switch': steps('Switch between the two runs', '\\'),
  'view.statecharts': view('Statecharts on the right: who is in which state', 'x'),
  'view.nextColumns': view('Further processes', 'Alt+ArrowRight'),
  'view.previousColumns': view('Processes before', 'Alt+ArrowLeft'),
  'experiment.menu': everywhere(view('What can be done with the selection', 'ContextMenu', 'Shift+F10')),
  'view.timeline': everywhere(view('Timeline, or none', 'Ctrl+Shift+j')),
  'view.lower': everywhere(view('Console, events and inspector, or none', 'Ctrl+j')),
  'theme.toggle': view('Light or dark', 't'),
  'view.larger': view('Everything larger', 'Ctrl++'),
  'view.smaller': view('Everything smaller', 'Ctrl+-'),
  'view.actualSize': view('Everything as large as it was', 'Ctrl+0'),
  'program.show': program('C program, or a new one', 'c'),
  'program.line': program('Run to the next line', 'v'),
  'program.into': program('Run into the call', 'i'),
  'program.out': program('Run out of the function', 'u'),
  'program.run': program('Run on', 'r'),
  'program.fault': program('Run until a page fault'),
  'program.cow': program('Run until a copy on write'),
  'program.syscall': program('Run until a system call'),
  'help.palette': everywhere(own('Command palette', 'Ctrl+k')),
  'scenario.open': everywhere(own('Open a scenario or a C program', 'Ctrl+o')),
  'scenario.lessons': everywhere(own('Lessons', 'Ctrl+Shift+o')),
  'lab.settings': everywhere(own('Settings', 'Ctrl+,')),
  'lab.machine': everywhere(own('Machine: memory, policies, prices, a free experiment', 'Ctrl+Shift+m')),
  'help.show': everywhere(own('Help', 'F1')),
  'help.words': own('Words: what each means', 'k'),
  'help.keys': own('Keys', '?'),
  'help.introduction': own('Introduction, less than a minute'),
  'help.truth': own('How true is this?'),
  'lab.release': everywhere(own('Close, or let go of the selection', 'Escape')),
  'lab.overlay': everywhere(own('Figures for developers', 'Ctrl+Shift+d')),
} satisfies Record<string, ActionRow>;

export type ActionId = keyof typeof TABLE;
export const ACTIONS: Readonly<Record<ActionId, ActionRow>> = TABLE;
export const ACTION_IDS = Object.keys(TABLE) as readonly ActionId[];

const KEY_WORDS: Readonly<Record<string, string>> = {
  ' ': 'Space',
  ArrowRight: '→',
  ArrowLeft: '←',
  ArrowDown: '↓',
  ArrowUp: '↑',
  PageDown: 'PgDn',
  PageUp: 'PgUp',
  Escape: 'Esc',
  ContextMenu: 'Menu',
};

/** A key as people call it: `Ctrl+Shift+o` is Ctrl+Shift+O. */
export function keyText(name: string): string {
  const { held, key } = parts(name);
  const word = KEY_WORDS[key] ?? (key.length === 1 ? key.toUpperCase() : key);
  return [...held, word].join('+');
}

const ACCELERATOR_WORDS: Readonly<Record<string, string>> = {
  ' ': 'Space',
  ArrowRight: 'Right',
  ArrowLeft: 'Left',
  ArrowDown: 'Down',
  ArrowUp: 'Up',
  '+': 'Plus',
  Ctrl: 'CmdOrCtrl',
};

/** A key as Electron's menus name it. */
export function accelerator(name: string): string {
  const { held, key } = parts(name);
  return [...held, key.length === 1 ? key.toUpperCase() : key].map((part) => ACCELERATOR_WORDS[part] ?? part).join('+');
}

/** Keys that are held, and the one that is pressed, which may be + itself. */
function parts(name: string): { held: string[]; key: string } {
  const held: string[] = [];
  let key = name;
  for (let match = /^(Ctrl|Shift|Alt)\+(?=.)/.exec(key); match !== null; match = /^(Ctrl|Shift|Alt)\+(?=.)/.exec(key)) {
    held.push(match[1]!);
    key = key.slice(match[0].length);
  }
  return { held, key };
}
