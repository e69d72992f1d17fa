import { expect, it } from 'vitest';
import { progress } from './soak.mjs';

it('what several processes reached is one sum', () => {
  const jobs = [
    { commands: 300, scripts: 2, seed: 9, failures: [] },
    { commands: 500, scripts: 4, seed: 14, failures: ['seed 4: INV-01'] },
  ];
  expect(progress(jobs, 2)).toBe('800 commands, 6 scripts, up to seed 14, 1 failed, 400 a second');
});
