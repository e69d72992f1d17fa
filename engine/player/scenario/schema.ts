import * as v from 'valibot';
import { SYSCTL_NAMES } from '../../protocol/sysctls.ts';
import { MAX_STEPS } from '../../base/limits.ts';
import { COST_NAMES } from '../../mm/costs.ts';
import { THP_MODES } from '../../mm/thp.ts';
import { TLB_POLICIES } from '../../mm/tlb-policy.ts';
import { MAX_COST_NS } from '../commands/mmu-directives.ts';

/** The one format this lab reads; a file names it so that a later lab can tell them apart. */
export const FORMAT = 'faultline/1';

/** A schema message carries what is wrong and what to do, apart by a line break. */
const say = (message: string, remedy: string): string => `${message}\n${remedy}`;

const text = v.string(say('this must be text', 'write text, in quotes where YAML would read something else'));
const count = v.pipe(
  v.number(say('this must be a number', 'write digits')),
  v.integer(say('this must be a whole number', 'write digits without a point')),
  v.minValue(0, say('this must not be negative', 'write 0 or more')),
);
const flag = v.boolean(say('this must be true or false', 'write true or false'));

/** Frames or pages, or bytes with K, M or G. */
const size = v.union(
  [
    count,
    v.pipe(text, v.regex(/^(\d+[KMG]?|.*\$\{.*)$/, say('this is no size', 'write frames such as 64, or 256K, 1M, 1G'))),
  ],
  say('this is no size', 'write frames such as 64, or 256K, 1M, 1G'),
);

const tlb = v.strictObject(
  {
    entries: v.optional(count),
    ways: v.optional(count),
    policy: v.optional(
      v.picklist(TLB_POLICIES, say('there is no such policy', `write one of ${TLB_POLICIES.join(', ')}`)),
    ),
  },
  say('tlb must be a table', 'write tlb: { entries: 16, ways: 4 }'),
);

/** Virtual nanoseconds by name. */
const cost = v.strictObject(
  v.entriesFromList(
    COST_NAMES,
    v.optional(v.pipe(count, v.maxValue(MAX_COST_NS, say('this is too long', 'write ns')))),
  ),
  say('cost must be a table', 'write cost: { minor_fault: 500 }'),
);

const machine = v.strictObject(
  {
    ram: v.optional(size),
    swap: v.optional(size),
    overcommit: v.optional(v.picklist([0, 1, 2], say('there is no such overcommit mode', 'write 0, 1 or 2'))),
    check: v.optional(v.boolean(say('check is true or false', 'write check: false'))),
    seed: v.optional(
      v.pipe(count, v.maxValue(4294967295, say('this seed is too large', 'write a number below 4294967296'))),
    ),
    sysctl: v.optional(
      v.strictObject(
        v.entriesFromList(
          SYSCTL_NAMES,
          v.optional(
            v.pipe(
              v.number(say('this must be a number', 'write digits')),
              v.integer(say('this must be a whole number', 'write digits without a point')),
            ),
          ),
        ),
        say('sysctl must be a table', 'write sysctl: { overcommit_ratio: 80 }'),
      ),
    ),
    thp: v.optional(v.picklist(THP_MODES, say('there is no such setting', `write one of ${THP_MODES.join(', ')}`))),
    'page-size': v.optional(v.picklist(['4k', '8k', '2m'], say('there is no such page size', 'write 4k, 8k or 2m'))),
    tlb: v.optional(tlb),
    cost: v.optional(cost),
    image: v.optional(
      v.picklist(
        ['program', 'bare'],
        say('there is no such image', 'write program (text, data, bss, heap, stack) or bare (heap only)'),
      ),
    ),
  },
  say('machine must be a table', 'write machine: { ram: 64 }'),
);

export const ZOOMS = ['machine', 'task', 'vma', 'page', 'bytes'] as const;
export const LINKS = ['copy', 'sharers', 'frame', 'table'] as const;

const show = v.strictObject(
  {
    select: v.optional(text),
    zoom: v.optional(v.picklist(ZOOMS, say('there is no such zoom', `write one of ${ZOOMS.join(', ')}`))),
    links: v.optional(
      v.array(
        v.picklist(LINKS, say('there is no such link', `write some of ${LINKS.join(', ')}`)),
        say('links must be a list', 'write links: [copy]'),
      ),
    ),
  },
  say('show must be a table', 'write show: { select: "p0:A" }'),
);

const choice = v.union([v.number(), v.boolean(), text], say('a choice must be a number or text', 'write it in quotes'));

const ask = v.strictObject(
  {
    kind: v.picklist(['choice', 'number'], say('there is no such kind of question', 'write choice or number')),
    text,
    choices: v.optional(
      v.pipe(
        v.array(choice, say('choices must be a list', 'write choices: [0, 1, 6]')),
        v.minLength(2, say('a choice needs two choices or more', 'add one')),
      ),
    ),
    answer: v.union(
      [v.number(), v.boolean(), text],
      say('the answer must be an expression', 'write what the engine measures, such as copies'),
    ),
    why: v.optional(
      v.union(
        [text, v.record(v.string(), text)],
        say('why must be text, or a reason for each choice', 'write why: text, or why: { "6": text }'),
      ),
    ),
  },
  say('ask must be a table', 'write ask: { kind: number, text: How many?, answer: copies }'),
);

const lines = v.array(text, say('this must be a list', 'start each line with a dash'));

const step = v.strictObject(
  {
    say: v.optional(text),
    note: v.optional(text),
    do: v.optional(lines),
    show: v.optional(show),
    mark: v.optional(v.pipe(text, v.nonEmpty(say('a mark needs a name', 'write mark: fork')))),
    pause: v.optional(flag),
    ask: v.optional(ask),
    expect: v.optional(lines),
  },
  say('a step must be a table', 'write - say: …'),
);

const chapter = v.strictObject(
  {
    title: v.pipe(text, v.nonEmpty(say('a chapter needs a title', 'write what it shows'))),
    steps: v.pipe(
      v.array(step, say('steps must be a list', 'start each step with a dash')),
      v.minLength(1, say('a chapter needs a step', 'add one')),
    ),
  },
  say('a chapter must be a table', 'write - title: …'),
);

export const scenarioSchema = v.strictObject(
  {
    format: v.literal(FORMAT),
    title: v.pipe(text, v.nonEmpty(say('a scenario needs a title', 'write what it is about'))),
    summary: v.optional(text),
    features: v.optional(lines),
    machine: v.optional(machine),
    programs: v.optional(
      v.record(
        v.pipe(
          v.string(),
          v.regex(
            /^[A-Za-z_][A-Za-z0-9_]{0,14}$/,
            say('this is no name of a program', 'use up to 15 letters, digits and _, a letter first'),
          ),
        ),
        text,
        say('programs must be a table', 'write programs: { key: key.c }, or the C text behind |'),
      ),
    ),
    parameters: v.optional(
      v.record(
        v.pipe(
          v.string(),
          v.regex(
            /^[a-z][a-z0-9_]*$/,
            say('this is no name of a parameter', 'use small letters, digits and _, a letter first'),
          ),
        ),
        v.pipe(
          v.number(say('a parameter must be a number', 'write digits')),
          v.finite(say('a parameter must be finite', 'write digits')),
        ),
        say('parameters must be a table', 'write parameters: { pages: 6 }'),
      ),
    ),
    chapters: v.pipe(
      v.array(chapter, say('chapters must be a list', 'start each chapter with a dash')),
      v.minLength(1, say('a scenario needs a chapter', 'add one')),
      v.maxLength(MAX_STEPS, say(`a scenario has ${MAX_STEPS} chapters at most`, 'split it')),
    ),
  },
  say('a scenario must be a table', `start with format: ${FORMAT}`),
);

export type ScenarioText = v.InferOutput<typeof scenarioSchema>;
export type StepText = ScenarioText['chapters'][number]['steps'][number];
export type AskText = NonNullable<StepText['ask']>;

/** Keys of all levels, for "did you mean". */
export const KEYS: readonly string[] = [scenarioSchema, machine, tlb, cost, chapter, step, show, ask].flatMap((s) =>
  Object.keys(s.entries),
);
