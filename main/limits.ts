/** Every bound of the main process in one place: name, unit, reason. */

/** Bytes of a scenario's text. The bundled ones stay below 20,000; a megabyte is thousands of steps. */
export const SCENARIO_BYTES = 1_048_576;
/** C programs beside one scenario that are read for it. */
export const PROGRAM_FILES = 16;
/** Characters of a path. Source: Linux include/uapi/linux/limits.h PATH_MAX; longer than any path a dialog gives. */
export const PATH_CHARS = 4_096;
/** Characters of a bundled scenario's id, a folder name. */
export const ID_CHARS = 64;
/** Characters of a bundled scenario's title and of its summary in the list. */
export const TITLE_CHARS = 200;
export const SUMMARY_CHARS = 1_000;
/** Features of a bundled scenario that the list names: more than there are. */
export const BUNDLED_FEATURES = 200;
/** Folders below scenarios/ that are listed: the list must stay readable in one go. */
export const BUNDLED_SCENARIOS = 500;
/** Steps of one scenario: as many as the player takes. */
export const STEPS = 10_000;
/** Commands typed beyond the script that a kept place holds, and characters of each. */
export const TYPED_COMMANDS = 10_000;
export const TYPED_CHARS = 4_096;
/** Characters of all typed commands together: a kept place is written to disk again and again. */
export const TYPED_TOTAL_CHARS = 1_048_576;
/** Bytes of a JSON file in the user data folder that is read back; a place with a full scenario escaped fits. */
export const JSON_FILE_BYTES = 16 * 1_048_576;
/** Damaged files kept aside of each kind, newest first: enough to look into, not enough to fill a disk. */
export const CORRUPT_COPIES = 3;
/** Entries of File > Open Recent. */
export const RECENT_FILES = 10;
/** Milliseconds that changes are gathered before they are written: stepping fast must not write at every step. */
export const WRITE_DELAY_MS = 300;
/** Milliseconds a clean quit waits for its last writes before it leaves without them. */
export const QUIT_WRITES_MS = 2_000;
/** Automatic reloads of a crashed window within the span, before a person is asked. */
export const RELOADS = 3;
export const RELOAD_SPAN_MS = 60_000;
/** Milliseconds after which a window is shown even if its page has not been painted; a start takes a third of it. */
export const SHOW_AT_LATEST_MS = 1_000;
/** CSS pixels: below this the step, the columns and RAM do not fit side by side. */
export const MIN_WINDOW = { width: 960, height: 600 } as const;
/** CSS pixels a window starts with when nothing is remembered. */
export const DEFAULT_WINDOW = { width: 1440, height: 900 } as const;
/** Pixels of a remembered window's title bar that must lie on a display, so that it can be grabbed. */
export const GRAB = { width: 120, height: 32 } as const;
