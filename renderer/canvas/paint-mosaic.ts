import { frameUseOf, type FramesSnapshot } from '../../engine/protocol/snapshot.ts';
import type { DrawList } from './draw-list.ts';
import type { Context } from './paint-basics.ts';
import { ownerColour, type PictureTheme } from './theme.ts';

/** Frames too small for cells: one pixel of an image each, scaled without smoothing. */
export function paintMosaic(
  ctx: Context,
  mosaic: NonNullable<DrawList['mosaic']>,
  frames: FramesSnapshot,
  theme: PictureTheme,
): void {
  const rows = Math.ceil(frames.total / mosaic.columns);
  const image = new ImageData(mosaic.columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  const palette = mosaicPalette(theme);
  for (let frame = 0; frame < frames.total; frame++) {
    const owners = frames.owners[frame]!;
    const use = frameUseOf(frames.use[frame]!);
    if (frames.fresh[frame] === 1) pixels[frame] = palette.accent;
    else if (use === 'free') pixels[frame] = palette.free;
    else if (owners === 0 || use === 'table') pixels[frame] = palette.kernel;
    else pixels[frame] = palette.owners[ownerAt(owners, frame) % palette.owners.length]!;
  }
  const buffer = new OffscreenCanvas(mosaic.columns, rows);
  buffer.getContext('2d')!.putImageData(image, 0, 0);
  const pitch = mosaic.w / mosaic.columns;
  ctx.imageSmoothingEnabled = pitch < 1;
  ctx.drawImage(buffer, mosaic.x, mosaic.y, mosaic.w, rows * pitch);
}

/** One of the owners of a frame: neighbours that are shared take turns, so that sharing is seen as a weave. */
function ownerAt(bits: number, frame: number): number {
  let left = bits;
  for (let skip = frame % bitCount(bits); skip > 0; skip--) left &= left - 1;
  return 31 - Math.clz32(left & -left);
}

function bitCount(bits: number): number {
  let count = 0;
  for (let left = bits; left !== 0; left &= left - 1) count++;
  return count;
}

/** 0xAABBGGRR, as ImageData wants it on a little-endian machine. */
function pixel(colour: string): number {
  const n = Number.parseInt(colour.slice(1), 16);
  return (0xff000000 | ((n & 0xff) << 16) | (n & 0xff00) | (n >> 16)) >>> 0;
}

function mosaicPalette(theme: PictureTheme): { accent: number; free: number; kernel: number; owners: number[] } {
  return {
    accent: pixel(theme.accent),
    free: pixel(theme.free),
    kernel: pixel(theme.kernel),
    owners: [0, 1, 2, 3, 4, 5].map((pid) => pixel(ownerColour(pid))),
  };
}
