import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PRELUDE } from './prelude.ts';

/** Differential tests need gcc; without it they are skipped by name. */
export const hasGcc = spawnSync('gcc', ['--version']).status === 0;

/** What a program for runFlat puts out when gcc -O0 has compiled it. */
export function runWithGcc(text: string): string[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'c-'));
  try {
    const file = path.join(folder, 'p.c');
    writeFileSync(file, `${PRELUDE}${text}`);
    execFileSync('gcc', ['-O0', '-w', '-fno-stack-protector', '-o', path.join(folder, 'p'), file], { stdio: 'pipe' });
    const run = spawnSync(path.join(folder, 'p'), { encoding: 'utf8', timeout: 10_000 });
    return run.stdout.trim().split('\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
