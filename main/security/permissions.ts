import type { Session } from 'electron';
import { mayUse } from './may-use.ts';

/** Answers every permission question of the session from the one short list in may-use. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) => {
    answer(details.isMainFrame && mayUse(permission, details.requestingUrl));
  });
  session.setPermissionCheckHandler((_contents, permission, origin, details) => {
    return details.isMainFrame && mayUse(permission, details.requestingUrl ?? origin);
  });
  session.setDevicePermissionHandler(() => false);
  session.setBluetoothPairingHandler?.((_details, answer) => answer({ confirmed: false }));
}
