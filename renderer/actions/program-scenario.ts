import type { OpenedScenario } from '../../engine/protocol/window-api.ts';

/** Frames of the machine that a program of one's own gets: a megabyte. */
const FRAMES = 256;
const WRAPPED = '# A C program on a machine of its own.';

/** Is it a program as somebody wrote it, and no scenario made of one? */
export const isProgramFile = ({ name, text }: Pick<OpenedScenario, 'name' | 'text'>): boolean =>
  name.endsWith('.c') && !text.startsWith(WRAPPED);

/** What exec takes: the file's name without folder and ending. */
export function programName(file: string): string {
  const base = file.replace(/^.*[\\/]/, '').replace(/\.c$/, '');
  const plain = base.replace(/\W/g, '_').replace(/^(?=\d)/, '_');
  return plain.slice(0, 15) || 'program';
}

/** A C program as a scenario: a machine that has just loaded it. */
export function programScenario(file: string, text: string): OpenedScenario {
  const name = programName(file);
  const yaml = `${WRAPPED}
format: faultline/1
title: ${name}.c
machine: { ram: ${FRAMES}, swap: 64, seed: 1 }
programs: { ${name}: ${name}.c }
chapters:
  - title: The program
    steps:
      - say: ${name}.c is loaded. V runs it line by line, R runs it on.
        do: [ p0 exec ${name} ]
`;
  return { name: file, text: yaml, bundled: false, files: { [`${name}.c`]: text } };
}
