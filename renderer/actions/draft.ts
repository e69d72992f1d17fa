import { code } from '../stores/code.svelte.ts';

/** Where what is being written is kept: it outlives the page and a crash, not the loading of the program. */
const KEY = 'faultline:draft';

/** Notes the program that is being written; to be called whenever it changes. */
export function keepDraft(draft: typeof code.draft): void {
  if (draft === null) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, JSON.stringify(draft));
}

/** What was being written when the page ended; nothing when that cannot be read. */
export function restoreDraft(): void {
  const text = localStorage.getItem(KEY);
  if (text === null) return;
  try {
    const { file, text: program, from } = JSON.parse(text) as Record<string, unknown>;
    if (typeof file !== 'string' || typeof program !== 'string') return;
    code.draft = { file, text: program, from: typeof from === 'string' ? from : null };
  } catch {
    localStorage.removeItem(KEY);
  }
}
