import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WhyStory, WhySubject } from '../../engine/protocol/why.ts';
import type { EngineHost } from './engine-host.ts';
import { SCENARIOS } from '../testing/scenarios.ts';
import { momentAt, walk } from '../testing/walk.ts';

const scenarioOf = (name: string) => SCENARIOS.find((each) => each.name === name)!;
const CHOSEN = ['who-copies', 'out-and-back', 'swapped', 'crowd', 'one-block-pins', 'way-through-tables'];
const scenarios = CHOSEN.map((name) => [name, scenarioOf(name)] as const);
const BOOT = 'the machine starts: it was so from the beginning';

const ask = (host: EngineHost, subject: WhySubject): WhyStory | null => host.answer('why', [subject]);
const texts = (story: WhyStory | null): string[] => story?.links.map(({ text }) => text) ?? [];

/** The last link is an operation of the script, as it is written there, or the beginning. */
function expectToEnd(story: WhyStory, commands: ReadonlySet<string>, where: string): void {
  const end = story.links.at(-1)!;
  expect(end.text === BOOT || commands.has(end.text), `${where} ends in "${end.text}"`).toBe(true);
  expect(end.text === BOOT ? end.step : Math.min(end.step, 1), where).toBe(end.text === BOOT ? 0 : 1);
  for (const { text } of story.before)
    expect(text === BOOT || commands.has(text), `${where} before: ${text}`).toBe(true);
  const ids = story.links.slice(0, -1).map(({ event }) => event);
  expect(ids).toEqual([...ids].sort((a, b) => b - a));
}

describe.each(scenarios)('why in %s', (_name, scenario) => {
  test('ends in an operation for every page, frame, slot, area and step', () => {
    for (const { host, snapshot, step } of walk(scenario)) {
      const commands = new Set<string>();
      for (let at = 1; at <= step; at++) commandsOf(host, at).forEach((text) => commands.add(text));
      const subjects: WhySubject[] = [
        ...snapshot.tasks.flatMap(({ view: { pid }, vmas }) =>
          vmas.flatMap(({ view: { start }, runs }): WhySubject[] => [
            { kind: 'vma', pid, start },
            ...runs.slice(0, 6).map(({ page }): WhySubject => ({ kind: 'page', pid, page })),
          ]),
        ),
        ...Array.from({ length: Math.min(40, snapshot.frames.total) }, (_, frame): WhySubject => ({
          kind: 'frame',
          frame,
        })),
        ...Array.from({ length: Math.min(12, snapshot.slots.total) }, (_, slot): WhySubject => ({
          kind: 'slot',
          slot,
        })),
        ...(step === 0 ? [] : [{ kind: 'step' } as const]),
      ];
      for (const subject of subjects) {
        const story = ask(host, subject);
        expect(story, JSON.stringify(subject)).not.toBeNull();
        expectToEnd(story!, commands, `step ${step} ${JSON.stringify(subject)}`);
      }
    }
  }, 30_000);

  test('ends in an operation for random bytes, and says since when a byte is what it is', () => {
    const moments = [...walk(scenario)];
    const last = moments.at(-1)!;
    const { host } = last;
    fc.assert(
      fc.property(fc.nat(moments.length - 1), fc.nat(), fc.nat(), fc.nat(4095), (step, area, at, offset) => {
        const { snapshot } = host.answer('seek', [step]);
        const areas = snapshot.tasks.flatMap(({ view: { pid }, vmas }) => vmas.map(({ view }) => ({ pid, view })));
        if (areas.length === 0) return;
        const { pid, view } = areas[area % areas.length]!;
        const page = view.start + (at % (view.end - view.start));
        const story = ask(host, { kind: 'byte', pid, page, offset });
        if (story === null) return;
        const commands = new Set(Array.from({ length: step }, (_, i) => commandsOf(host, i + 1)).flat());
        expectToEnd(story, commands, `step ${step}, byte ${offset} of page ${page} of p${pid}`);
        const since = Number(/since step (\d+)/.exec(story.now)?.[1] ?? 0);
        expect(story.links.at(-1)!.step).toBe(since);
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});

function commandsOf(host: EngineHost, step: number): string[] {
  return host.reportAt(step)?.commands.map(({ text }) => text) ?? [];
}

test('a copy on write goes back over the fault and the store to the command, and to what was there before', () => {
  const { host, snapshot } = momentAt(scenarioOf('who-copies'), 4);
  const { pid, page } = snapshot.tasks
    .flatMap(({ view, vmas }) => vmas.flatMap(({ runs }) => runs.map((run) => ({ pid: view.pid, ...run }))))
    .find(({ pid, fresh }) => pid === 1 && fresh)!;
  const story = ask(host, { kind: 'page', pid, page })!;
  expect(texts(story)).toEqual([
    'A+2 maps frame 22, writable',
    'shared by 2, read-only',
    'write fault',
    'p1 store A+2',
    'p1 touch_w A 2 1 2',
  ]);
  expect(story.before.map(({ text, step }) => `${step}: ${text}`)).toEqual(['2: p0 fork p1']);
});

test('a refused call is what a step is asked about first', () => {
  const { host } = momentAt(scenarioOf('crowd'), 1);
  host.answer('type', ['p0 munmap A 0 0']);
  const [refusal] = texts(ask(host, { kind: 'step' }));
  expect(refusal).toBe('refused: EINVAL');
});
