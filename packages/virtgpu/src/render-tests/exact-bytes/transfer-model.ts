/** What a transfer means, said once more in plain arithmetic, and resources whose contents are known. For tests. */
import { GuestError } from "@virtgpu/core/base";
import { Backing, type Segment } from "@virtgpu/core/memory";
import type { Transfer3d } from "@virtgpu/core/renderer";
import { FormatUse, type FormatRow, type FormatSupport } from "@virtgpu/core/renderer/gles";
import type { Random } from "@virtgpu/core/testing";
import * as v from "@virtgpu/core/virgl";
import type { RenderFixture } from "../render-fixture.js";
import { contentMask, fillRow } from "../texel-contents.js";

/** A guest's numbers, as they come: nothing is checked. */
export type Numbers = Transfer3d;

export interface ModelShape {
  readonly target: number;
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly arraySize: number;
  readonly lastLevel: number;
}

function shape(target: number, width: number, height: number, depth: number, arraySize: number, lastLevel: number) {
  return { target, width, height, depth, arraySize, lastLevel };
}

/** Single rows, levels of height 1, odd sizes, every kind of target. */
export const SHAPES: readonly ModelShape[] = [
  shape(v.PIPE_TEXTURE_2D, 16, 1, 1, 1, 0),
  shape(v.PIPE_TEXTURE_2D, 7, 5, 1, 1, 2),
  shape(v.PIPE_TEXTURE_2D, 33, 17, 1, 1, 3),
  shape(v.PIPE_TEXTURE_2D_ARRAY, 16, 1, 1, 9, 2),
  shape(v.PIPE_TEXTURE_2D_ARRAY, 20, 2, 1, 3, 1),
  shape(v.PIPE_TEXTURE_3D, 16, 1, 8, 1, 1),
  shape(v.PIPE_TEXTURE_3D, 7, 5, 4, 1, 2),
  shape(v.PIPE_TEXTURE_CUBE, 8, 8, 1, 6, 3),
  shape(v.PIPE_TEXTURE_1D, 13, 1, 1, 1, 1),
  shape(v.PIPE_TEXTURE_1D_ARRAY, 16, 1, 1, 5, 0),
  shape(v.PIPE_TEXTURE_RECT, 9, 3, 1, 1, 0),
];
export const BUFFER_BYTES = 3000;

/** Where the bytes of a legal transfer lie. */
export interface Placement {
  readonly rows: number;
  readonly rowBytes: number;
  readonly strideBytes: number;
  readonly layerStrideBytes: number;
  /** From the first byte to behind the last. */
  readonly spanBytes: number;
}

/** A texture or buffer, and what is in each level: layers of tight rows of blocks. */
export class ModelResource {
  readonly id: number;
  readonly row: FormatRow;
  readonly shape: ModelShape;
  readonly isBuffer: boolean;
  /** Its guest memory is all that there is of it: nothing moves between the two. */
  readonly isHostless: boolean;
  readonly mask: Uint8Array;
  /** Its contents come back on this host. */
  readonly isReadable: boolean;
  readonly contents: Uint8Array[] = [];

  constructor(id: number, row: FormatRow, shapeOf: ModelShape, isReadable: boolean, isHostless: boolean) {
    this.id = id;
    this.row = row;
    this.shape = shapeOf;
    this.isBuffer = shapeOf.target === v.PIPE_BUFFER;
    // What cannot be read may be anything, in its own place.
    const texelMask = isReadable ? contentMask(row) : new Uint8Array(1);
    this.mask = this.isBuffer ? Uint8Array.of(0xff) : texelMask;
    this.isReadable = isReadable;
    this.isHostless = isHostless;
    for (let level = 0; level <= shapeOf.lastLevel; level++) {
      this.contents.push(new Uint8Array(this.layers(level) * this.rows(level) * this.rowBytes(level)));
    }
  }

  width(level: number): number {
    return Math.max(1, this.shape.width >> level);
  }

  height(level: number): number {
    return Math.max(1, this.shape.height >> level);
  }

  layers(level: number): number {
    const { target, depth, arraySize } = this.shape;
    return target === v.PIPE_TEXTURE_3D ? Math.max(1, depth >> level) : arraySize;
  }

  get blockWidth(): number {
    return this.isBuffer ? 1 : this.row.blockWidth;
  }

  get blockHeight(): number {
    return this.isBuffer ? 1 : this.row.blockHeight;
  }

  get blockBytes(): number {
    return this.isBuffer ? 1 : this.row.blockBytes;
  }

  rowBytes(level: number): number {
    return Math.ceil(this.width(level) / this.blockWidth) * this.blockBytes;
  }

  rows(level: number): number {
    return Math.ceil(this.height(level) / this.blockHeight);
  }

