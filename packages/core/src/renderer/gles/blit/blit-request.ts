import { GuestError, type GuestErrorCode } from "../../../base/index.js";
import * as v from "../../../virgl/index.js";
import { formatRow, type FormatRow } from "../format/index.js";
import { ResourceKind, type GlResource } from "../resource/index.js";
import type { VirglContext } from "../virgl-context.js";

/** Coordinates beyond it are refused: twice the largest texture leaves room for every clipped rectangle. */
const COORDINATE_MAX = 1 << 16;

/** One side of a blit: a box of a level, seen in a format. Width, height and depth may be negative on the source side: mirrored. */
export class BlitSide {
  resource!: GlResource;
  format!: FormatRow;
  level = 0;
  x = 0;
  y = 0;
  z = 0;
  width = 0;
  height = 0;
  depth = 0;

  /** Reads nine dwords from `at`: resource, level, format, box. */
  read(ctx: VirglContext, dw: Uint32Array, at: number): GuestErrorCode {
    const resource = ctx.resource(dw[at]!);
    if (resource === undefined) return GuestError.UNKNOWN_RESOURCE;
    const format = formatRow(dw[at + 2]!);
    if (format === undefined || format.internalFormat === 0) return GuestError.UNKNOWN_FORMAT;
    if (resource.kind !== ResourceKind.TEXTURE && resource.kind !== ResourceKind.RENDERBUFFER)
      return GuestError.BAD_VALUE;
    this.resource = resource;
    this.format = format;
    this.level = dw[at + 1]!;
    this.x = dw[at + 3]! | 0;
    this.y = dw[at + 4]! | 0;
    this.z = dw[at + 5]! | 0;
    this.width = dw[at + 6]! | 0;
    this.height = dw[at + 7]! | 0;
    this.depth = dw[at + 8]! | 0;
    return this.#check();
  }

  #check(): GuestErrorCode {
    const { resource, format } = this;
    if (this.level > resource.lastLevel) return GuestError.OUT_OF_BOUNDS;
    for (const n of [this.x, this.y, this.width, this.height])
      if (Math.abs(n) > COORDINATE_MAX) return GuestError.OUT_OF_BOUNDS;
    const layers = resource.levelLayers(this.level);
    const near = Math.min(this.z, this.z + this.depth);
    const far = Math.max(this.z, this.z + this.depth);
    if (near < 0 || far > layers) return GuestError.OUT_OF_BOUNDS;
    const isZs = resource.format.isDepth || resource.format.isStencil;
    if (isZs !== (format.isDepth || format.isStencil)) return GuestError.UNKNOWN_FORMAT;
    // Other bits per texel than the texture has cannot be seen through any view.
    if (resource.format.blockBytes !== format.blockBytes) return GuestError.UNKNOWN_FORMAT;
    return GuestError.NONE;
  }

  /** Whether GL sees the texels as the guest means them; else sRGB encoding is added or taken off. */
  get isNativeFormat(): boolean {
    return this.resource.format.internalFormat === this.format.internalFormat;
  }

  /** The box is inside the level. */
  get isInside(): boolean {
    const { resource, level } = this;
    return (
      Math.min(this.x, this.x + this.width) >= 0 &&
      Math.min(this.y, this.y + this.height) >= 0 &&
      Math.max(this.x, this.x + this.width) <= resource.levelWidth(level) &&
      Math.max(this.y, this.y + this.height) <= resource.levelHeight(level)
    );
  }
}

/** VIRGL_CCMD_BLIT (struct pipe_blit_info), checked. Reused. */
export class BlitRequest {
  readonly dst = new BlitSide();
  readonly src = new BlitSide();
  /** PIPE_MASK_… */
  mask = 0;
  isLinear = false;
  hasScissor = false;
  scissorX = 0;
  scissorY = 0;
  scissorWidth = 0;
  scissorHeight = 0;

  read(ctx: VirglContext, dw: Uint32Array, at: number): GuestErrorCode {
    const s0 = dw[at + v.VIRGL_CMD_BLIT_S0]!;
    this.mask = v.VIRGL_CMD_BLIT_S0_MASK(s0);
    this.isLinear = v.VIRGL_CMD_BLIT_S0_FILTER(s0) === v.PIPE_TEX_FILTER_LINEAR;
    this.hasScissor = v.VIRGL_CMD_BLIT_S0_SCISSOR_ENABLE(s0) !== 0;
    const min = dw[at + v.VIRGL_CMD_BLIT_SCISSOR_MINX_MINY]!;
    const max = dw[at + v.VIRGL_CMD_BLIT_SCISSOR_MAXX_MAXY]!;
    this.scissorX = min & 0xffff;
    this.scissorY = min >>> 16;
    this.scissorWidth = Math.max(0, (max & 0xffff) - this.scissorX);
    this.scissorHeight = Math.max(0, (max >>> 16) - this.scissorY);
    let error = this.dst.read(ctx, dw, at + v.VIRGL_CMD_BLIT_DST_RES_HANDLE);
    if (error !== GuestError.NONE) return error;
    error = this.src.read(ctx, dw, at + v.VIRGL_CMD_BLIT_SRC_RES_HANDLE);
    if (error !== GuestError.NONE) return error;
    this.#normalise();
    const isZs = this.dst.format.isDepth || this.dst.format.isStencil;
    if (isZs !== (this.src.format.isDepth || this.src.format.isStencil)) return GuestError.UNKNOWN_FORMAT;
    if (!isZs && this.dst.format.colorType !== this.src.format.colorType) return GuestError.UNKNOWN_FORMAT;
    return GuestError.NONE;
  }

  /** Makes the destination's extents positive; mirroring is the source's then. */
  #normalise(): void {
    const { dst, src } = this;
    if (dst.width < 0) {
      dst.x += dst.width;
      dst.width = -dst.width;
      src.x += src.width;
      src.width = -src.width;
    }
    if (dst.height < 0) {
      dst.y += dst.height;
      dst.height = -dst.height;
      src.y += src.height;
      src.height = -src.height;
    }
    if (dst.depth < 0) {
      dst.z += dst.depth;
      dst.depth = -dst.depth;
      src.z += src.depth;
      src.depth = -src.depth;
    }
  }

  get isEmpty(): boolean {
    const { dst, src } = this;
    return (
      dst.width === 0 || dst.height === 0 || dst.depth === 0 || src.width === 0 || src.height === 0 || src.depth === 0
    );
  }

  /** Texel for texel. */
  get isUnscaled(): boolean {
    const { dst, src } = this;
    return dst.width === src.width && dst.height === src.height && dst.depth === src.depth;
  }

  /** Source slice of destination slice `i`: exact for copies, between slices when a 3D texture is scaled. */
  sourceLayer(i: number): number {
    const { dst, src } = this;
    if (dst.depth === src.depth) return src.z + i;
    return src.z + ((i + 0.5) * src.depth) / dst.depth - 0.5;
  }

  /** All channels that the destination has are written. */
  get isFullColor(): boolean {
    const wanted = this.dst.format.noAlpha ? v.PIPE_MASK_RGBA & ~v.PIPE_MASK_A : v.PIPE_MASK_RGBA;
    return (this.mask & wanted) === wanted;
  }
}
