import { readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { JSON_FILE_BYTES, WRITE_DELAY_MS } from '../limits.ts';

/**
 * One value kept as JSON in the user data folder. A file is either the whole old or the whole new value, also after a
 * power cut in the middle of a write; a file that does not fit its schema is moved aside, never deleted and never an
 * error, so the app starts whatever it finds.
 */
export class JsonFile<T> {
  private waiting: { value: T } | null = null;
  private timer: NodeJS.Timeout | null = null;
  private writing: Promise<void> | null = null;

  constructor(
    private readonly file: string,
    private readonly schema: v.GenericSchema<unknown, T>,
    private readonly delayMs = WRITE_DELAY_MS,
  ) {}

  /** Synchronous: it is read once, before there is a window to keep responsive. Null when there is nothing of use. */
  read(): T | null {
    let text: string;
    try {
      if (statSync(this.file).size > JSON_FILE_BYTES) return this.moveAside();
      text = readFileSync(this.file, 'utf8');
    } catch {
      return null; // not there, or not ours to read: then not ours to move either
    }
    const result = v.safeParse(this.schema, parseJson(text));
    return result.success ? result.output : this.moveAside();
  }

  /** The last value of a burst is written, a moment later. */
  write(value: T): void {
    this.waiting = { value };
    if (this.writing === null) this.timer ??= setTimeout(() => void this.settle(), this.delayMs);
  }

  /** Resolves once everything given to `write` is on disk, or has failed to get there. */
  async settle(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (this.waiting !== null) this.writing ??= this.writeAll();
    await this.writing;
  }

  /** Forgets the value, on disk too. */
  async remove(): Promise<void> {
    this.waiting = null;
    await this.settle();
    this.removeNow();
  }

  /** As `remove`, where nothing can be waited for. A write under way may still bring the file back. */
  removeNow(): void {
    this.waiting = null;
    rmSync(this.file, { force: true });
  }

  private async writeAll(): Promise<void> {
    try {
      while (this.waiting !== null) {
        const { value } = this.waiting;
        this.waiting = null;
        const { default: writeFileAtomic } = await import('write-file-atomic');
        await writeFileAtomic(this.file, `${JSON.stringify(value)}\n`, { mode: 0o600 });
      }
    } catch (error) {
      // A full or read-only disk: the value lives on in memory, the next change tries again.
      console.error(`faultline: cannot write ${this.file}: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      this.writing = null;
    }
  }

  private moveAside(): null {
    const { dir, name, ext } = path.parse(this.file);
    const time = new Date().toISOString().replace(/[-:.]/g, '');
    try {
      renameSync(this.file, path.join(dir, `${name}.corrupt-${time}${ext}`));
    } catch {
      // Then the next write replaces it.
    }
    return null;
  }
}

/** Undefined for text that is no JSON: no schema here takes that. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
