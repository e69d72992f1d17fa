/** Starting the app the way the tests' runner prepared it (scripts/test/e2e.mjs sets the environment). */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Screenshots and results go here; an ordinary user who tests a read-only copy is given another folder. */
export const outFolder = process.env['FAULTLINE_OUT'] ?? path.join(root, 'out');

/** True where Chromium's own sandbox is on: everywhere but for root on Linux. */
export const sandboxed = process.env['FAULTLINE_SANDBOX'] !== 'off';

export type Theme = 'system' | 'light' | 'dark';

export interface LaunchOptions {
  /** Settings, kept places and caches: a folder that outlives the app, so that a second start finds them. */
  readonly userData: string;
  /** What stands on the command line behind the app's folder, for example a scenario file. */
  readonly args: readonly string[];
  readonly theme: Theme;
  /** Of the window's content in CSS pixels; null leaves the app's own. */
  readonly windowSize: WindowSize | null;
  readonly env: Readonly<Record<string, string>>;
}

/** The window waits for Playwright, which otherwise now and then never gets hold of it. */
const HOLD = ['-r', path.join(root, 'scripts', 'app', 'hold-until-attached.cjs')];

/** Starts the app and returns once Electron is up. Throws with the remedy when nothing was prepared. */
export function launchApp({ userData, args, theme, windowSize, env }: LaunchOptions): Promise<ElectronApplication> {
  const executablePath = process.env['FAULTLINE_ELECTRON'];
  if (executablePath === undefined) throw new Error('no runtime was prepared; start these tests with: npm run e2e');
  const switches = JSON.parse(process.env['FAULTLINE_SWITCHES'] ?? '[]') as string[];
  const size = windowSize && { FAULTLINE_WINDOW: `${windowSize.width}x${windowSize.height}` };
  return _electron.launch({
    executablePath,
    args: [...HOLD, ...switches, root, ...args],
    env: { ...ownEnvironment(), FAULTLINE_USER_DATA: userData, FAULTLINE_THEME: theme, ...size, ...env },
    // Playwright turns the sandbox off on Linux unless told otherwise.
    chromiumSandbox: sandboxed,
    cwd: root,
  });
}

/** process.env without its undefined values; of several screens, this worker's own. */
function ownEnvironment(): Record<string, string> {
  const displays = (process.env['FAULTLINE_DISPLAYS'] ?? '').split(' ').filter(Boolean);
  const own = displays[Number(process.env['TEST_PARALLEL_INDEX'] ?? 0)];
  const env = own === undefined ? process.env : { ...process.env, DISPLAY: own };
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** A start takes two seconds; a window that is broken should not cost every test its whole time. */
const READY_MS = 20_000;

/** Between two looks: readiness is a matter of the page, not of frames that are painted. */
const LOOK_MS = 50;

/** Waits until the window takes keys and clicks, and knows of all steps to come how much room they need. */
export async function untilReady(page: Page): Promise<void> {
  const known = () => ['ready', 'rehearsed'].every((name) => document.documentElement.dataset[name] === 'true');
  const ready = page.waitForFunction(known, null, { timeout: READY_MS, polling: LOOK_MS });
  await ready.catch(async (error: unknown) => {
    throw new Error(`the window did not become ready; what it says: ${await saidBy(page)}`, { cause: error });
  });
}

/** What the document says of itself; within a second, because a page that hangs says nothing. */
async function saidBy(page: Page): Promise<string> {
  const said = page.evaluate(() =>
    JSON.stringify({
      ...document.documentElement.dataset,
      visible: document.visibilityState,
      marks: performance.getEntriesByType('mark').map(({ name, startTime }) => `${name} ${Math.round(startTime)}`),
    }),
  );
  const nothing = new Promise<string>((resolve) => setTimeout(() => resolve('nothing, it hangs'), 1000));
  return Promise.race([said, nothing]).catch((error: unknown) => String(error));
}

/** Gives the first window's content another size while it runs, and waits until the page has it. For zoom 1. */
export async function resizeWindow(app: ElectronApplication, page: Page, size: WindowSize): Promise<void> {
  await app.evaluate(({ BrowserWindow }, { width, height }) => {
    const [first] = BrowserWindow.getAllWindows();
    first?.setMinimumSize(1, 1);
    first?.setContentSize(width, height);
  }, size);
  await page.waitForFunction(({ width, height }) => innerWidth === width && innerHeight === height, size);
}

export interface WindowSize {
  readonly width: number;
  readonly height: number;
}
