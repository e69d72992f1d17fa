import { expect, it } from 'vitest';
import { soak } from './soak.ts';

/** `npm run fuzz -- --commands N --from SEED` sets these. */
const commands = Number(process.env.FAULTLINE_COMMANDS ?? 400);
const from = Number(process.env.FAULTLINE_FROM ?? 100_000);
const REPORT_EVERY = 20_000;

it(`random scripts from seed ${from} on: ${commands} checked commands`, { timeout: 2 ** 31 - 1 }, () => {
  const start = performance.now();
  let next = REPORT_EVERY;
  let failed = 0;
  const result = soak(from, commands, (soFar, seed) => {
    for (; failed < soFar.failures.length; failed++) console.log(soFar.failures[failed]);
    if (soFar.commands < next) return;
    next += REPORT_EVERY;
    const rate = Math.round(soFar.commands / ((performance.now() - start) / 1000));
    console.log(`${soFar.commands} commands, ${soFar.scripts} scripts, up to seed ${seed}, ${rate} a second, ${failed} failed`);
  });
  expect(result.failures).toEqual([]);
  expect(result.commands).toBeGreaterThanOrEqual(commands);
}); // prettier-ignore
