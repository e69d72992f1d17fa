import * as v from 'valibot';
import { isScenarioId } from '../files/bundled.ts';
import { place } from '../storage/place-schema.ts';
import { settingsChange } from '../storage/settings-schema.ts';
import type { Question, Questions } from './channels.ts';

type ArgumentsOf<Q extends Question> = Parameters<Questions[Q]>;

const none = v.strictTuple([]);

/** What each question may carry: as many arguments as the contract has, with no key more and no size beyond limits. */
export const ARGUMENTS: { readonly [Q in Question]: v.GenericSchema<unknown, ArgumentsOf<Q>> } = {
  info: none,
  initial: none,
  'scenarios.list': none,
  'scenarios.read': v.strictTuple([v.pipe(v.string(), v.check(isScenarioId))]),
  'scenarios.openDialog': none,
  'settings.get': none,
  'settings.set': v.strictTuple([settingsChange]),
  'place.keep': v.strictTuple([place]),
};
