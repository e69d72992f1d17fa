import { PAGE_SIZE } from '../../base/units.ts';
import { formatQuantity } from '../commands/quantity.ts';
import { pagesOf } from './words.ts';

/** `pages 2 to 4 of A`, or the numbers as they were written where they are no whole pages. */
export function range(command: {
  name: string;
  offset: { bytes: number; ramPercent: number };
  length: { bytes: number; ramPercent: number };
}): string {
  const { name, offset, length } = command;
  const whole = [offset, length].every((q) => q.ramPercent === 0 && q.bytes % PAGE_SIZE === 0 && q.bytes >= 0);
  if (whole && length.bytes > 0) return pagesOf(name, offset.bytes / PAGE_SIZE, length.bytes / PAGE_SIZE);
  return `${formatQuantity(length)} of ${name} from ${formatQuantity(offset)} on`;
}
