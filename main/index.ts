/** Start of the main process: what must happen before the app is ready, then the lab itself. */
import { app } from 'electron';
import { fileArgument } from './launch/argv.ts';
import { readEnvironment } from './launch/environment.ts';
import { SWITCHES } from './launch/switches.ts';
import { secondStart } from './launch/second-start.ts';
import { quitOnSignals } from './launch/signals.ts';
import { Lab } from './lab.ts';
import { declareScheme } from './scheme/serve.ts';
import { confinePages } from './security/pages.ts';

performance.mark('faultline:start');
const environment = readEnvironment(process.env);
if (environment.userData) app.setPath('userData', environment.userData);
for (const [name, value] of SWITCHES) app.commandLine.appendSwitch(name, value);
declareScheme();
confinePages();
quitOnSignals();

const file = fileArgument(process.argv, app.getAppPath(), process.cwd());
// The lock lies in the user data folder, so a run with a folder of its own is a lab of its own.
if (app.requestSingleInstanceLock({ file })) {
  const lab = new Lab(environment, file);
  app.on('second-instance', (_event, _argv, _cwd, sent) => lab.startedAgain(secondStart(sent)));
  app.on('open-file', (event, path) => {
    event.preventDefault();
    lab.open(path);
  });
  void app.whenReady().then(() => lab.start());
} else {
  app.quit();
}
