import { expect, it } from 'vitest';
import { soak } from './soak.ts';

it('random scripts go on until so many commands were checked', () => {
  const seeds: number[] = [];
  const result = soak({ firstSeed: 100_000, stride: 1, commands: 400 }, (_, seed) => seeds.push(seed));
  expect(result.failures).toEqual([]);
  expect(result.commands).toBeGreaterThanOrEqual(400);
  expect(result.scripts).toBe(seeds.length);
});

it('several processes share the seeds without overlap', () => {
  const seedsFrom = (firstSeed: number, stride: number): number[] => {
    const seeds: number[] = [];
    soak({ firstSeed, stride, commands: 300 }, (_, seed) => seeds.push(seed));
    return seeds;
  };
  const [one, other] = [seedsFrom(7, 2), seedsFrom(8, 2)];
  expect(one.every((seed) => seed % 2 === 1)).toBe(true);
  expect(other.every((seed) => seed % 2 === 0)).toBe(true);
});
