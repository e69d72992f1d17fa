import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder: two above this file, and two above the bundle that it becomes part of. */
export const PROJECT_ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
