import * as v from 'valibot';
import { PATH_CHARS, RECENT_FILES } from '../limits.ts';
import type { JsonFile } from '../storage/json-file.ts';

export const recentFiles: v.GenericSchema<unknown, readonly string[]> = v.pipe(
  v.array(v.pipe(v.string(), v.maxLength(PATH_CHARS))),
  v.maxLength(RECENT_FILES),
);

/** Files opened lately, newest first, for the menu. */
export class RecentFiles {
  private files: readonly string[];

  constructor(
    private readonly file: Pick<JsonFile<readonly string[]>, 'read' | 'write'>,
    private readonly changed: (files: readonly string[]) => void,
  ) {
    this.files = file.read() ?? [];
  }

  list(): readonly string[] {
    return this.files;
  }

  add(path: string): void {
    this.set([path, ...this.files.filter((other) => other !== path)].slice(0, RECENT_FILES));
  }

  /** It turned out to be gone. */
  drop(path: string): void {
    if (this.files.includes(path)) this.set(this.files.filter((other) => other !== path));
  }

  clear(): void {
    this.set([]);
  }

  private set(files: readonly string[]): void {
    this.files = files;
    this.file.write(files);
    this.changed(files);
  }
}
