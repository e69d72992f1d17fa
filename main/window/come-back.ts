import { app, dialog, type BrowserWindow } from 'electron';
import { ReloadBudget } from './reload-budget.ts';

const BUTTONS = ['Try again', 'Start with the tour', 'Quit'];

/**
 * Reloads a window whose page died; the page then asks for the place that main kept. When that does not help, a
 * person decides.
 * @param forgetPlace the place itself may be what kills the page
 */
export function comeBackAfterCrash(window: BrowserWindow, forgetPlace: () => void): void {
  const budget = new ReloadBudget();
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit') return;
    console.error(`faultline: the window's process is gone (${details.reason}, ${details.exitCode})`);
    // Not inside the event: Electron is still taking the old process apart.
    setImmediate(() => {
      if (window.isDestroyed()) return;
      if (budget.spend(Date.now())) window.webContents.reload();
      else void ask(window, details.reason);
    });
  });

  async function ask(parent: BrowserWindow, reason: string): Promise<void> {
    const { response } = await dialog.showMessageBox(parent, {
      type: 'error',
      message: 'The window stopped working several times in a row.',
      detail: `Its process ended: ${reason}. Your settings and files are not affected.`,
      buttons: BUTTONS,
      defaultId: 0,
      cancelId: 2,
    });
    if (parent.isDestroyed()) return;
    if (response === 2) return app.quit();
    if (response === 1) forgetPlace();
    budget.reset();
    parent.webContents.reload();
  }
}
