/** Strides beyond 2 GiB, which 32-bit arithmetic in drivers turns into steps backwards. For tests. */
import { GL, GlEncoder } from "@virtgpu/core/gl";
import { Mapping, NativeGl } from "../../native/index.js";
import { OpReader, opFormats, OpTexture } from "./op-textures.js";

/** The largest ArrayBuffer of Node 20; only the pages that are touched exist. */
const MEMORY_BYTES = 2 ** 32;
const CANARY = 0x5a;

/** [width, height, depth, stride, layer stride] of RGBA8 boxes, all within the memory. */
const UPLOADS: readonly (readonly [number, number, number, number, number])[] = [
  [4, 2, 1, 2 ** 31 - 4, 0],
  [4, 2, 1, 2 ** 31, 0],
  [4, 2, 1, 2 ** 31 + 4, 0],
  [4, 2, 1, 2 ** 32 - 32, 0],
  [4, 3, 1, 2 ** 30, 0],
  [4, 4, 1, 2 ** 30, 0],
  [4, 2, 1, 2 ** 31 + 1, 0],
  [4, 1, 2, 2 ** 31, 2 ** 31],
  [4, 1, 2, 16, 2 ** 31],
  [4, 1, 2, 16, 2 ** 32 - 32],
  [4, 2, 3, 16, 3 * 2 ** 29],
  [4, 2, 3, 2 ** 29, 2 ** 30],
  [4, 2, 2, 2 ** 30, 2 ** 31],
];

/** @returns how many boxes went both ways; null: the system has no such memory. @throws {Error} what was wrong */
export function checkHugeStrides(api: "gles" | "gl"): number | null {
  const mapping = Mapping.mapPrivate(MEMORY_BYTES);
  if (mapping === null) return null;
  const gl = NativeGl.open({ api });
  const encoder = new GlEncoder(gl);
  const reader = new OpReader(encoder);
  const format = opFormats(gl.caps).find(({ name }) => name === "RGBA8")!;
  const memory = mapping.bytes;
  const segment = encoder.registerSegment(memory);
  for (const [width, height, depth, stride, layerStride] of UPLOADS) {
    const text = `${width}x${height}x${depth}, stride ${stride}, layer stride ${layerStride}`;
    const texture = new OpTexture(encoder, format, depth > 1 ? GL.TEXTURE_3D : GL.TEXTURE_2D, [width, height, depth]);
    const length = layerStride * (depth - 1) + stride * (height - 1) + width * 4;
    const box = [0, 0, 0, width, height] as const;
    const at = (layer: number, row: number): number => layer * layerStride + row * stride;
    for (let layer = 0; layer < depth; layer++) {
      for (let row = 0; row < height; row++) {
        const bytes = memory.subarray(at(layer, row), at(layer, row) + width * 4);
        for (let i = 0; i < bytes.length; i++) bytes[i] = 1 + i + 16 * row + 64 * layer;
        texture.expect(0, layer, row, 0, bytes);
      }
    }
    encoder.bindTexture(texture.target, texture.name);
    const kind = [format.format, format.type, stride] as const;
    if (depth === 1) encoder.texSubImage2D(texture.target, ...box, ...kind, segment, 0, length);
    else
      encoder.texSubImage3D(
        ...[texture.target, 0, 0, 0, 0, width, height, depth],
        ...kind,
        layerStride,
        segment,
        0,
        length,
      );
    encoder.flush();
    const wrong = reader.difference(texture, 0);
    if (wrong !== "") throw new Error(`upload of ${text}: ${wrong}`);
    if (depth > 1) continue;
    memory.fill(CANARY, stride, stride + width * 4 + 64);
    reader.attach(texture, 0, 0);
    encoder.readPixels(0, 0, width, height, format.format, format.type, stride, segment, 0, length);
    encoder.flush();
    for (let row = 0; row < height; row++) {
      const got = Buffer.from(memory.subarray(at(0, row), at(0, row) + width * 4)).toString("hex");
      const want = Buffer.from(texture.contents[0]!.subarray(row * width * 4, (row + 1) * width * 4)).toString("hex");
      if (got !== want) throw new Error(`read-back of ${text}: row ${row} is ${got}, not ${want}`);
    }
  }
  encoder.unregisterSegment(segment);
  gl.destroy();
  mapping.release();
  return UPLOADS.length;
}
