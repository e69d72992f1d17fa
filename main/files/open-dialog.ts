import { dialog, type BrowserWindow } from 'electron';

/** The system's dialog. Null when the person closed it. */
export async function askForScenario(window: BrowserWindow): Promise<string | null> {
  const answer = await dialog.showOpenDialog(window, {
    title: 'Open a scenario',
    properties: process.platform === 'darwin' ? ['openFile', 'openDirectory'] : ['openFile'],
    filters: [
      { name: 'Scenarios', extensions: ['yaml', 'yml'] },
      { name: 'C programs', extensions: ['c'] },
      { name: 'All files', extensions: ['*'] },
    ],
  });
  return answer.canceled ? null : (answer.filePaths[0] ?? null);
}
