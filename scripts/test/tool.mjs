/** Starting the development tools in node_modules without a shell: the same on every platform. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { readFileSync } from 'node:fs';
import { inRoot, root } from '../lib/root.mjs';
import { stream } from '../lib/run.mjs';

const require = createRequire(import.meta.url);

/** The script behind a package's command, for example `toolScript('typescript', 'tsc')`. */
export function toolScript(packageName, command = packageName) {
  const file = inRoot('node_modules', ...packageName.split('/'), 'package.json');
  const { bin } = JSON.parse(readFileSync(file, 'utf8'));
  return path.join(path.dirname(require.resolve(file)), typeof bin === 'string' ? bin : bin[command]);
}

/** Runs a tool with this Node in the project's folder. Returns its exit status. */
export function runTool(packageName, command, args, options = {}) {
  return stream(process.execPath, [toolScript(packageName, command), ...args], { cwd: root, ...options });
}
