import * as v from 'valibot';
import type { Place } from '../../engine/protocol/window-api.ts';
import {
  PATH_CHARS,
  PROGRAM_FILES,
  SCENARIO_BYTES,
  STEPS,
  TYPED_CHARS,
  TYPED_COMMANDS,
  TYPED_TOTAL_CHARS,
} from '../limits.ts';

const step = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(STEPS));

/** From the window and on disk. A character takes at least a byte, so no text that could be opened is refused here. */
export const place: v.GenericSchema<unknown, Place> = v.strictObject({
  scenario: v.strictObject({
    name: v.pipe(v.string(), v.maxLength(PATH_CHARS)),
    text: v.pipe(v.string(), v.maxLength(SCENARIO_BYTES)),
    bundled: v.boolean(),
    files: v.exactOptional(
      v.pipe(
        v.record(v.pipe(v.string(), v.regex(/^[\w.-]+\.c$/)), v.pipe(v.string(), v.maxLength(SCENARIO_BYTES))),
        v.check((files) => Object.keys(files).length <= PROGRAM_FILES),
      ),
    ),
  }),
  step,
  typed: v.pipe(
    v.array(v.strictObject({ atStep: step, text: v.pipe(v.string(), v.maxLength(TYPED_CHARS)) })),
    v.maxLength(TYPED_COMMANDS),
    v.check((typed) => typed.reduce((chars, { text }) => chars + text.length, 0) <= TYPED_TOTAL_CHARS),
  ),
});
