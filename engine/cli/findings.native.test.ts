/** What valgrind and gcc's sanitizers say of the programs that the lab finds fault with, where the machine has them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasGcc } from '../c/testing/with-gcc.ts';
import { FAULTY_PROGRAMS, SOUND_PROGRAMS } from '../testing/faulty-programs.ts';

const works = (command: string): boolean => spawnSync(command, ['--version']).status === 0;
const hasValgrind = hasGcc && works('valgrind');
const SANITIZE = ['-fsanitize=address,undefined'];
const hasSanitizers = hasGcc && canSanitize();

function canSanitize(): boolean {
  try {
    return report('int main(void) { return 0; }', SANITIZE, []) === '';
  } catch {
    return false;
  }
}

/** Standard error of a program built by gcc -O0 that runs under a tool. */
function report(text: string, flags: readonly string[], tool: readonly string[]): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'finding-'));
  try {
    writeFileSync(path.join(folder, 'p.c'), text);
    execFileSync('gcc', ['-g', '-O0', '-w', ...flags, '-o', 'p', 'p.c'], { cwd: folder, stdio: 'pipe' });
    const env = { PATH: process.env['PATH'] ?? '', ASAN_OPTIONS: 'detect_stack_use_after_return=1' };
    const [command = './p', ...args] = [...tool, './p'];
    return spawnSync(command, args, { cwd: folder, encoding: 'latin1', timeout: 30_000, env }).stderr;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const valgrind = (text: string): string =>
  report(text, ['-fno-stack-protector', '-fno-builtin'], ['valgrind', '-q', '--leak-check=full']);

describe('valgrind', () => {
  it.skipIf(!hasValgrind).each(Object.entries(FAULTY_PROGRAMS))('%s (skipped without)', (_name, { text, valgrind: said, line }) => {
    const got = valgrind(text);
    if (said === null) return;
    expect(got).toMatch(new RegExp(said));
    expect(got).toContain(`(p.c:${line})`);
  }); // prettier-ignore

  it.skipIf(!hasValgrind).each(Object.entries(SOUND_PROGRAMS))('nothing: %s (skipped without)', (name, text) => {
    // The break's memory counts as unset there, although the kernel clears it.
    if (!name.includes('break')) expect(valgrind(text)).toBe('');
  });
});

describe('gcc -fsanitize=address,undefined', () => {
  it.skipIf(!hasSanitizers).each(Object.entries(FAULTY_PROGRAMS))('%s (skipped without)', (_name, { text, sanitizers }) => {
    if (sanitizers === null) return;
    expect(report(text, [...SANITIZE, '-fno-builtin'], [])).toMatch(new RegExp(sanitizers));
  }); // prettier-ignore
});
