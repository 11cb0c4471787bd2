/** Where blue, green and red lie in a pixel of each 2D format (`enum virtio_gpu_formats`: names give memory order). */
const BGR_OFFSETS: ReadonlyMap<number, readonly [number, number, number]> = new Map([
  [1, [0, 1, 2]],
  [2, [0, 1, 2]],
  [3, [3, 2, 1]],
  [4, [3, 2, 1]],
  [67, [2, 1, 0]],
  [68, [1, 2, 3]],
  [121, [1, 2, 3]],
  [134, [2, 1, 0]],
]);

/** Whether the format is one of the eight of virtio-gpu, all of 4 bytes a pixel. */
export function isPixelFormat(format: number): boolean {
  return BGR_OFFSETS.has(format);
}

/** Whether the format's bytes are blue, green, red already. */
export function isBlueFirst(format: number): boolean {
  return BGR_OFFSETS.get(format)?.[0] === 0;
}

/** Turns `count` pixels of a 2D format, in place, into B8G8R8X8. */
export function toBlueFirst(format: number, bytes: Uint8Array, offsetBytes: number, count: number): void {
  const [blueAt, greenAt, redAt] = BGR_OFFSETS.get(format)!;
  if (blueAt === 0) return;
  const end = offsetBytes + count * 4;
  for (let at = offsetBytes; at < end; at += 4) {
    const blue = bytes[at + blueAt]!;
    const green = bytes[at + greenAt]!;
    const red = bytes[at + redAt]!;
    bytes[at] = blue;
    bytes[at + 1] = green;
    bytes[at + 2] = red;
  }
}
