import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { NativePrograms } from '../native/programs.ts';
import type { BenchTools } from './row.ts';

/** C references, and files with what they read. */
export class NativeTools implements BenchTools {
  private readonly programs: NativePrograms;

  /** @param sources folder with the C sources */
  constructor(sources: string) {
    this.programs = new NativePrograms(sources);
  }

  native(name: string, args: readonly string[]): ReturnType<BenchTools['native']> {
    const program = this.programs.program(name);
    if ('missing' in program) return { ok: false, missing: program.missing };
    const run = spawnSync(program.path, args, { encoding: 'utf8' });
    if (run.status === 0) return { ok: true, words: run.stdout.trim().split(/\s+/) };
    return { ok: false, missing: `${name} that works: it ended with ${run.status ?? run.signal}` };
  }

  file(name: string, bytes: () => Uint8Array): string {
    const file = path.join(this.programs.folder, name);
    if (!existsSync(file)) writeFileSync(file, bytes());
    return file;
  }

  remove(): void {
    this.programs.remove();
  }
}