  /** Where a transfer's bytes lie; null: it is no transfer of this resource. */
  place(n: Numbers): Placement | null {
    if (n.level > this.shape.lastLevel) return null;
    const [width, height] = [this.width(n.level), this.height(n.level)];
    if (n.x + n.width > width || n.y + n.height > height || n.z + n.depth > this.layers(n.level)) return null;
    if (this.isBuffer)
      return { rows: 1, rowBytes: n.width, strideBytes: n.width, layerStrideBytes: n.width, spanBytes: n.width };
    const isWhole = (from: number, size: number, whole: number, block: number): boolean =>
      from % block === 0 && (size % block === 0 || from + size === whole);
    if (!isWhole(n.x, n.width, width, this.blockWidth) || !isWhole(n.y, n.height, height, this.blockHeight))
      return null;
    const rowBytes = Math.ceil(n.width / this.blockWidth) * this.blockBytes;
    const rows = Math.ceil(n.height / this.blockHeight);
    const strideBytes = n.strideBytes === 0 ? this.rowBytes(n.level) : n.strideBytes;
    const layerBytes = strideBytes * (rows - 1) + rowBytes;
    const layerStrideBytes = n.layerStrideBytes === 0 ? strideBytes * this.rows(n.level) : n.layerStrideBytes;
    if (strideBytes < rowBytes || (n.depth > 1 && layerStrideBytes < layerBytes)) return null;
    const spanBytes = (n.depth > 1 ? layerStrideBytes * (n.depth - 1) : 0) + layerBytes;
    return { rows, rowBytes, strideBytes, layerStrideBytes, spanBytes };
  }

  /** Calls with the place in memory and the bytes of `contents` of each row of a transfer. */
  forEachRow(n: Numbers, placed: Placement, each: (atBytes: number, contents: Uint8Array) => void): void {
    const [rowBytes, rows] = [this.rowBytes(n.level), this.rows(n.level)];
    for (let layer = 0; layer < n.depth; layer++) {
      for (let row = 0; row < placed.rows; row++) {
        const at = layer * placed.layerStrideBytes + row * placed.strideBytes;
        const index = (n.z + layer) * rows + n.y / this.blockHeight + row;
        const from = index * rowBytes + (n.x / this.blockWidth) * this.blockBytes;
        each(at, this.contents[n.level]!.subarray(from, from + placed.rowBytes));
      }
    }
  }

  /** Texels that the format keeps bit by bit. */
  fill(random: Random, bytes: Uint8Array): void {
    if (this.isBuffer) for (let i = 0; i < bytes.length; i++) bytes[i] = random.u32() >>> 9;
    else fillRow(this.row, bytes, () => random.u32());
  }

  /** The whole level, tight. */
  whole(level: number): Numbers {
    const { width, height, depth } = this.levelSize(level);
    return { level, x: 0, y: 0, z: 0, width, height, depth, offsetBytes: 0, strideBytes: 0, layerStrideBytes: 0 };
  }

  levelSize(level: number): { width: number; height: number; depth: number } {
    return { width: this.width(level), height: this.height(level), depth: this.layers(level) };
  }
}

/** Makes resources of a format and shape, with contents in every level. Null: the device does not take such. */
export function createModel(
  fixture: RenderFixture,
  support: FormatSupport,
  random: Random,
  id: number,
  row: FormatRow,
  shapeOf: ModelShape,
  scratch: Segment,
): ModelResource | null {
  const isBuffer = shapeOf.target === v.PIPE_BUFFER;
  const isHostless = isBuffer && id % 2 === 0;
  const bufferBind = isHostless ? v.VIRGL_BIND_CUSTOM : v.VIRGL_BIND_VERTEX_BUFFER;
  const bind = isBuffer ? bufferBind : v.VIRGL_BIND_SAMPLER_VIEW;
  const format = isBuffer ? v.VirglFormat.R8_UNORM : row.virglFormat;
  if (fixture.texture(id, { ...shapeOf, format, bind }, []) !== GuestError.NONE) return null;
  const isReadable = isBuffer || (support.can(row.virglFormat, FormatUse.SAMPLE) && !row.isStencilView);
  const model = new ModelResource(id, row, shapeOf, isReadable, isHostless);
  for (let level = 0; level <= shapeOf.lastLevel; level++) {
    const contents = model.contents[level]!;
    model.fill(random, contents);
    scratch.bytes.set(contents);
    const backing = new Backing([{ segment: scratch, offsetBytes: 0, lengthBytes: contents.length }]);
    const code = fixture.renderer.transferThrough(1, id, model.whole(level), backing, "to-host");
    if (code !== GuestError.NONE) throw new Error(`the first upload of ${row.name} got error ${code}`);
  }
  return model;
}
