import { makeTable, reserveRows } from '../base/table.ts';

/** The end piece of list 0, 1 …: what stands before the first frame and behind the last, told by its negative number. */
export const endOf = (list: number): number => -1 - list;

/**
 * Frames in doubly linked rings; a frame is in one of them or in none. `before` and `after` take and give frames and end
 * pieces alike, so that adding and removing know no special case.
 */
export class FrameLists {
  private readonly links = makeTable('frame lists', { next: 'i32', previous: 'i32' }, 1_024);

  constructor(private readonly lists: number) {
    for (let list = 0; list < lists; list++) this.link(endOf(list), endOf(list));
  }

  /** The first frame of a list is the one after its end piece. */
  after(place: number): number {
    return this.links.next[place + this.lists]!;
  }

  /** The last frame of a list is the one before its end piece. */
  before(place: number): number {
    return this.links.previous[place + this.lists]!;
  }

  /** @param frame in no list */
  insertAfter(place: number, frame: number): void {
    reserveRows(this.links, frame + this.lists + 1);
    const behind = this.after(place);
    this.link(place, frame);
    this.link(frame, behind);
  }

  /** @param frame in a list */
  remove(frame: number): void {
    this.link(this.before(frame), this.after(frame));
  }

  private link(left: number, right: number): void {
    this.links.next[left + this.lists] = right;
    this.links.previous[right + this.lists] = left;
  }
}
