import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { run } from './run.ts';
import { TestIo } from './test-io.ts';

const FOLDER = new URL('../testing/recorded-c/', import.meta.url);
const NAMES = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.c'))
  .map((name) => name.slice(0, -2));
const SIGNAL_STATUS: Readonly<Record<string, number>> = { SIGABRT: 134, SIGSEGV: 139 };

async function runText(text: string, before: readonly string[] = [], args: readonly string[] = []) {
  const io = new TestIo({ 'p.c': text });
  const status = await run(['run', ...before, 'p.c', ...args], io);
  return { status, stdout: io.stdout, stderr: io.stderr };
}

describe('faultline run gives what gcc and Linux gave', () => {
  it.each(NAMES)('%s', async (name) => {
    const want = JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')) as { stdout: string; stderr: string; exit: number | null; signal: string | null }; // prettier-ignore
    const got = await runText(readFileSync(new URL(`${name}.c`, FOLDER), 'utf8'));
    expect(got.stdout).toBe(want.stdout);
    expect(got.status).toBe(want.exit ?? SIGNAL_STATUS[want.signal!]);
    // A signal adds one line with its reason.
    const lines = got.stderr.split('\n').filter((line) => !line.startsWith('faultline run: SIG'));
    expect(lines.join('\n')).toBe(want.stderr);
  });
});

describe('faultline run', () => {
  it('hands arguments, environment and the exit status through', async () => {
    const text = `#include <stdio.h>\n#include <stdlib.h>\nint main(int argc, char **argv) { for (int i = 1; i < argc; i++) puts(argv[i]); puts(getenv("WHO")); return argc; }`;
    expect(await runText(text, ['--env', 'WHO=me'], ['--one', 'two'])).toEqual({
      status: 3,
      stdout: '--one\ntwo\nme\n',
      stderr: '',
    });
  });

  it('shows the place of an error with a caret, and runs nothing', async () => {
    const got = await runText('#include <stdio.h>\nint main(void) {\n\tputs("before");\n\treturn y;\n}\n');
    expect(got).toEqual({ status: 2, stdout: '', stderr: 'p.c:4:9: y is not declared\n\treturn y;\n\t       ^\n' });
  });

  it('ends with 124 when a budget runs out', async () => {
    expect(await runText('int main(void) { for (;;); }', ['--instructions', '1000'])).toEqual({ status: 124, stdout: '', stderr: 'faultline run: stopped: 1000 instructions have run\n' }); // prettier-ignore
    const loud = '#include <stdio.h>\nint main(void) { for (;;) puts("again"); }';
    expect((await runText(loud, ['--output', '10000'])).status).toBe(124);
  });

  it('names the signal and its reason in one line', async () => {
    const got = await runText('int main(void) { return *(int *)8; }');
    expect(got).toEqual({ status: 139, stdout: '', stderr: 'faultline run: SIGSEGV: no VMA at 0x8\n' });
  });

  it('overflows the stack at its limit', async () => {
    const got = await runText(
      'int f(int n) { char b[1000]; b[0] = n; return f(n + 1) + b[0]; } int main(void) { return f(0); }',
    );
    expect(got.status).toBe(139);
    expect(got.stderr).toContain('stack limit');
  });

  it('refuses what it cannot use', async () => {
    expect((await runText('int main(void) {}', ['--instructions', 'many'])).status).toBe(2);
    expect(await run(['run'], new TestIo())).toBe(2);
    expect(await run(['run', 'nowhere.c'], new TestIo())).toBe(2);
  });
});

describe('the same pointer with and without protection (A2)', () => {
  const LOW = 'int main(void) { int *p = (int *)0x02ad; return *p; }';

  it('dies where addresses are checked', async () => {
    expect(await runText(LOW)).toMatchObject({ status: 139 });
  });

  it('reads what lies there where nothing is checked: an interrupt vector', async () => {
    expect(await runText(LOW, ['--real-mode'])).toEqual({ status: 0xff, stdout: '', stderr: '' });
  });

  it('and may overwrite it, while the rest of the program runs as ever', async () => {
    const text = `#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\nint g = 5; int b[5000];
      int main(void) { char *p = malloc(100000); strcpy(p, "hello"); *(char *)0x2ad = 42; printf("%s %d %d\\n", p, g, b[4999]); free(p); return *(int *)0x2ad & 0xff; }`;
    expect(await runText(text, ['--real-mode'])).toEqual({ status: 42, stdout: 'hello 5 0\n', stderr: '' });
  });
});
