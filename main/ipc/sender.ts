import { isLabUrl } from '../scheme/lab-url.ts';

/** What is looked at of the frame that sent a message. */
export interface SenderFrame {
  readonly url: string;
  readonly processId: number;
  readonly routingId: number;
}

/**
 * Whether a message comes from the page it may come from: the main frame of our own window, showing the lab.
 * @param sender null when the frame was gone before its message arrived
 * @param ours the main frame of our window; null without a window
 */
export function isOurPage(sender: SenderFrame | null, ours: SenderFrame | null): boolean {
  return (
    sender !== null &&
    ours !== null &&
    sender.processId === ours.processId &&
    sender.routingId === ours.routingId &&
    isLabUrl(sender.url)
  );
}
