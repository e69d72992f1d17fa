/** Scenarios for tests of the window: all that are bundled, and some that show what those may not. */

const files = import.meta.glob<string>('../../scenarios/*/scenario.yaml', {
  query: '?raw',
  import: 'default',
  eager: true,
});

export interface ScenarioText {
  readonly name: string;
  readonly text: string;
}

const BUNDLED: ScenarioText[] = Object.entries(files)
  .map(([file, text]) => ({ name: file.split('/').at(-2)!, text }))
  .sort((a, b) => (a.name < b.name ? -1 : 1));

/**
 * Three tasks, holes in a region, an area nobody may touch, shared memory, an area too long to draw page by page, one
 * so scattered that present pages fold too, a crowd of copies in one step, an exit.
 */
export const CROWD: ScenarioText = {
  name: 'crowd',
  text: `format: faultline/1
title: A crowd
machine: { ram: 192, overcommit: 1, seed: 3 }
chapters:
  - title: One task
    steps:
      - say: A private area, partly written, partly read.
        do: [ p0 mmap A 12 rw, p0 touch_w A 0 5 1, p0 touch_r A 6 3 ]
        mark: written
      - say: A hole in it, another at its start.
        do: [ p0 munmap A 3 2, p0 munmap A 0 1 ]
      - say: Shared memory.
        do: [ p0 mmap S 6 rw shared anon, p0 touch_w S 0 3 2 ]
      - say: Nobody may touch this.
        do: [ p0 mmap N 4 rw, p0 touch_w N 0 4 9, p0 mprotect N 1 2 none ]
        show: { select: "p0:N+1" }
      - say: A long area with a little in it.
        do: [ p0 mmap L 300 rw, p0 touch_w L 100 2 3, p0 touch_r L 110 1 ]
      - say: A scattered area, more pieces than are drawn one by one.
        do:
          - p0 mmap B 90 rw
          - p0 touch_w B 0 4 1
          - p0 touch_r B 20 40
          - p0 touch_w B 61 6 1
          - p0 touch_w B 70 4 1
          - p0 touch_r B 78 3
          - p0 touch_w B 84 2 1
      - say: The program itself.
        do: [ p0 touch_r text 0 2, p0 touch_w data 0 1 4, p0 touch_w stack 3 1 5, p0 brk +2, p0 touch_w heap 0 6 6 ]
  - title: Three tasks
    steps:
      - ask: { kind: number, text: How many frames does fork copy?, answer: copies }
        say: Fork.
        mark: fork
        do: [ p0 fork p1 ]
        expect: [ copies == 0 ]
      - say: And again, from the child.
        do: [ p1 fork p2 ]
        show: { select: "p2:A+2" }
        expect: [ refcount(p0:A+2) == 3 ]
      - say: The child writes.
        do: [ p1 touch_w A 2 1 7 ]
        expect: [ copies == 1 ]
      - say: The grandchild writes a lot.
        do: [ p2 touch_w B 61 6 8, p2 touch_w heap 0 3 8, p2 touch_w S 1 3 8 ]
        show: { select: "p1:S+1" }
        expect: [ copies == 9 ]
      - say: The parent reads what nobody has written.
        do: [ p0 touch_r A 10 2, p0 touch_r S 4 2 ]
      - say: The middle one ends.
        do: [ p1 exit ]
        show: { select: "frame 30" }
      - say: Nothing at all happens.
        do: [ p0 state ]
      - say: What is left is given back.
        do: [ p0 munmap B 0 90, p0 munmap L 0 300, p2 munmap S 0 6 ]
`,
};

/** More frames than have cells of their own. */
export const LARGE: ScenarioText = {
  name: 'large',
  text: `format: faultline/1
title: Three thousand frames
machine: { ram: 3000, seed: 1 }
chapters:
  - title: One
    steps:
      - do: [ p0 mmap A 700 rw, p0 touch_w A 0 600 1 ]
      - do: [ p0 fork p1 ]
      - do: [ p1 touch_w A 10 70 2 ]
      - do: [ p0 exit ]
`,
};

/** Two devices, pages that go out and come back, shared ones too, and tasks that end while others have theirs in swap. */
export const SWAPPED: ScenarioText = {
  name: 'swapped',
  text: `format: faultline/1
title: Out and back
machine: { ram: 64, swap: 12, seed: 7 }
chapters:
  - title: Out
    steps:
      - say: Written.
        do: [ p0 mmap A 8 rw private anon, p0 touch_w A 0 8 7, p0 mmap S 4 rw shared anon, p0 touch_w S 0 4 5 ]
      - say: Sent to swap.
        do: [ p0 madvise A 0 6 pageout ]
        show: { select: "slot 2" }
      - say: Shared by fork, the shared memory goes too.
        do: [ p0 fork p1, p0 madvise S 0 4 pageout ]
        show: { select: "p1:A+1" }
  - title: Back
    steps:
      - say: One page is read.
        do: [ p1 touch_r A 0 1 ]
        show: { select: "p1:A+0" }
      - say: Another is written.
        do: [ p0 touch_w A 1 1 9 ]
      - say: A second device.
        do: [ "@swap file 1", p0 touch_r S 0 2 ]
      - say: The child is killed and its slots are free.
        do: [ p1 kill SIGKILL ]
      - say: A page of zeros is not written at all.
        do: [ p0 mmap Z 2 rw, p0 touch_w Z 0 2 0, p0 madvise Z 0 2 pageout ]
      - say: All of it.
        do: [ p0 munmap A 0 8, p0 munmap S 0 4, p0 exit 3 ]
`,
};

export const SCENARIOS: readonly ScenarioText[] = [...BUNDLED, CROWD, LARGE, SWAPPED];
