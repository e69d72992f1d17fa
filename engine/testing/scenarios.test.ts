import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { TestRules } from '../mm/test-rules.ts';
import { compileScenario } from '../player/scenario/compile-scenario.ts';
import { scenarioJsonSchema, scenarioJsonSchemaText } from '../player/scenario/json-schema.ts';
import type { Scenario } from '../player/scenario/scenario.ts';
import { rehearse } from '../player/rehearse.ts';

const folder = new URL('../../scenarios/', import.meta.url);
const names = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

function load(name: string): Scenario {
  const compiled = compileScenario(readFileSync(new URL(`${name}/scenario.yaml`, folder), 'utf8'));
  if (!compiled.ok) throw new Error(`${name}: ${JSON.stringify(compiled.problems)}`);
  return compiled.scenario;
}

/** The rules that each lesson is about: switched off, at least one of its claims must fail. */
const RULES: Readonly<Record<string, readonly (keyof TestRules)[]>> = {
  'who-copies': ['cowNeverCopies', 'reuseCopies', 'forkCopiesEagerly'],
  'promise-and-use': ['zeroPageTakesFrame', 'freeGivesNothingBack', 'promiseCountsNothing', 'forkCopiesEagerly'],
  'where-did-it-go': ['freedBlocksLeave', 'heapNeverShrinks'],
  'one-block-pins': ['heapNeverShrinks', 'freedBlocksLeave', 'blocksNeverJoin'],
  'heap-or-mapping': ['blocksAreNeverMapped', 'freeGivesNothingBack'],
  'enough-in-total': ['limitsAreIgnored', 'blocksNeverJoin'],
  'what-it-costs': ['freedBlocksLeave', 'blocksAreNeverMapped'],
  'bug-and-crash': ['heapIsNeverChecked'],
  'nobody-knows-it': ['freedBlocksLeave', 'blocksNeverJoin'],
  'null-and-recovery': ['limitsAreIgnored', 'promiseCountsNothing'],
  'map-of-a-process': ['zeroPageTakesFrame', 'chanceIsForgotten'],
  'way-through-tables': ['unmapFlushesNothing', 'forkFlushesNothing', 'cowNeverCopies'],
  'out-and-back': ['majorCountsAsMinor', 'cowNeverCopies', 'freeGivesNothingBack'],
  'what-can-be-thrown-away': ['devicesCount', 'majorCountsAsMinor'],
  pinned: ['lockedPagesLeave', 'lockLimitIsIgnored', 'majorCountsAsMinor'],
  'two-answers': ['promiseCountsNothing'],
  'who-dies': ['adjustmentIsIgnored'],
  'without-protection': ['protectionStays'],
  'more-frames-more-faults': ['arrivalIsForgotten'],
  'small-pages-large-pages': ['pagesStaySmall', 'cowNeverCopies'],
  'five-step-malloc': ['promiseCountsNothing'],
  'would-not-compare': ['blocksComeCleared'],
  'alloca-or-vla': ['arraysPileUp'],
  'use-after-free': ['blocksAreNeverMapped'],
  'key-on-disk': ['swapKeepsNothing'],
  'which-hole': ['everyFitIsFirst', 'designsAreIgnored', 'limitsAreIgnored'],
  'powers-of-two': ['blocksNeverJoin', 'designsAreIgnored'],
  'list-or-directory': ['designsAreIgnored', 'heapIsNeverChecked'],
  'ask-the-library': ['heapIsNeverChecked', 'blocksAreNeverMapped'],
};

