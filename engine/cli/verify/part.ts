/** What a part of verify is given. */
export interface VerifyPart {
  /** First and last seed. */
  readonly seeds: readonly [number, number];
  /** Folder with the recorded scripts. */
  readonly folder: string;
}

/** What came of comparing the lab with the real system. */
export type Verification =
  | { readonly kind: 'equal'; readonly system: string; readonly compared: string }
  | { readonly kind: 'differs'; readonly system: string; readonly difference: string; readonly script: string }
  | { readonly kind: 'skipped'; readonly why: string };
