import * as v from 'valibot';
import { expect, test } from 'vitest';
import type { Place } from '../../engine/protocol/window-api.ts';
import { PATH_CHARS, SCENARIO_BYTES, STEPS, TYPED_CHARS, TYPED_COMMANDS } from '../limits.ts';
import { ARGUMENTS } from './arguments.ts';
import type { Question } from './channels.ts';

const place: Place = { scenario: { name: 'n', text: 't', bundled: true }, step: 0, typed: [] };
const typed = (length: number, text = '') => Array.from({ length }, () => ({ atStep: 0, text }));
const takes = (question: Question, args: unknown[]) =>
  v.is(ARGUMENTS[question] as v.GenericSchema<unknown, unknown>, args);

test.each<[Question, unknown[]]>([
  ['info', []],
  ['scenarios.read', ['who-copies']],
  ['settings.set', [{}]],
  ['settings.set', [{ theme: 'system', reducedMotion: null, zoom: 0.5 }]],
  ['place.keep', [place]],
  ['place.keep', [{ ...place, step: STEPS }]],
  [
    'place.keep',
    [{ ...place, scenario: { ...place.scenario, text: 'x'.repeat(SCENARIO_BYTES), name: 'x'.repeat(PATH_CHARS) } }],
  ],
  ['place.keep', [{ ...place, typed: typed(TYPED_COMMANDS) }]],
  ['place.keep', [{ ...place, typed: typed(256, 'x'.repeat(TYPED_CHARS)) }]],
])('%s takes what is at its limit', (question, args) => {
  expect(takes(question, args)).toBe(true);
});

test.each<[Question, unknown[]]>([
  ['info', [undefined]],
  ['scenarios.read', ['..']],
  ['scenarios.read', ['a/b']],
  ['scenarios.read', ['']],
  ['scenarios.read', ['-a']],
  ['settings.set', [[]]],
  ['settings.set', [{ theme: undefined }]],
  ['settings.set', [{ zoom: 0.49 }]],
  ['settings.set', [{ speed: 5 }]],
  ['settings.set', [{ panes: { code: 0.5 } }]],
  ['settings.set', [{ zoom: Infinity }]],
  ['settings.set', [{ reducedMotion: 'yes' }]],
  ['settings.set', [JSON.parse('{"__proto__":{"zoom":1}}')]],
  ['place.keep', [{ ...place, step: STEPS + 1 }]],
  ['place.keep', [{ ...place, scenario: { ...place.scenario, text: 'x'.repeat(SCENARIO_BYTES + 1) } }]],
  ['place.keep', [{ ...place, typed: typed(TYPED_COMMANDS + 1) }]],
  ['place.keep', [{ ...place, typed: typed(257, 'x'.repeat(TYPED_CHARS)) }]],
])('%s refuses what is beyond', (question, args) => {
  expect(takes(question, args)).toBe(false);
});
