import type { BootImage, ProgramText } from '../../protocol/commands.ts';
import { isLibraryCall } from '../../protocol/library-calls.ts';
import { parseScript } from '../commands/parse-script.ts';
import { PointerList } from '../commands/pointer-list.ts';
import { TaskList } from '../commands/task-list.ts';
import { compileExpression, type Expression } from '../expression/expression.ts';
import type { CheckContext } from '../expression/check-expression.ts';
import { rational } from '../expression/rational.ts';
import { didYouMean } from '../text/nearest.ts';
import { variablesOf } from './programs.ts';
import type { FileReader } from './file-reader.ts';
import type { PlacedText } from './placed-text.ts';
import type { Claim, PlacedCommand, Question, ScenarioStep, Show } from './scenario.ts';
import type { AskText, StepText } from './schema.ts';
import { parseTarget, TARGET_REMEDY, type Target } from './target.ts';

type Path = readonly (string | number)[];

/** Regions that a task has before it maps any. */
const IMAGE_REGIONS: Readonly<Record<BootImage, readonly string[]>> = {
  program: ['text', 'rodata', 'data', 'bss', 'heap', 'stack'],
  bare: ['heap'],
};

/** Parts of every program, and what the library of a C program has. */
const PROGRAM_REGIONS = [...IMAGE_REGIONS.program, 'libc'];

/** Compiles the steps of a scenario in order, and knows what the ones before have made. */
export class StepCompiler {
  private readonly tasks = new TaskList();
  private readonly pointers = new PointerList();
  private readonly made = new Set<number>([0]);
  private readonly regions: Set<string>;
  private readonly variables: ReadonlySet<string>;

  constructor(
    private readonly reader: FileReader,
    image: BootImage,
    programs: readonly ProgramText[] = [],
  ) {
    this.regions = new Set(IMAGE_REGIONS[image]);
    this.variables = variablesOf(programs);
  }

  step(text: StepText, path: Path, chapter: number): ScenarioStep {
    const { reader } = this;
    // the commands first: claims may name what they make
    const commands = (text.do ?? []).flatMap((_, i) => this.commands([...path, 'do', i]));
    return {
      chapter,
      say: reader.text([...path, 'say']).text.trim(),
      note: reader.text([...path, 'note']).text.trim(),
      mark: text.mark ?? null,
      pause: text.pause ?? false,
      commands,
      expect: (text.expect ?? []).flatMap((_, i) => this.claim([...path, 'expect', i])),
      ask: text.ask === undefined ? null : this.ask(text.ask, [...path, 'ask']),
      show: text.show === undefined ? null : this.show(text.show, [...path, 'show']),
    };
  }

  private commands(path: Path): PlacedCommand[] {
    const text = this.reader.text(path);
    const { commands, problems } = parseScript(text.text, this.tasks, this.pointers);
    this.reader.reportIn(text, problems);
    if (commands.length === 0 && problems.length === 0) {
      this.reader.report(path, 'there is no command here', 'write one such as p0 brk +1, or remove the line');
    }
    for (const { command } of commands) {
      if (command.op === 'mmap') this.regions.add(command.name);
      if (command.op === 'fork') this.made.add(command.child);
      if (isLibraryCall(command)) this.regions.add('libc');
      if (command.op === 'exec') for (const part of PROGRAM_REGIONS) this.regions.add(part);
    }
    return commands.map(({ command, text: words, start }) => ({
      command,
      text: words,
      ...this.reader.placeAt(text.at(start)),
    }));
  }

  private context(): CheckContext {
    return {
      parameters: new Set(this.reader.parameters.keys()),
      tasks: this.made,
      regions: this.regions,
      pointers: this.pointers.all,
      variables: this.variables,
    };
  }

  private expression(text: PlacedText, wanted: 'boolean' | null): Expression | null {
    const compiled = compileExpression(text.text, this.context(), wanted);
    if (compiled.ok) return compiled.value;
    this.reader.reportIn(text, compiled.problems);
    return null;
  }

  private claim(path: Path): Claim[] {
    const text = this.reader.text(path);
    const expression = this.expression(text, 'boolean');
    if (expression === null) return [];
    return [{ expression, text: text.text.trim(), ...this.reader.placeAt(text.at(0)) }];
  }