describe.each(names)('%s', (name) => {
  test('holds in every step, and the engine confirms its answers', () => {
    const { reports, problems } = rehearse(load(name));
    expect(problems).toEqual([]);
    expect(reports.filter((report) => !report.ok)).toEqual([]);
  });

  test('says something, and claims something, in every step', () => {
    for (const step of load(name).steps) {
      expect(step.say).not.toBe('');
      expect(step.expect.length).toBeGreaterThan(0);
    }
  });

  test('asks at least one question whose wrong choices are explained', () => {
    const asks = load(name).steps.flatMap((step) => step.ask ?? []);
    expect(asks.length).toBeGreaterThan(0);
    for (const ask of asks) expect(ask.reason !== null || ask.why.every((why) => why !== null)).toBe(true);
  });

  test('fits the screen: every process shows all it has', () => {
    // A huge page alone is 512 frames: that lesson is drawn as a mosaic.
    const { machine, features } = load(name);
    expect(machine.ramPages).toBeLessThanOrEqual(features.includes('A8') ? 8192 : 64);
  });

  test('names the rules it is about', () => expect(RULES[name]?.length).toBeGreaterThan(0));

  test.each(RULES[name] ?? [])('a claim fails without the rule: %s', (rule) => {
    const { reports } = rehearse(load(name), { [rule]: true });
    const failed = reports.flatMap((report) => report.expect.filter((claim) => !claim.ok));
    expect(failed.length).toBeGreaterThan(0);
  });
});

/** Rows of the feature list that lessons are for: all of them must be in some lesson. */
const SHOWN_BY_LESSONS = { A: 16, B: 5, C: 26, E: 10 } as const;

test('every feature of address spaces, processes, the allocator and scarcity has a lesson', () => {
  const shown = new Set(names.flatMap((name) => load(name).features));
  const wanted = Object.entries(SHOWN_BY_LESSONS).flatMap(([area, count]) =>
    Array.from({ length: count }, (_, i) => `${area}${i + 1}`),
  );
  expect(wanted.filter((id) => !shown.has(id))).toEqual([]);
});

/** What FEATURES says is shown: this claim of this lesson fails without this rule. */
const SHOWN: readonly [feature: string, lesson: string, rule: keyof TestRules, claim: string][] = [
  ['B5', 'promise-and-use', 'forkCopiesEagerly', 'p0.pss + p1.pss + p2.pss == frames.anon'],
  ['B5', 'promise-and-use', 'forkCopiesEagerly', 'p0.uss + p1.uss + p2.uss == 0'],
  ['E5', 'pinned', 'swapKeepsNothing', 'secret.slots == 1'],
  ['E5', 'pinned', 'lockedPagesLeave', 'secret.slots == 0'],
  ['E6', 'pinned', 'lockedPagesLeave', '(p0.time - before.p0.time) / 8 < 100'],
  ['E6', 'pinned', 'majorCountsAsMinor', 'majflt(p0) == 8'],
  ['E10', 'two-answers', 'promiseCountsNothing', 'p1.block == 0'],
];

test.each(SHOWN)('%s: %s has, without %s, a claim that fails: %s', (feature, name, rule, text) => {
  const lesson = load(name);
  expect(lesson.features).toContain(feature);
  const claims = rehearse(lesson, { [rule]: true }).reports.flatMap((report) => report.expect);
  expect(claims.filter((claim) => claim.text === text && !claim.ok).length).toBeGreaterThan(0);
});

describe('who-copies', () => {
  test.each([5, 6, 7, 8])('holds with %i pages written', (pages) => {
    const text = readFileSync(new URL('who-copies/scenario.yaml', folder), 'utf8');
    const compiled = compileScenario(text, { parameters: { pages } });
    expect(compiled.ok && rehearse(compiled.scenario).reports.every((report) => report.ok)).toBe(true);
  });
});

describe('the published schema', () => {
  test('is the one that scenarios are checked against; `faultline play --schema` prints it', () => {
    expect(readFileSync(new URL('faultline-1.schema.json', folder), 'utf8')).toBe(scenarioJsonSchemaText());
  });

  test('says of every key what it is for', () => {
    const missing: string[] = [];
    const look = (node: { properties?: object; items?: object; description?: string }, path: string): void => {
      for (const [key, child] of Object.entries(node.properties ?? {})) {
        if (!(child as { description?: string }).description) missing.push(`${path}.${key}`);
        look(child as object, `${path}.${key}`);
      }
      if (node.items) look(node.items, `${path}[]`);
    };
    look(scenarioJsonSchema(), '');
    expect(missing).toEqual([]);
  });

  test('every scenario names it, so that editors complete and check', () => {
    for (const name of names) {
      const [first] = readFileSync(new URL(`${name}/scenario.yaml`, folder), 'utf8').split('\n');
      expect(first).toBe('# yaml-language-server: $schema=../faultline-1.schema.json');
    }
  });
});
