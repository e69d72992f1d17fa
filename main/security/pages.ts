import { app, type Session } from 'electron';
import { isLabUrl } from '../scheme/lab-url.ts';

/** Holds every page to the lab: no other address, no second window, no embedded browser, no peer connection. */
export function confinePages(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp'); // and there is no proxy
    contents.on('will-frame-navigate', (event) => {
      if (!event.isMainFrame || !isLabUrl(event.url)) event.preventDefault();
    });
    contents.on('will-redirect', (event) => {
      if (!isLabUrl(event.url)) event.preventDefault();
    });
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });
}

/** The lab saves through dialogs of its own; a page that starts a download is not the lab's. */
export function denyDownloads(session: Session): void {
  session.on('will-download', (event) => event.preventDefault());
}
