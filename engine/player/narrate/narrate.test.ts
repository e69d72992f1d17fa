import { describe, expect, test } from 'vitest';
import { EVENT, EVENTS } from '../../base/event-kinds.ts';
import { eventsBetween } from '../../base/event-log.ts';
import { boot, pageLabel, step } from '../../kernel/index.ts';
import type { Narration } from '../../protocol/player.ts';
import { parseScript } from '../commands/parse-script.ts';
import { DEFAULT_MACHINE } from '../scenario/machine-options.ts';
import { eventText } from './event-text.ts';
import { narrate } from './narrate.ts';
import { duration, pageOf } from './words.ts';

/** What is said of the last command of a script on a machine of 64 frames. */
function told(script: string, last = 1): Narration {
  const k = boot({ ...DEFAULT_MACHINE, ramPages: 64 });
  const { commands, problems } = parseScript(script);
  expect(problems).toEqual([]);
  const ran = commands.map(({ command }) => {
    const result = step(k, command);
    return { command, result, events: eventsBetween(k.events, result.firstEvent, result.endEvent) };
  });
  return narrate(ran.slice(-last), (page) => pageLabel(k, page));
}

const A = 'p0 mmap A 8 rw\n';
const WRITTEN = `${A}p0 touch_w A 0 6 1\n`;
const FORKED = `${WRITTEN}p0 fork p1\n`;

