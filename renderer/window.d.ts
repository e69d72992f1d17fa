import type { Selection } from '../engine/protocol/snapshot.ts';
import type { FaultlineApi } from '../engine/protocol/window-api.ts';
import type { Box, DrawList } from './canvas/draw-list.ts';

declare global {
  interface Window {
    /** Put there by the preload. */
    readonly faultline: FaultlineApi;
    /** Where things are drawn: read by the window tests, to click as a person would. */
    faultlineView: {
      boxOf(target: Selection): Box | null;
      drawList(): DrawList | null;
    };
  }
}
