import { lab } from '../stores/lab.svelte.ts';

/** Puts the theme on the document, where styles and pictures read it. */
export function applyTheme(): void {
  document.documentElement.dataset.theme = lab.dark ? 'dark' : 'light';
}

/** Light to dark or back; remembered. */
export async function toggleTheme(): Promise<void> {
  lab.theme = lab.dark ? 'light' : 'dark';
  applyTheme();
  await window.faultline?.settings.set({ theme: lab.theme });
}
