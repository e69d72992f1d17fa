import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Path of a compiled program, or what is missing, as words behind "there is no". */
export type Program = { readonly path: string } | { readonly missing: string };

/** Compiles C with the machine's gcc, each program once, into a folder that is removed afterwards. */
export class NativePrograms {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'faultline-'));
  private readonly programs = new Map<string, Program>();

  /** @param sources folder with the C sources */
  constructor(private readonly sources: string) {
    process.once('exit', this.remove);
  }

  /** @param flags for gcc, behind -O2 */
  program(name: string, flags: readonly string[] = []): Program {
    const program = this.programs.get(name) ?? this.compile(name, flags);
    this.programs.set(name, program);
    return program;
  }

  /** Also called when the process ends by Ctrl-C. */
  readonly remove = (): void => {
    process.off('exit', this.remove);
    rmSync(this.folder, { recursive: true, force: true });
  };

  private compile(name: string, flags: readonly string[]): Program {
    const source = path.join(this.sources, `${name}.c`);
    if (!existsSync(source)) return { missing: `C source ${name}.c` };
    const output = path.join(this.folder, name);
    const gcc = spawnSync('gcc', ['-O2', ...flags, '-o', output, source], { encoding: 'utf8' });
    if (gcc.error !== undefined) return { missing: 'gcc' };
    return gcc.status === 0 ? { path: output } : { missing: `gcc that takes ${name}.c: ${gcc.stderr.split('\n')[0]}` };
  }
}
