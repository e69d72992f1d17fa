import { FRAME_SPEC } from '../mm/table-specs.ts';
import { areUntouched, BLOCK_FRAMES, blankValue } from '../mm/frame-blocks.ts';
import { columnOf, type TableCore } from '../base/table.ts';
import type { Report } from './check-invariants.ts';
import type { KernelState } from './state.ts';

/** INV-30 a block of frames that nobody touched is as boot made it, so that keyframes and hashes may pass over it */
export function checkBlocks(k: KernelState, report: Report): void {
  for (let head = 0; head < k.machine.totalFrames[0]!; head += BLOCK_FRAMES) {
    if (!areUntouched(k, head, head + BLOCK_FRAMES)) continue;
    for (const name of Object.keys(FRAME_SPEC)) {
      const column = columnOf(k.frames as unknown as TableCore, name);
      const rest = blankValue(k, name, head + 1);
      let wrong = column[head] === blankValue(k, name, head) ? -1 : head;
      for (let frame = head + 1; frame < head + BLOCK_FRAMES; frame++) if (column[frame] !== rest) wrong = frame;
      if (wrong >= 0) report('INV-30', `frame ${wrong}: ${name} is ${column[wrong]}, but its block was never touched`);
    }
  }
}
