import { readFileSync, writeFileSync } from 'node:fs';

/** Settings of the machine's virtual memory that are put back at the end, also when somebody presses Ctrl-C. */
export class MachineSettings {
  private readonly before = new Map<string, string>();
  private readonly undo = new Set<() => void>();
  private readonly interrupted = (): void => {
    this.restore();
    process.exit(130);
  };

  constructor() {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, this.interrupted);
  }

  /** @param name of a file in /proc/sys/vm */
  set(name: string, value: string): void {
    const file = `/proc/sys/vm/${name}`;
    const now = readFileSync(file, 'utf8').trim();
    if (!this.before.has(name)) this.before.set(name, now);
    if (now !== value) writeFileSync(file, value);
  }

  /** What else is to be undone when the settings are put back. */
  onRestore(undo: () => void): void {
    this.undo.add(undo);
  }

  offRestore(undo: () => void): void {
    this.undo.delete(undo);
  }

  restore(): void {
    for (const undo of this.undo) undo();
    for (const [name, value] of this.before) this.set(name, value);
    this.before.clear();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, this.interrupted);
  }
}
