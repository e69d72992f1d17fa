/** Why bytes are no text, as the second half of a sentence that begins with the file's name. */
export type NotText = 'is UTF-16 text; save it as UTF-8' | 'is not text; a scenario is a YAML file in UTF-8';

/** Strict: a wrong byte is found here, and does not turn into a question mark that is hunted for in the lesson. */
export function decodeText(bytes: Uint8Array): { readonly text: string } | { readonly problem: NotText } {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return { problem: 'is UTF-16 text; save it as UTF-8' };
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return { text };
  } catch {
    // falls through to the one answer for everything that is not text
  }
  return { problem: 'is not text; a scenario is a YAML file in UTF-8' };
}
