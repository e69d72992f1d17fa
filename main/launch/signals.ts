import { app } from 'electron';

/**
 * Ends well on the signals that ask a process to end. Electron does so by itself only until somebody else handles one
 * of them for a moment, and the library that writes files does that during every write: afterwards the system's
 * default, sudden death, would be back in force. A handler that stays keeps it away.
 */
export function quitOnSignals(): void {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => app.quit());
}
