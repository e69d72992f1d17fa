import type { Place } from '../../engine/protocol/window-api.ts';
import type { JsonFile } from './json-file.ts';

/**
 * Where the window is, for the page that comes after a reload or a crash. The file is removed when a run ends well, so
 * one that is found at start tells that the run before did not.
 */
export class PlaceKeeper {
  private kept: Place | null = null;
  private left: Place | null;

  constructor(private readonly file: JsonFile<Place>) {
    this.left = file.read();
  }

  keep(place: Place): void {
    this.kept = place;
    this.file.write(place);
  }

  /** Of this run. */
  current(): Place | null {
    return this.kept;
  }

  /** Of a run that ended abnormally, or null. */
  fromBefore(): Place | null {
    return this.left;
  }

  /** The place itself may be what crashes the page: begin afresh. */
  forget(): void {
    this.kept = null;
    this.left = null;
  }

  /** The run ends well. */
  async end(): Promise<void> {
    await this.file.remove();
  }

  /** The system is being shut down and waits for nobody. */
  endNow(): void {
    this.file.removeNow();
  }
}
