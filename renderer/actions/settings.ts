import type { Settings } from '../../engine/protocol/window-api.ts';
import { lab } from '../stores/lab.svelte.ts';

/** What main remembers, put to work in the window. */
export function applySettings(settings: Settings): void {
  lab.settings = settings;
  applyLooks();
}

/** Changes some of the settings at once; main remembers them. */
export async function changeSettings(change: Partial<Settings>): Promise<void> {
  if (lab.settings !== null) applySettings({ ...lab.settings, ...change });
  const reply = await window.faultline.settings.set(change);
  if (reply.ok) applySettings(reply.value);
  else lab.notice = reply.message;
}

/** Puts theme, contrast and movement on the document, where styles and pictures read them. */
export function applyLooks(): void {
  const { dataset } = document.documentElement;
  dataset.theme = lab.dark ? 'dark' : 'light';
  dataset.contrast = lab.contrast ? 'more' : 'normal';
  dataset.motion = lab.still ? 'none' : 'full';
}

/** Follows what the desktop asks for, where the settings leave it to the desktop. */
export function followDesktop(): void {
  const asked: readonly (readonly [query: string, note: (matches: boolean) => void])[] = [
    ['(prefers-color-scheme: dark)', (matches) => (lab.systemDark = matches)],
    ['(prefers-contrast: more), (forced-colors: active)', (matches) => (lab.systemContrast = matches)],
    ['(prefers-reduced-motion: reduce)', (matches) => (lab.systemStill = matches)],
  ];
  for (const [query, note] of asked) {
    const list = matchMedia(query);
    note(list.matches);
    list.addEventListener('change', () => {
      note(list.matches);
      applyLooks();
    });
  }
  applyLooks();
}
