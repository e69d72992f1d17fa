import { makeTable, reserveRows } from '../base/table.ts';
import { PageMap } from './page-map.ts';

/**
 * Which page each frame holds, and which frame holds a page. Frames are used in order, from 0; memory is taken for those
 * in use only, so that a large number of frames costs nothing by itself.
 */
export class Frames {
  /** Frames that hold a page. None is ever given back. */
  used = 0;
  private readonly table = makeTable('frames', { page: 'f64' }, 1_024);
  private readonly places = new PageMap();

  /** @param count frames in all, from 1 */
  constructor(readonly count: number) {}

  get full(): boolean {
    return this.used === this.count;
  }

  /** @returns −1 when the page is in no frame */
  frameOf(page: number): number {
    return this.places.get(page);
  }

  /** Puts a page that is in no frame into one: the first unused frame, or one in use, whose page goes. */
  load(page: number, frame: number): void {
    if (frame === this.used) {
      reserveRows(this.table, frame + 1);
      this.used++;
    } else {
      this.places.delete(this.table.page[frame]!);
    }
    this.table.page[frame] = page;
    this.places.set(page, frame);
  }
}
