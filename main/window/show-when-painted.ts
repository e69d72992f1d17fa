import { SHOW_AT_LATEST_MS } from '../limits.ts';

/** What is needed of a BrowserWindow. */
export interface Showable {
  once(event: 'ready-to-show' | 'closed', listener: () => void): unknown;
}

/**
 * Shows a window once its page is painted, so that nothing flashes; or a moment later without that. Electron was seen
 * never to say that a page is painted, once in some hundred starts, and a page that cannot be loaded is not painted
 * either: an app that runs and cannot be seen is worse than a bare background.
 */
export function showWhenPainted(window: Showable, show: () => void): void {
  let done = false;
  const once = () => {
    clearTimeout(timer);
    if (!done) show();
    done = true;
  };
  const timer = setTimeout(once, SHOW_AT_LATEST_MS);
  window.once('ready-to-show', once);
  window.once('closed', () => {
    clearTimeout(timer);
    done = true;
  });
}
