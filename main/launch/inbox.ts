/**
 * Files that the system asks to open, from the command line, a second start or a double click. A page can only be told
 * after it has asked for its first scenario; what comes earlier becomes that first scenario.
 */
export class Inbox {
  private waiting: string | null;
  private listening = false;

  /** @param send tells a listening page which file to open */
  constructor(
    commandLine: string | null,
    private readonly send: (file: string) => void,
  ) {
    this.waiting = commandLine;
  }

  deliver(file: string): void {
    if (this.listening) this.send(file);
    else this.waiting = file;
  }

  /** The page asks what to begin with, and listens from now on. */
  take(): string | null {
    const file = this.waiting;
    this.waiting = null;
    this.listening = true;
    return file;
  }

  /** The page went away: reload, crash, closed window. */
  pageGone(): void {
    this.listening = false;
  }
}