describe('the sentence', () => {
  test.each([
    [A, 'p0 maps 8 pages as A: a promise of 8 pages, and no frame is taken yet.'],
    ['@swap zram 1', 'A swap device of 255 slots is there: compressed RAM, which answers at once.'],
    [
      `@swap zram 1\n${WRITTEN}p0 madvise A 0 8 pageout`,
      'p0 advises pageout for pages 0 to 7 of A. 6 pages go to swap.',
    ],
    [`${WRITTEN}p0 madvise A 0 8 pageout`, 'p0 advises pageout for pages 0 to 7 of A. No page could be taken away.'],
    [
      `@swap zram 1\n${WRITTEN}p0 madvise A 0 8 pageout\np0 touch_r A 0 1`,
      /^p0 reads page 0 of A\. The page was in swap, so the kernel reads slot 1 into frame \d+: a major fault\.$/,
    ],
    [
      `@swap file 1\n${WRITTEN}p0 madvise A 0 8 pageout\np0 touch_r A 0 1`,
      /^p0 reads page 0 of A\. The page was in swap, but frame \d+ still holds it, so it is only mapped: a minor fault\.$/,
    ],
    [
      `@swap zram 1\n${WRITTEN}p0 madvise A 0 8 pageout\np0 read A 0 6`,
      'p0 reads pages 0 to 5 of A: 6 major faults, 6 pages read from swap.',
    ],
    ['p0 mmap A 8 r', 'p0 maps 8 pages as A: no promise is counted, and no frame is taken yet.'],
    [
      'p0 mmap A 8 rw shared',
      'p0 maps 8 pages of shared memory as A: a promise of 8 pages, and no frame is taken yet.',
    ],
    ['p0 mmap A 2 rw populate', 'p0 maps 2 pages as A and has them filled at once: 2 frames taken.'],
    [
      'p0 mmap A 100 rw',
      'p0 asks for 100 pages as A, and the kernel refuses with ENOMEM: there is no memory or no room for it.',
    ],
    [
      `${A}p0 touch_r A 2 1`,
      'p0 reads page 2 of A. Nothing was ever written there, so the kernel maps the one zero page; no frame is taken.',
    ],
    [
      `${A}p0 touch_w A 2 1`,
      /^p0 writes page 2 of A\. It is the first write there, so the kernel fills frame \d+ with zeros and gives it to p0\.$/,
    ],
    [WRITTEN, 'p0 writes pages 0 to 5 of A: 6 minor faults, 6 fresh frames.'],
    [`${A}p0 touch_r A 0 4`, 'p0 reads pages 0 to 3 of A: 4 minor faults, 4 pages map the zero page.'],
    [`${WRITTEN}p0 touch_w A 0 6`, 'p0 writes pages 0 to 5 of A: no fault, all pages are there.'],
    [`${WRITTEN}p0 touch_w A 2 1`, 'p0 writes page 2 of A. The page is there and its own, so nothing else happens.'],
    [`${WRITTEN}p0 read A 2 1`, 'p0 reads page 2 of A and finds 1. The page is there, so nothing else happens.'],
    [
      FORKED,
      /^p0 forks p1\. All 6 pages of p0 now belong to both and no page is copied; the child takes \d frames for page tables\.$/,
    ],
    [`${A}p0 fork p1`, /^p0 forks p1\. There was no page to share; the child takes \d frames? for page tables\.$/],
    [
      `${FORKED}p1 touch_w A 2 1`,
      /^p1 writes page 2 of A\. The page was shared, so the kernel copies frame \d+ into frame \d+ and gives the copy to p1\.$/,
    ],
    [`${FORKED}p1 touch_w A 0 3`, 'p1 writes pages 0 to 2 of A: 3 minor faults, 3 frames copied.'],
    [
      `${FORKED}p1 exit\np0 touch_w A 2 1`,
      /^p0 writes page 2 of A\. Nobody else maps frame \d+, so p0 keeps it without a copy\.$/,
    ],
    [
      `${FORKED}p1 touch_w A 0 1\np0 touch_w A 0 2`,
      'p0 writes pages 0 to 1 of A: 2 minor faults, 1 frame copied, 1 frame kept without a copy.',
    ],
    [
      `${FORKED}p1 exit`,
      'p1 ends and gives all its pages back. 4 page tables become free, 6 frames stay with whoever else maps them.',
    ],
    [
      `${FORKED}p1 touch_w A 0 1\np1 kill`,
      'p1 is killed and all its pages are taken back. 1 frame with data and 4 page tables become free, 5 frames stay with whoever else maps them.',
    ],
    [`${WRITTEN}p0 munmap A 0 8`, 'p0 gives pages 0 to 7 of A back. 6 frames with data and 1 page table become free.'],
    [`${A}p0 munmap A 0 8`, 'p0 gives pages 0 to 7 of A back. No frame was behind it.'],
    [
      `${A}p0 munmap A 0+1b 1`,
      'p0 calls munmap, and the kernel refuses with EINVAL: the arguments make no sense together.',
    ],
    [`${WRITTEN}p0 mprotect A 0 2 r`, 'p0 lets pages 0 to 1 of A be read-only from now on. No frame moves.'],
    [`${WRITTEN}p0 mprotect A 0 1 none`, 'p0 lets page 0 of A be untouchable from now on. No frame moves.'],
    [
      `${WRITTEN}p0 mprotect A 0 1 r\np0 touch_w A 0 1`,
      'p0 writes page 0 of A. Its VMA does not allow that, so the access ends in SIGSEGV.',
    ],
    [
      `${A}p0 touch_w A 6 4`,
      'p0 writes pages 6 to 7 of A: 2 minor faults, 2 fresh frames; the next page ends in SIGSEGV: no VMA covers it.',
    ],
    [`${A}p0 touch_r A 9 1`, 'p0 reads page 9 of A. No VMA covers it, so the access ends in SIGSEGV.'],
    [
      'p0 read text 0 1',
      /^p0 reads page 0 of text and finds 112\. The page is read from the file into frame \d+, and 1 page around it along: a major fault\.$/,
    ],
    [
      'p0 read text 0 1\np0 fork p1\np1 read text 0 1',
      /^p1 reads page 0 of text and finds 112\. Frame \d+ holds the page already, so it is only mapped: a minor fault\.$/,
    ],
    [
      'p0 touch_w data 0 1',
      /^p0 writes page 0 of data\. The page belongs to the file, so the kernel copies frame \d+ into frame \d+ and gives the copy to p0\.$/,
    ],
    ['p0 touch_w stack -1 1', /The stack grows by 1 page\./],
    ['p0 brk +2', 'p0 moves the end of its heap up by 2 pages: 2 pages promised, no frame taken yet.'],
    ['p0 touch_w heap 0 4\np0 brk -2', 'p0 moves the end of its heap down by 2 pages: 2 frames free at once.'],
    ['p0 brk -100', 'p0 asks to move the break, and the kernel refuses.'],
    ['p0 brk +0', 'p0 leaves the break where it is.'],
    [
      `${WRITTEN}p0 poke A 1+3b 7 8 9`,
      'p0 writes 3 bytes at A+1+3b. The page is there and its own, so nothing else happens.',
    ],
    [`${WRITTEN}p0 bytes A 1 16b`, 'p0 reads 16 bytes at A+1. The page is there, so nothing else happens.'],
    ['p0 state', 'Nothing happens; this is where things stand.'],
    ['@overcommit 2', 'The machine is now in overcommit mode 2: it counts every promise and refuses beyond the limit.'],
    ['@sysctl swappiness 10', "The machine's setting swappiness is now 10."],
    ['@sysctl swappiness 300', 'The machine refuses 300 for swappiness with EINVAL: it takes 0 to 200.'],
    ['@sleep 1', '1 millisecond of virtual time pass.'],
    ['@cas', 'From now on each step also says how Committed_AS changed.'],
  ])('%j', (script, wanted) => {
    const { sentence } = told(script);
    if (typeof wanted === 'string') expect(sentence).toBe(wanted);
    else expect(sentence).toMatch(wanted);
  });

  test('says who was killed when no frame was left', () => {
    const { sentence } = told(
      '@overcommit 1\np0 fork p1\np1 mmap A 30 rw\np1 touch_w A 0 28\np0 mmap B 40 rw\np0 touch_w B 0 40',
    );
    expect(sentence).toMatch(/No frame was free, so the kernel killed p1\.$/);
  });

  test('joins the commands of a step, and keeps the last of many', () => {
    expect(told(`${A}p0 brk +1\np0 state`, 2).sentence).toMatch(/^p0 moves the end of its heap .* Nothing happens/);
    expect(told('p0 state\n'.repeat(9), 9).sentence).toMatch(/^6 more commands, then: Nothing/);
    expect(narrate([], String).sentence).toBe('Nothing happens in this step.');
  });
});

