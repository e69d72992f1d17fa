/**
 * The only bridge between the page and main: an object of the contract's shape, made of plain functions. Nothing of
 * Electron or Node is handed over, not even an event.
 */
import { contextBridge, ipcRenderer } from 'electron';
import type { FaultlineApi, Reply } from '../../engine/protocol/window-api.ts';
import type { News, Question, Questions } from '../ipc/channels.ts';

type Answer<Q extends Question> = Promise<Awaited<ReturnType<Questions[Q]>>>;

/** Main answers with a Reply always; what can fail here is an argument that cannot be sent at all, like a function. */
async function ask<Q extends Question>(question: Q, ...args: Parameters<Questions[Q]>): Answer<Q> {
  try {
    return await ipcRenderer.invoke(question, ...args);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const reply: Reply<never> = { ok: false, code: 'refused', message: `${question}: ${message}` };
    return reply as Awaited<ReturnType<Questions[Q]>>;
  }
}

function hear<N extends keyof News>(news: N, listener: (value: News[N]) => void): () => void {
  const pass = (_event: unknown, value: News[N]) => listener(value);
  ipcRenderer.on(news, pass);
  return () => void ipcRenderer.off(news, pass);
}

/** A question that every page begins with is asked before the page's script runs; that answer serves the first call. */
function askAhead<Q extends Question>(
  question: Q,
  ...args: Parameters<Questions[Q]>
): (...again: Parameters<Questions[Q]>) => Answer<Q> {
  let ahead: Answer<Q> | null = ask(question, ...args);
  return (...again) => {
    const answer = again.length === 0 && ahead !== null ? ahead : ask(question, ...again);
    ahead = null;
    return answer;
  };
}

/** Main may name a file to open as soon as `initial` was asked, which is before anybody listens: it waits here. */
function hearFromNowOn<N extends keyof News>(news: N): (listener: (value: News[N]) => void) => () => void {
  const waiting: News[N][] = [];
  const stop = hear(news, (value) => void waiting.push(value));
  return (listener) => {
    stop();
    waiting.splice(0).forEach(listener);
    return hear(news, listener);
  };
}

const onOpened = hearFromNowOn('opened');
const api: FaultlineApi = {
  info: askAhead('info'),
  initial: askAhead('initial'),
  scenarios: {
    list: (...args) => ask('scenarios.list', ...args),
    read: (...args) => ask('scenarios.read', ...args),
    openDialog: (...args) => ask('scenarios.openDialog', ...args),
  },
  settings: {
    get: askAhead('settings.get'),
    set: (...args) => ask('settings.set', ...args),
  },
  place: {
    keep: (...args) => ask('place.keep', ...args),
  },
  onOpened: (listener) => onOpened(listener),
  onMenu: (listener) => hear('menu', listener),
  onSettings: (listener) => hear('settings', listener),
};

contextBridge.exposeInMainWorld('faultline', api);
