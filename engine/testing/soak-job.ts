/**
 * One process of `npm run fuzz -- --commands N`: started by scripts/fuzz.mjs with its part of the work as arguments, it
 * sends what it reached so far now and then, and at its end.
 */
import { soak, type Soaked } from './soak.ts';

const TELL_EVERY_MS = 1000;

const [firstSeed, stride, commands] = process.argv.slice(2).map(Number) as [number, number, number];
let toldAt = performance.now();
let lastSeed = firstSeed;

const tell = (soFar: Soaked): void => {
  toldAt = performance.now();
  process.send?.({ ...soFar, seed: lastSeed });
};

const result = soak({ firstSeed, stride, commands }, (soFar, seed) => {
  lastSeed = seed;
  if (performance.now() - toldAt >= TELL_EVERY_MS) tell(soFar);
});
tell(result);
