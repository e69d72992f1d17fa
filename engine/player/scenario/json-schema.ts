import { toJsonSchema } from '@valibot/to-json-schema';
import { SYSCTL_HELP, SYSCTL_NAMES } from '../../protocol/sysctls.ts';
import { COST_NAMES, COSTS } from '../../mm/costs.ts';
import { FORMAT, scenarioSchema } from './schema.ts';

/** What an editor says of each key, by its path; `[]` stands for the members of a list. A test sees that none is missing. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  format: `The version of the format: ${FORMAT}.`,
  title: 'What the scenario is about, in a few words or as a question.',
  summary: 'One sentence for the list of scenarios.',
  features: 'Ids of the features it shows, such as B2.',
  machine: 'The machine it runs on.',
  'machine.ram': 'Frames, or bytes with K, M, G. 64 frames fit on a screen.',
  'machine.swap': 'Swap slots, or bytes with K, M, G.',
  'machine.overcommit': 'How far promises may exceed memory: 0 guesses, 1 never refuses, 2 counts strictly.',
  'machine.sysctl': 'Settings below /proc/sys that differ from what the kernel chooses.',
  ...Object.fromEntries(SYSCTL_NAMES.map((name) => [`machine.sysctl.${name}`, `${SYSCTL_HELP[name]}.`])),
  'machine.thp': 'Transparent huge pages: where a first touch may map 512 pages at once.',
  'machine.page-size': 'Page size: 4k, 2m (huge pages wherever they fit), or 8k, which x86-64 does not have.',
  'machine.tlb': 'The processor’s translation lookaside buffer.',
  'machine.tlb.entries': 'Translations it holds; entries / ways is a power of two.',
  'machine.tlb.ways': 'Places for each page.',
  'machine.tlb.policy': 'Which translation of a full set goes.',
  'machine.cost': 'What things take, in virtual nanoseconds; it never changes what happens.',
  ...Object.fromEntries(COST_NAMES.map((name) => [`machine.cost.${name}`, `Virtual ns for ${COSTS[name].what}.`])),
  'machine.check':
    'Whether C programs are followed, so that what they do wrong is found. They are unless this is false.',
  'machine.seed': 'Same seed, same bytes.',
  'machine.image':
    'What p0 is at the start: program has text, rodata, data, bss, heap and stack; bare has a heap only.',
  programs: 'C programs by the names that exec takes: the text behind |, or a file beside the scenario.',
  parameters: 'Numbers that may be set for each run: used as ${name} in texts and commands, and by name in claims.',
  chapters: 'The parts of the lesson, in order.',
  'chapters[].title': 'What the chapter shows.',
  'chapters[].steps': 'What happens, step by step.',
  'chapters[].steps[].say': 'The caption: what a lecturer would say.',
  'chapters[].steps[].note': 'For the speaker only.',
  'chapters[].steps[].do': 'Commands of the console language, such as p0 mmap A 8 rw.',
  'chapters[].steps[].show': 'What the view should show behind the step.',
  'chapters[].steps[].show.select':
    'What to select: p0:A (a VMA), p0:A+2 (a page), frame 14, frame p0:A+2, slot 3, p0.',
  'chapters[].steps[].show.zoom': 'How closely.',
  'chapters[].steps[].show.links': 'Which links to draw.',
  'chapters[].steps[].mark': 'The name of a bookmark.',
  'chapters[].steps[].pause': 'true: playing stops behind this step.',
  'chapters[].steps[].ask': 'A question that is asked ahead of the step and answered by it.',
  'chapters[].steps[].ask.kind': 'choice: one of the choices. number: any number.',
  'chapters[].steps[].ask.text': 'The question.',
  'chapters[].steps[].ask.choices': 'Numbers, words, or yes and no.',
  'chapters[].steps[].ask.answer': 'An expression the engine measures behind the step, such as copies.',
  'chapters[].steps[].ask.why': 'The reason, or a reason for each choice.',
  'chapters[].steps[].expect': 'Claims about the step that the engine checks, such as copies == 1.',
};

interface SchemaNode {
  properties?: Record<string, SchemaNode>;
  items?: SchemaNode;
  description?: string;
}

function describe(node: SchemaNode, path: string): void {
  for (const [key, child] of Object.entries(node.properties ?? {})) {
    const childPath = path === '' ? key : `${path}.${key}`;
    const description = DESCRIPTIONS[childPath];
    if (description !== undefined) child.description = description;
    describe(child, childPath);
  }
  if (node.items !== undefined) describe(node.items, `${path}[]`);
}

/** The format's JSON Schema, as editors use it; what a schema cannot say is checked when a scenario is loaded. */
export function scenarioJsonSchema(): SchemaNode {
  const schema = toJsonSchema(scenarioSchema, { errorMode: 'ignore' }) as SchemaNode;
  describe(schema, '');
  return {
    ...schema,
    ...{ title: `Faultline scenario, ${FORMAT}` },
    description: 'A script of chapters and steps that plays memory operations, says what they show and checks it.',
  };
}

export const scenarioJsonSchemaText = (): string => `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`;
