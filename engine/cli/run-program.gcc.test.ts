/** Programs run by `faultline run` and compiled by gcc -O0: standard output and status must be equal. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasGcc } from '../c/testing/with-gcc.ts';
import { LIBRARY_PROGRAMS } from '../testing/c-library-programs.ts';
import { run } from './run.ts';
import { TestIo } from './test-io.ts';

function withGcc(text: string): { stdout: string; status: number } {
  const folder = mkdtempSync(path.join(tmpdir(), 'run-'));
  try {
    writeFileSync(path.join(folder, 'p.c'), text);
    execFileSync('gcc', ['-O0', '-w', '-fno-stack-protector', '-o', 'p', 'p.c', '-lm'], { cwd: folder, stdio: 'pipe' });
    const done = spawnSync('./p', { cwd: folder, encoding: 'latin1', timeout: 10_000, env: {} });
    return { stdout: done.stdout, status: done.status ?? 128 + constants.signals[done.signal!] };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the library gives what glibc gives', () => {
  it.skipIf(!hasGcc).each(Object.entries(LIBRARY_PROGRAMS))('%s (skipped without gcc)', async (_name, text) => {
    const io = new TestIo({ 'p.c': text });
    const status = await run(['run', 'p.c'], io);
    expect({ stdout: io.stdout, status, stderr: io.stderr.includes('p.c:') ? io.stderr : '' }).toEqual({ ...withGcc(text), stderr: expect.any(String) as string }); // prettier-ignore
  });
});
