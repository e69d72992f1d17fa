import { assert } from '../base/assert.ts';
import { Clock } from './clock.ts';
import { Fifo } from './fifo.ts';
import { Lfu } from './lfu.ts';
import { Linux } from './linux.ts';
import { Lru } from './lru.ts';
import { Opt } from './opt.ts';
import type { Policy, PolicyName } from './policy.ts';
import { Random } from './random.ts';

/**
 * A policy over empty frames.
 * @param frames from 1
 * @param seed 0 … 2^32 − 1; only `random` looks at it
 * @param future all references to come; only `opt` looks at it, and it must have it
 */
export function createPolicy(name: PolicyName, frames: number, seed: number, future: Float64Array | null): Policy {
  assert(Number.isSafeInteger(frames) && frames >= 1, 'a policy has at least one frame');
  switch (name) {
    case 'fifo':
      return new Fifo(frames);
    case 'lru':
      return new Lru(frames);
    case 'clock':
      return new Clock(frames);
    case 'lfu':
      return new Lfu(frames);
    case 'random':
      return new Random(frames, seed);
    case 'opt':
      assert(future !== null, 'opt knows the future');
      return new Opt(frames, future);
    case 'linux':
      return new Linux(frames);
  }
}
