/**
 * The only bridge between the page and main: an object of the contract's shape, made of plain functions. Nothing of
 * Electron or Node is handed over, not even an event.
 */
import { contextBridge, ipcRenderer } from 'electron';
import type { FaultlineApi, Reply } from '../../engine/protocol/window-api.ts';
import type { News, Question, Questions } from '../ipc/channels.ts';

/** Main answers with a Reply always; what can fail here is an argument that cannot be sent at all, like a function. */
async function ask<Q extends Question>(
  question: Q,
  ...args: Parameters<Questions[Q]>
): Promise<Awaited<ReturnType<Questions[Q]>>> {
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

const api: FaultlineApi = {
  info: (...args) => ask('info', ...args),
  initial: (...args) => ask('initial', ...args),
  scenarios: {
    list: (...args) => ask('scenarios.list', ...args),
    read: (...args) => ask('scenarios.read', ...args),
    openDialog: (...args) => ask('scenarios.openDialog', ...args),
  },
  settings: {
    get: (...args) => ask('settings.get', ...args),
    set: (...args) => ask('settings.set', ...args),
  },
  place: {
    keep: (...args) => ask('place.keep', ...args),
  },
  onOpened: (listener) => hear('opened', listener),
  onMenu: (listener) => hear('menu', listener),
  onSettings: (listener) => hear('settings', listener),
};

contextBridge.exposeInMainWorld('faultline', api);
