import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Place } from '../../engine/protocol/window-api.ts';
import { JsonFile } from './json-file.ts';
import { PlaceKeeper } from './place-keeper.ts';
import { place as schema } from './place-schema.ts';

const place: Place = {
  scenario: { name: 'x', text: 'title: x', bundled: false },
  step: 3,
  typed: [{ atStep: 2, text: 'p0 fork p1' }],
};
let folder = '';
const file = () => new JsonFile(path.join(folder, 'place.json'), schema, 0);

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'faultline-place-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('within a run the place is there at once', () => {
  const places = new PlaceKeeper(file());
  expect([places.current(), places.fromBefore()]).toEqual([null, null]);
  places.keep(place);
  expect(places.current()).toEqual(place);
});

test('a run that is cut short leaves its place to the next', async () => {
  const written = file();
  new PlaceKeeper(written).keep(place);
  await written.settle();
  const next = new PlaceKeeper(file());
  expect([next.current(), next.fromBefore()]).toEqual([null, place]);
});

test('a run that ends well leaves nothing', async () => {
  const places = new PlaceKeeper(file());
  places.keep(place);
  await places.end();
  expect(existsSync(path.join(folder, 'place.json'))).toBe(false);
  expect(new PlaceKeeper(file()).fromBefore()).toBeNull();
});

test('forgotten is forgotten, also what the run before left', async () => {
  const written = file();
  new PlaceKeeper(written).keep(place);
  await written.settle();
  const places = new PlaceKeeper(file());
  places.keep(place);
  places.forget();
  expect([places.current(), places.fromBefore()]).toEqual([null, null]);
});
