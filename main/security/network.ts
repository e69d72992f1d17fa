import type { Session } from 'electron';
import { mayRequest } from './may-request.ts';

/** Refuses every request that is not for the lab's own files, whoever makes it: page, worker, or main itself. */
export function closeNetwork(session: Session, development: boolean): void {
  session.webRequest.onBeforeRequest((details, answer) => {
    answer({ cancel: !mayRequest(details.url, development) });
  });
  session.setSpellCheckerEnabled(false); // it would fetch dictionaries
}