describe('the chain of chips', () => {
  test.each([
    [
      `${FORKED}p1 touch_w A 2 1`,
      ['p1 store A+2', 'write fault', 'shared by 2, read-only', /^copy frame \d+ to \d+$/, '1 minor fault, 0.9 µs'],
    ],
    [`${A}p0 touch_r A 2 1`, ['p0 load A+2', 'read fault', 'the zero page is mapped', '1 minor fault, 0.8 µs']],
    [FORKED, ['p0 fork', 'child p1', '6 pages shared, none copied', /^no fault, /]],
    [
      `${FORKED}p1 exit\np0 touch_w A 2 1`,
      ['p0 store A+2', 'write fault', /^no other sharer: frame \d+ stays$/, '1 minor fault, 0.5 µs'],
    ],
    [`${WRITTEN}p0 munmap A 0 8`, ['p0 munmap, 8 pages', '6 frames are free', 'no fault, 0.1 µs']],
    [`${A}p0 touch_w A 9 1`, ['p0 store A+9', /^SIGSEGV: no VMA$/, 'the trap is not counted in minflt, 6 ns']],
    ['p0 mmap A 100 rw', ['p0 mmap, 100 pages', 'refused: ENOMEM', 'no fault, 0.1 µs']],
    [A, ['p0 mmap, 8 pages', /^Committed_AS \+8, now \d+$/, 'no fault, 0.1 µs']],
    [`${WRITTEN}p0 touch_w A 2 1 5`, ['p0 touch_w A 2 1 5', 'no fault, 2 ns']],
    ['p0 brk +1', ['p0 brk, 1 page', 'the break moves by +1', 'no fault, 0.1 µs']],
    [`${FORKED}p1 exit`, ['p1 exit', /no longer maps frame/, 'no fault, 0.1 µs']],
  ])('%j', (script, wanted) => {
    const texts = told(script).chips.map((chip) => chip.text);
    expect(texts).toEqual(wanted.map((w) => (typeof w === 'string' ? w : expect.stringMatching(w))));
  });

  test('each chip but the cost names an event, and the copy names its frame', () => {
    const { chips } = told(`${FORKED}p1 touch_w A 2 1`);
    expect(chips.slice(0, -1).every((chip) => chip.event > 0 && chip.pid === 1)).toBe(true);
    expect(chips[3]!.frame).toBeGreaterThan(0);
    expect(chips[0]!.page).toBe(chips[3]!.page);
  });
});

describe('words', () => {
  test('every kind of event has a text', () => {
    const blank = { id: 1, cause: 0, pid: 0, page: 2, frame: 3, a: 1, b: 2, time: 0 };
    for (const kind of Object.values(EVENT)) {
      const text = eventText({ ...blank, kind } as never, (page) => `A+${page}`);
      expect(text, EVENTS[kind]!.name).toMatch(/\S/);
    }
  });

  test.each([
    [0, '0 ns'],
    [2, '2 ns'],
    [502, '0.5 µs'],
    [902, '0.9 µs'],
    [80_402, '80.4 µs'],
    [1_234_567, '1.2 ms'],
    [250_000_000, '0.3 s'],
  ])('%i ns is said as %s', (ns, text) => expect(duration(ns)).toBe(text));

  test('pages by label', () => {
    expect(pageOf('A+2')).toBe('page 2 of A');
    expect(pageOf('0x10')).toBe('the page at 0x10');
  });
});
