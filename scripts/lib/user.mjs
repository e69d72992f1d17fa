/** Who runs the scripts. */

/** True for uid 0. Chromium refuses its sandbox there, and apt-get needs it. */
export function isRoot() {
  return process.geteuid?.() === 0;
}
