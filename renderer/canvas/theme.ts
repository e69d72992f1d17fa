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
  /** Around panels and free frames where their ground alone would not tell them apart; null for none. */
  readonly edge: string | null;
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
  edge: null,
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
  edge: null,
};

/** High contrast: black or white ground, one step of grey less between words and ground. */
export const DARK_CONTRAST: PictureTheme = {
  ...DARK,
  page: '#000000',
  panel: '#000000',
  band: '#141414',
  text: '#ffffff',
  muted: '#e6e6e6',
  quiet: '#d0d0d0',
  faint: '#9a9a9a',
  accent: '#ffee00',
  onAccent: '#000000',
  kernel: '#5c5c5c',
  free: '#1f1f1f',
  file: '#a8a8a8',
  onCell: '#000000',
  onKernel: '#ffffff',
  danger: '#ff9a85',
  edge: '#a0a0a0',
};

export const LIGHT_CONTRAST: PictureTheme = {
  ...LIGHT,
  page: '#ffffff',
  panel: '#ffffff',
  band: '#f0f0f0',
  text: '#000000',
  muted: '#262626',
  quiet: '#3a3a3a',
  faint: '#6b6b6b',
  accent: '#8c003c',
  onAccent: '#ffffff',
  kernel: '#9a9a9a',
  free: '#e9e9e9',
  file: '#7a7a7a',
  onCell: '#000000',
  onKernel: '#000000',
  danger: '#8f1d08',
  edge: '#5c5c5c',
};

export const PICTURE_THEMES: readonly PictureTheme[] = [DARK, LIGHT, DARK_CONTRAST, LIGHT_CONTRAST];

export function pictureTheme(dark: boolean, contrast: boolean): PictureTheme {
  if (contrast) return dark ? DARK_CONTRAST : LIGHT_CONTRAST;
  return dark ? DARK : LIGHT;
}

/** Okabe-Ito without black and yellow: yellow is the accent. */
const OWNER_COLOURS = ['#56b4e9', '#e69f00', '#2fbf92', '#dd8fbb', '#8f9df0', '#e8743b'] as const;

/** How the owner of a cell is told without colour. */
export type Pattern = 'plain' | 'diagonal' | 'dots' | 'horizontal' | 'vertical' | 'cross';
const PATTERNS: readonly Pattern[] = ['plain', 'diagonal', 'dots', 'horizontal', 'vertical', 'cross'];

export const ownerColour = (pid: number): string => OWNER_COLOURS[pid % OWNER_COLOURS.length]!;
/** The seventh task has the first one's colour and another pattern; no two of the first 36 look alike. */
export const ownerPattern = (pid: number): Pattern =>
  PATTERNS[(pid + Math.floor(pid / OWNER_COLOURS.length)) % PATTERNS.length]!;
