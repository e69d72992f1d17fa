import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BenchTools } from './row.ts';

/** Compiles C with the machine's gcc, once for each program, and keeps files in a folder of its own. */
export class NativeTools implements BenchTools {
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'faultline-bench-'));
  /** Path of each program, or why there is none. */
  private readonly programs = new Map<string, { readonly path: string } | { readonly missing: string }>();

  /** @param sources folder with the C sources */
  constructor(private readonly sources: string) {}

  native(name: string, args: readonly string[]): ReturnType<BenchTools['native']> {
    const program = this.programs.get(name) ?? this.compile(name);
    this.programs.set(name, program);
    if ('missing' in program) return { ok: false, missing: program.missing };
    const run = spawnSync(program.path, args, { encoding: 'utf8' });
    if (run.status === 0) return { ok: true, words: run.stdout.trim().split(/\s+/) };
    return { ok: false, missing: `${name} that works: it ended with ${run.status ?? run.signal}` };
  }

  file(name: string, bytes: () => Uint8Array): string {
    const file = path.join(this.folder, name);
    if (!existsSync(file)) writeFileSync(file, bytes());
    return file;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private compile(name: string): { readonly path: string } | { readonly missing: string } {
    const source = path.join(this.sources, `${name}.c`);
    if (!existsSync(source)) return { missing: `the C source ${name}.c` };
    const output = path.join(this.folder, name);
    const gcc = spawnSync('gcc', ['-O2', '-o', output, source], { encoding: 'utf8' });
    if (gcc.error !== undefined) return { missing: 'gcc' };
    return gcc.status === 0
      ? { path: output }
      : { missing: `a gcc that takes ${name}.c: ${gcc.stderr.split('\n')[0]}` };
  }
}
