import { ipcMain, type BrowserWindow } from 'electron';
import { answer } from './answer.ts';
import { ARGUMENTS } from './arguments.ts';
import type { News, Question, Questions } from './channels.ts';
import { isOurPage } from './sender.ts';

/**
 * Connects the questions with their answers.
 * @param ourWindow the window whose page may ask, at the time of the question
 */
export function listen(handlers: Questions, ourWindow: () => BrowserWindow | null): void {
  for (const question of Object.keys(ARGUMENTS) as Question[]) connect(question, handlers, ourWindow);
}

function connect<Q extends Question>(question: Q, handlers: Questions, ourWindow: () => BrowserWindow | null): void {
  ipcMain.handle(question, (event, ...args: unknown[]) => {
    const window = ourWindow();
    const trusted =
      window !== null &&
      event.sender === window.webContents &&
      isOurPage(event.senderFrame, window.webContents.mainFrame);
    const handler = handlers[question] as (...given: unknown[]) => ReturnType<Questions[Q]>;
    return answer(question, trusted, ARGUMENTS[question], handler as never, args);
  });
}

/** Tells the window something unasked. */
export function tell<N extends keyof News>(window: BrowserWindow | null, news: N, value: News[N]): void {
  if (window && !window.isDestroyed()) window.webContents.send(news, value);
}
