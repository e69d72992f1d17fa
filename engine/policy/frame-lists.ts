/** The end piece of list 0, 1 …: what stands before the first frame and behind the last, told by its negative number. */
export const endOf = (list: number): number => -1 - list;

const FIRST_PLACES = 1_024;

/**
 * Frames in doubly linked rings; a frame is in one of them or in none. Frames and end pieces are places alike, so that
 * adding and removing know no special case.
 */
export class FrameLists {
  /** Next and previous place of each place side by side, so that one line of the cache holds both; end pieces first. */
  private links = new Int32Array(2 * FIRST_PLACES);

  constructor(private readonly lists: number) {
    for (let list = 0; list < lists; list++) this.join(endOf(list), endOf(list));
  }

  /** The first frame of a list is the one after its end piece. */
  after(place: number): number {
    return this.links[2 * (place + this.lists)]!;
  }

  /** The last frame of a list is the one before its end piece. */
  before(place: number): number {
    return this.links[2 * (place + this.lists) + 1]!;
  }

  /** @param frame in no list */
  insertAfter(place: number, frame: number): void {
    if (2 * (frame + this.lists) >= this.links.length) this.grow(frame);
    const behind = this.after(place);
    this.join(place, frame);
    this.join(frame, behind);
  }

  /** @param frame in a list */
  remove(frame: number): void {
    this.join(this.before(frame), this.after(frame));
  }

  /**
   * Removes and inserts in one go, which is what a hit costs.
   * @param frame in a list
   * @param place another place than the frame itself
   */
  moveAfter(place: number, frame: number): void {
    const { links, lists } = this;
    const at = 2 * (frame + lists);
    const target = 2 * (place + lists);
    const next = links[at]!;
    const previous = links[at + 1]!;
    if (previous === place) return;
    links[2 * (previous + lists)] = next;
    links[2 * (next + lists) + 1] = previous;
    const behind = links[target]!;
    links[target] = frame;
    links[at] = behind;
    links[at + 1] = place;
    links[2 * (behind + lists) + 1] = frame;
  }

  private join(left: number, right: number): void {
    this.links[2 * (left + this.lists)] = right;
    this.links[2 * (right + this.lists) + 1] = left;
  }

  private grow(frame: number): void {
    let length = this.links.length;
    while (length <= 2 * (frame + this.lists)) length *= 2;
    const before = this.links;
    this.links = new Int32Array(length);
    this.links.set(before);
  }
}
