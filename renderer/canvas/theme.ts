/** Colours of the pictures, light and dark. Owners are Okabe-Ito; each owner also has a letter and a pattern. */
export interface PictureTheme {
  readonly name: 'light' | 'dark';
  readonly page: string;
  readonly panel: string;
  readonly band: string;
  readonly text: string;
  readonly muted: string;
  /** Words that may be read last; still readable on every surface. */
  readonly quiet: string;
  /** Lines only. */
  readonly faint: string;
  /** What just changed. */
  readonly accent: string;
  readonly onAccent: string;
  readonly kernel: string;
  readonly free: string;
  readonly file: string;
  /** Text on a filled cell, and on the kernel's own. */
  readonly onCell: string;
  readonly onKernel: string;
  readonly danger: string;
}

export const DARK: PictureTheme = {
  name: 'dark',
  page: '#0d1116',
  panel: '#161c23',
  band: '#1d242d',
  text: '#f2f5f8',
  muted: '#a3adb8',
  quiet: '#8994a0',
  faint: '#56616d',
  accent: '#f0e442',
  onAccent: '#14181d',
  kernel: '#3b4754',
  free: '#222a33',
  file: '#728090',
  onCell: '#0b0f13',
  onKernel: '#bcc6d1',
  danger: '#e8705b',
};

export const LIGHT: PictureTheme = {
  name: 'light',
  page: '#f2f4f6',
  panel: '#ffffff',
  band: '#eef1f4',
  text: '#12181e',
  muted: '#55606c',
  quiet: '#5d6873',
  faint: '#a4aeb8',
  accent: '#b4004e',
  onAccent: '#ffffff',
  kernel: '#aab6c2',
  free: '#e4e9ee',
  file: '#8896a4',
  onCell: '#0b0f13',
  onKernel: '#333d47',
  danger: '#b3361f',
};

/** Okabe-Ito without black and yellow: yellow is the accent. */
const OWNER_COLOURS = ['#56b4e9', '#e69f00', '#2fbf92', '#dd8fbb', '#8f9df0', '#e8743b'] as const;

/** How the owner of a cell is told without colour. */
export type Pattern = 'plain' | 'diagonal' | 'dots' | 'horizontal' | 'vertical' | 'cross';
const PATTERNS: readonly Pattern[] = ['plain', 'diagonal', 'dots', 'horizontal', 'vertical', 'cross'];

export const ownerColour = (pid: number): string => OWNER_COLOURS[pid % OWNER_COLOURS.length]!;
/** The seventh task has the first one's colour and another pattern; no two of the first 36 look alike. */
export const ownerPattern = (pid: number): Pattern =>
  PATTERNS[(pid + Math.floor(pid / OWNER_COLOURS.length)) % PATTERNS.length]!;
