/** Window tests: prepares the app and runs both of Playwright's projects. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { existsSync, readdirSync } from 'node:fs';
import { prepareApp } from '../app/prepare.mjs';
import { startVirtualDisplay } from '../system/display.mjs';
import { inRoot } from '../lib/root.mjs';
import { say } from '../lib/say.mjs';
import { isRoot } from '../lib/user.mjs';
import { add, countPlaywright, countSuite, NOTHING } from './counts.mjs';
import { canRunAsNobody, runAsNobody } from './ordinary-user.mjs';
import { runTool } from './tool.mjs';

/**
 * Runs the window tests, then the security tests.
 * @param {string[]} args extra arguments for Playwright: file filters, --repeat-each …
 * @param {number} until when they are ended, on the clock of performance.now()
 * @returns {Promise<import('./counts.mjs').Counts>}
 */
export async function runE2e(args, until) {
  if (!hasSpecs()) {
    say('there are no window tests yet');
    return NOTHING;
  }
  const prepared = await prepareApp({ seen: false });
  const second = prepared.virtual ? await startVirtualDisplay() : null;
  try {
    await mkdir(inRoot('out', 'results'), { recursive: true });
    await removeOldFailures();
    const displays = second === null ? [] : [prepared.env.DISPLAY, second.env.DISPLAY];
    const window = await runWindowTests({ ...prepared, displays }, args, until);
    return add(window, await runSecurityTests(prepared, args, until));
  } finally {
    second?.stop();
    prepared.stop();
  }
}

function hasSpecs() {
  return (
    existsSync(inRoot('e2e')) &&
    readdirSync(inRoot('e2e'), { recursive: true }).some((name) => name.endsWith('.spec.ts'))
  );
}

/** Directly, as whoever started the tests. */
async function runWindowTests(prepared, args, until, project = 'window') {
  const results = await emptyResults(project);
  const env = {
    ...prepared.env,
    FAULTLINE_ELECTRON: prepared.runtime.executable,
    FAULTLINE_SWITCHES: JSON.stringify(prepared.switches),
    FAULTLINE_RESULTS: results,
    // One window at a time on each: windows fight for the keyboard's focus.
    FAULTLINE_DISPLAYS: (prepared.displays ?? []).join(' '),
    FAULTLINE_SANDBOX: prepared.switches.includes('--no-sandbox') ? 'off' : 'on',
  };
  const status = await runTool('@playwright/test', 'playwright', playwrightArgs(project, args), { env, until });
  return countSuite(results, status, countPlaywright);
}

/** With the real sandbox, which root cannot have. */
async function runSecurityTests(prepared, args, until) {
  if (process.platform !== 'linux' || !isRoot()) return runWindowTests(prepared, args, until, 'security');
  if (!(await canRunAsNobody())) {
    say('this system lets no ordinary user make namespaces: security tests run without the sandbox of Chromium');
    return runWindowTests(prepared, args, until, 'security');
  }
  say('security tests run as the user nobody, with the real sandbox');
  const results = await emptyResults('security');
  const status = await runAsNobody(prepared, playwrightArgs('security', args), { results, until });
  return countSuite(results, status, countPlaywright);
}

function playwrightArgs(project, args) {
  // A filter may match tests of one project only; that both are empty is noticed by the caller.
  return ['test', '--pass-with-no-tests', `--project=${project}`, ...args];
}

/** Pictures of an earlier run's failures would be taken for this one's. */
async function removeOldFailures() {
  const folder = inRoot('out', 'screenshots');
  const names = await readdir(folder).catch(() => []);
  for (const name of names) if (name.startsWith('failed-')) await rm(inRoot('out', 'screenshots', name));
}

/** The place for a run's results, without those of the run before. */
async function emptyResults(name) {
  const file = inRoot('out', 'results', `${name}.json`);
  await rm(file, { force: true });
  return file;
}