  private ask(ask: AskText, path: Path): Question | null {
    const { reader } = this;
    const text = reader.text([...path, 'answer']);
    const answer = this.expression(text, null);
    const choices = (ask.choices ?? []).map((_, i) => canonicalChoice(reader.text([...path, 'choices', i]).text));
    this.checkChoices(ask, choices, path);
    const why = typeof ask.why === 'object' ? this.reasons(ask.why, choices, path) : choices.map(() => null);
    if (answer === null) return null;
    if (!answer.measured) {
      const remedy = 'write what it measures, such as copies or p0.rss';
      reader.report([...path, 'answer'], 'the engine cannot confirm a fixed answer', remedy);
    }
    const numeric = answer.type === 'number' || answer.type === 'result';
    if (ask.kind === 'number' && !numeric)
      reader.report([...path, 'answer'], 'the answer is no number', 'use kind: choice');
    return {
      kind: ask.kind,
      text: reader.text([...path, 'text']).text.trim(),
      choices,
      answer,
      why,
      reason: typeof ask.why === 'string' ? reader.text([...path, 'why']).text.trim() : null,
      ...reader.placeAt(text.at(0)),
    };
  }

  private checkChoices(ask: AskText, choices: readonly string[], path: Path): void {
    const { reader } = this;
    if (ask.kind === 'choice' && ask.choices === undefined)
      reader.report(path, 'choices is missing', 'add choices: [0, 1, 6]');
    if (ask.kind === 'number' && ask.choices !== undefined) {
      reader.report([...path, 'choices'], 'a number has no choices', 'remove them, or use kind: choice', 'key');
    }
    choices.forEach((choice, i) => {
      if (choices.indexOf(choice) < i)
        reader.report([...path, 'choices', i], `${choice} stands here twice`, 'remove one');
    });
  }

  private reasons(why: Readonly<Record<string, string>>, choices: readonly string[], path: Path): (string | null)[] {
    const byChoice = new Map(Object.keys(why).map((key) => [canonicalChoice(key), key]));
    for (const [choice, key] of byChoice) {
      if (choices.includes(choice)) continue;
      const remedy = didYouMean(choice, choices, 'give reasons for choices only');
      this.reader.report([...path, 'why', key], `${key} is none of the choices`, remedy, 'key');
    }
    return choices.map((choice) => {
      const key = byChoice.get(choice);
      return key === undefined ? null : this.reader.text([...path, 'why', key]).text.trim();
    });
  }

  private show(show: NonNullable<StepText['show']>, path: Path): Show {
    const where = [...path, 'select'];
    const text = show.select === undefined ? null : this.reader.text(where).text.trim();
    let target: Target | null = null;
    if (text !== null) {
      target = parseTarget(text);
      if (target === null) this.reader.report(where, `${text} is nothing that can be selected`, TARGET_REMEDY);
      else this.checkTarget(target, where);
    }
    return { text, target, zoom: show.zoom ?? null, links: show.links ?? [], ...this.reader.placeOf(where) };
  }

  private checkTarget(target: Target, path: Path): void {
    if (target.kind === 'frame' || target.kind === 'slot') return;
    if (!this.made.has(target.task)) {
      const { task } = target;
      this.reader.report(path, `p${task} is never made before this step`, `fork it first: p0 fork p${task}`);
    }
    const isPointer = target.kind !== 'task' && this.pointers.has(target.task, target.name);
    if (target.kind !== 'task' && !isPointer && !this.regions.has(target.name)) {
      const remedy = didYouMean(target.name, this.regions, `map it first: p${target.task} mmap ${target.name} …`);
      this.reader.report(path, `${target.name} is no region here`, remedy);
    }
  }
}

/** One spelling for each value, so that `1`, `1.0` and "1" are the same choice; true and false read as yes and no. */
function canonicalChoice(text: string): string {
  const trimmed = text.trim();
  if (trimmed === 'true') return 'yes';
  if (trimmed === 'false') return 'no';
  if (!/^-?\d+\.0*$/.test(trimmed)) return trimmed;
  return String(rational(BigInt(trimmed.split('.')[0]!)).n);
}
