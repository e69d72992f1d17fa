import { expect, test } from 'vitest';
import { DEFAULT_MACHINE } from '../../player/scenario/machine-options.ts';
import { boot, findingsOf, step } from '../index.ts';

const TEXT = `#include <stdlib.h>
int main(void) {
  char *b = calloc(1, 16);
  *(int *)(b + 1) = 7;
  return b[1];
}
`;

test.each([
  [false, 'exit', 7],
  [true, 'SIGBUS', 0],
] as const)('a misaligned store with the trap %s: %s', (trap, end, status) => {
  const k = boot({ ...DEFAULT_MACHINE, image: 'bare', programs: [{ name: 'p', text: TEXT }], checked: true });
  step(k, { op: '@alignment', trap });
  step(k, { task: 0, op: 'exec', image: 'p', args: [] });
  const result = step(k, { task: 0, op: 'run', until: null });
  expect(result.sig ?? 'exit').toBe(end);
  if (status > 0) expect(result.ret).toBe(status);
  expect(findingsOf(k)[0]).toMatchObject({ kind: 'misaligned', line: 4 });
});
