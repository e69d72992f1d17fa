/**
 * Holds Electron's `ready` back until Playwright has attached, for starts by Playwright: `electron -r THIS_FILE APP`.
 *
 * Playwright does the same for an Electron that it finds by itself, not for one that it is given by path. Without it,
 * about one start in fifty hangs: when Playwright attaches between a window's empty first document and the app's own,
 * Chromium does not report the change and Playwright waits for it for ever.
 */
const { app } = require('electron');

const becameReady = app.whenReady();
const emit = app.emit.bind(app);
let released = false;
let release;
let readyArguments = [];
const whenReleased = new Promise((resolve) => (release = resolve));

app.whenReady = () => whenReleased;
app.isReady = () => released;
app.emit = (name, ...rest) => {
  if (name !== 'ready' || released) return emit(name, ...rest);
  readyArguments = rest;
  return app.listenerCount('ready') > 0;
};

/** Playwright calls this once it listens, whether it has brought a loader or not. */
globalThis.__playwright_run = async () => {
  await becameReady;
  released = true;
  release();
  emit('ready', ...readyArguments);
};
