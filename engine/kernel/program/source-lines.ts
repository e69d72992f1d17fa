import type { Image } from '../../c/index.ts';

const known = new WeakMap<Image, Int32Array>();

/** The line of each instruction, 8 bytes an instruction; 0 in the library's own code, which has no source to show. */
export function sourceLines(image: Image): Int32Array {
  let lines = known.get(image);
  if (lines === undefined) {
    lines = new Int32Array(Math.ceil(image.text.length / 8));
    image.lines.forEach(({ offset, place }, i) => {
      const end = image.lines[i + 1]?.offset ?? image.text.length;
      lines!.fill(place.file.startsWith('<') ? 0 : place.line, offset >> 3, end >> 3);
    });
    known.set(image, lines);
  }
  return lines;
}

/** Lines on which something can be run, ascending: where a program can be stopped. */
export function linesWithCode(image: Image): number[] {
  const lines = image.stops.flatMap(({ place }) => (place.file.startsWith('<') ? [] : [place.line]));
  return [...new Set(lines)].sort((a, b) => a - b);
}
