/** Features of the lab by area: a scenario lists the ids it shows, and a slip in one is found when it is loaded. */
const AREAS: Readonly<Record<string, number>> = {
  A: 16, // address space, pages, translation
  B: 5, // several processes on one machine
  C: 26, // the malloc family at chunk level
  D: 12, // types, alignment, stack, bytes
  E: 10, // locking, overcommit, out of memory
  F: 16, // the desktop lab
  G: 8, // scripted scenario playback
  H: 11, // instructor
  I: 10, // export, assessment, access
};

export const FEATURE_IDS: ReadonlySet<string> = new Set(
  Object.entries(AREAS).flatMap(([area, count]) => Array.from({ length: count }, (_, i) => `${area}${i + 1}`)),
);
