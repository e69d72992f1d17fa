/**
 * `npm start [-- SCENARIO]`: the app's window; where there is no screen, the same app on a virtual one, played
 * through by real key presses, with a report of what it showed.
 */
import path from 'node:path';
import { prepareApp } from './app/prepare.mjs';
import { inRoot, root } from './lib/root.mjs';
import { capture, stream } from './lib/run.mjs';
import { runScript, say } from './lib/say.mjs';
import { hasDisplay } from './system/display.mjs';

await runScript(async () => {
  const args = fromCaller(process.argv.slice(2));
  if (hasDisplay()) {
    const { runtime, switches, env } = await prepareApp({ seen: true });
    return stream(runtime.executable, [...switches, root, ...args], { env });
  }
  say('no display (DISPLAY is not set): playing the scenario on a virtual screen');
  const prepared = await prepareApp({ seen: false });
  try {
    const unusable = await checkScenarios(args);
    if (unusable !== 0) return unusable;
    const { playTour } = await import('./tour/play.mjs');
    const { writeReport } = await import('./tour/report.mjs');
    const folder = inRoot('out', 'tour');
    const tour = await playTour(prepared, args, folder);
    const report = await writeReport(tour, folder);
    for (const problem of tour.problems) say(problem);
    say(`${tour.shots.length} screenshots and the report: ${path.relative(process.cwd(), report)}`);
    say(
      `tour: ${tour.steps} steps, failed expectations: ${tour.failed}${tour.problems.length > 0 ? ', the app had problems' : ''}`,
    );
    return tour.failed > 0 || tour.problems.length > 0 ? 1 : 0;
  } finally {
    prepared.stop();
  }
});

/** npm runs scripts in the project's folder; a relative path means the folder npm was called in. */
function fromCaller(args) {
  const folder = process.env.INIT_CWD ?? process.cwd();
  return args.map((arg) => (arg.startsWith('-') ? arg : path.resolve(folder, arg)));
}

/** Without a screen nobody would see the window refuse a scenario: it is checked, and refused, here. */
async function checkScenarios(args) {
  const files = args.filter((arg) => !arg.startsWith('-'));
  if (files.length === 0) return 0;
  const checked = await capture(process.execPath, [inRoot('bin', 'faultline.mjs'), 'check', ...files]);
  if (checked.status !== 0) process.stderr.write(checked.stderr);
  return checked.status;
}
