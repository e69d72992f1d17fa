/** The one address this window ever shows. */
export const SCHEME = 'app';
export const HOST = 'lab';
export const LAB_URL = `${SCHEME}://${HOST}/`;

/**
 * Whether a page, a frame or a request is the lab's own. Protocol and host are compared, because the `origin` of a
 * scheme that the URL standard does not know is the text 'null' in Node, for everybody's scheme alike.
 */
export function isLabUrl(address: string): boolean {
  const url = parse(address);
  return (
    url !== null && url.protocol === `${SCHEME}:` && url.host === HOST && url.username === '' && url.password === ''
  );
}

function parse(address: string): URL | null {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}
