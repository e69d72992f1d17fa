import { expect, test } from 'vitest';
import { lab } from '../testing/fixtures.ts';

test('@trace plays references beside the machine: Belady’s twelve, and nothing else changes', () => {
  const l = lab();
  const belady = '1 2 3 4 1 2 5 1 2 3 4 5';
  expect(l.run(`@trace fifo 3 ${belady}`)).toMatchObject({ ret: 9, trace: 'FFFFFFFhhFFh' });
  expect(l.run(`@trace fifo 4 ${belady}`)).toMatchObject({ ret: 10, trace: 'FFFFhhFFFFFF' });
  expect(l.run(`@trace opt 3 ${belady}`).ret).toBe(7);
  expect(l.free).toBe(256 - l.k.machine.reserved[0]! - 1);
});
