import path from 'node:path';

/** What the environment may set, for tests and demonstrations. Wrong values count as not set. */
export interface Environment {
  /** FAULTLINE_USER_DATA: folder for settings and everything else that is kept. */
  readonly userData: string | null;
  /** FAULTLINE_THEME: dark or light, whatever the settings say. */
  readonly theme: 'dark' | 'light' | null;
  /** FAULTLINE_WINDOW: size of the window's content, as 1280x720. */
  readonly window: { readonly width: number; readonly height: number } | null;
  /** FAULTLINE_INTRO: on or off. A run with a folder of its own has no introduction unless it asks for one. */
  readonly introduces: boolean;
}

export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const userData = env['FAULTLINE_USER_DATA'];
  const theme = env['FAULTLINE_THEME'];
  return {
    userData: userData ? path.resolve(userData) : null,
    theme: theme === 'dark' || theme === 'light' ? theme : null,
    window: sizeOf(env['FAULTLINE_WINDOW']),
    introduces: env['FAULTLINE_INTRO'] === 'on' || (env['FAULTLINE_INTRO'] !== 'off' && !userData),
  };
}

function sizeOf(text: string | undefined): Environment['window'] {
  const match = /^(\d{3,5})x(\d{3,5})$/.exec(text ?? '');
  return match ? { width: Number(match[1]), height: Number(match[2]) } : null;
}
