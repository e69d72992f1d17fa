import { compileC } from '../../c/index.ts';
import type { ProgramText } from '../../protocol/commands.ts';
import type { LoadedProgram } from './tables.ts';

/** Programs kept compiled: opening a scenario boots its machine several times. */
const KEPT = 16;
const known = new Map<string, LoadedProgram>();

/**
 * The programs of a machine, compiled. The same text gives the same image, whoever asks.
 * @throws Refusal for what is no program; whoever takes texts in compiles them first
 */
export function compiledPrograms(texts: readonly ProgramText[], arraysPileUp = false): LoadedProgram[] {
  return texts.map(({ name, text }) => {
    const key = `${arraysPileUp ? 'piled ' : ''}${name}\n${text}`;
    const found = known.get(key) ?? { name, text, image: compileC(name, text, arraysPileUp) };
    known.delete(key);
    known.set(key, found);
    if (known.size > KEPT) known.delete(known.keys().next().value!);
    return found;
  });
}
