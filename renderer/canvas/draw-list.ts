import type { Selection } from '../../engine/protocol/snapshot.ts';
import type { FrameUse, PageState } from '../../engine/protocol/views.ts';

/** Rectangle in CSS pixels of the stage. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** How a cell is filled; see UX: filled, outlined, dashed, faint. */
export type CellLook =
  'free' | 'kernel' | 'table' | 'file' | 'owned' | 'zero' | 'reserved' | 'noAccess' | 'swapped' | 'run';

/** A page or a frame: the same everywhere. */
export interface CellItem extends Box {
  readonly type: 'cell';
  readonly target: Selection;
  readonly look: CellLook;
  /** Tasks whose colours fill it, ascending. */
  readonly owners: readonly number[];
  /** Frame number on a page, `S3` on one in swap slot 3, frame number on a frame; empty where too small. */
  readonly label: string;
  /** `×2` when shared, `L3` on a page table, `×120` on a run. */
  readonly note: string;
  /** A write must fault first. */
  readonly writeProtected: boolean;
  readonly fresh: boolean;
  readonly selected: boolean;
  readonly lit: boolean;
  /** What it stands for, for the table beside the picture and for tests. */
  readonly meaning:
    | {
        readonly of: 'page';
        readonly state: PageState;
        readonly frame: number;
        /** Swap slot, −1 none. */
        readonly slot: number;
        readonly sharers: number;
        readonly pages: number;
      }
    | { readonly of: 'frame'; readonly use: FrameUse; readonly mapcount: number; readonly swapCached: boolean }
    | { readonly of: 'slot'; readonly taken: boolean; readonly count: number; readonly frame: number };
}

export interface PanelItem extends Box {
  readonly type: 'panel';
  readonly tone: 'panel' | 'band';
  readonly radius: number;
  /** A strip in this task's colour and pattern along the left edge. */
  readonly stripe: number | null;
  readonly lit: boolean;
  readonly target: Selection | null;
}

export interface TextItem {
  readonly type: 'text';
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly size: number;
  readonly font: 'sans' | 'mono';
  readonly weight: 400 | 600 | 700;
  readonly tone: 'text' | 'muted' | 'quiet' | 'onCell' | 'accent';
  readonly align: 'left' | 'right' | 'center';
  /** Longest width in pixels; longer text is cut with an ellipsis. */
  readonly max: number;
}

/** The task's number in its colour and pattern. */
export interface BadgeItem extends Box {
  readonly type: 'badge';
  readonly pid: number;
}

/** A folded stretch of nothing: dots, and how much it is. */
export interface GapItem extends Box {
  readonly type: 'gap';
  readonly text: string;
}

/** Curve from a page to its frame or slot, from the frame copied to the copy, or between a frame and its slot. */
export interface LinkItem {
  readonly type: 'link';
  readonly from: Box;
  readonly to: Box;
  readonly pid: number;
  readonly kind: 'map' | 'copy';
  readonly label: string;
  /** Where a link enters the board: left of it, in the gap above the row of its frame; null between two frames. */
  readonly entry: { readonly x: number; readonly y: number } | null;
}

/** RAM as a bar: parts from left to right, and marks. */
export interface GaugeItem extends Box {
  readonly type: 'gauge';
  readonly parts: readonly { readonly share: number; readonly tone: 'kernel' | 'table' | 'used' }[];
  /** Lines across the bar, as parts of its width. */
  readonly marks: readonly number[];
}

export type DrawItem = CellItem | PanelItem | TextItem | BadgeItem | GapItem | LinkItem | GaugeItem;

/** Everything the stage shows, in painting order, and what it needed. */
export interface DrawList {
  /** Where RAM and swap are, or what stands in their place. */
  readonly boards: Box;
  /** Taken slots that found no room on the board of swap. */
  readonly hiddenSlots: number;
  readonly width: number;
  /** May exceed the height of the pane: then the stage scrolls. */
  readonly height: number;
  readonly items: readonly DrawItem[];
  /** Frames too small for cells of their own: painted as one image. */
  readonly mosaic: (Box & { readonly cell: number; readonly columns: number }) | null;
}

export const isCell = (item: DrawItem): item is CellItem => item.type === 'cell';

export const sameTarget = (a: Selection | null, b: Selection | null): boolean =>
  a !== null && b !== null && JSON.stringify(a) === JSON.stringify(b);
