import { lab } from '../stores/lab.svelte.ts';
import { changeSettings } from './settings.ts';

/** Light to dark or back; remembered. */
export async function toggleTheme(): Promise<void> {
  await changeSettings({ theme: lab.dark ? 'light' : 'dark' });
}
