import { GuestError, type GuestErrorCode } from "../../../base/index.js";
import { GL } from "../../../gl/index.js";
import { CopyReason } from "../../../memory/index.js";
import * as v from "../../../virgl/index.js";
import { FormatUse, isCopyCompatible } from "../format/index.js";
import type { GlesHost } from "../gles-host.js";
import { ResourceKind, attachLayer, attachmentPoint, type GlResource } from "../resource/index.js";
import type { VirglContext } from "../virgl-context.js";
import type { InternalDraw } from "./internal-draw.js";

/** A box of one resource and where it goes in another. Reused. */
export class RegionCopy {
  src!: GlResource;
  dst!: GlResource;
  srcLevel = 0;
  srcX = 0;
  srcY = 0;
  srcZ = 0;
  dstLevel = 0;
  dstX = 0;
  dstY = 0;
  dstZ = 0;
  width = 0;
  height = 0;
  depth = 0;

  /** VIRGL_CCMD_RESOURCE_COPY_REGION. */
  read(ctx: VirglContext, dw: Uint32Array, at: number): GuestErrorCode {
    const dst = ctx.resource(dw[at + v.VIRGL_CMD_RCR_DST_RES_HANDLE]!);
    const src = ctx.resource(dw[at + v.VIRGL_CMD_RCR_SRC_RES_HANDLE]!);
    if (dst === undefined || src === undefined) return GuestError.UNKNOWN_RESOURCE;
    this.dst = dst;
    this.src = src;
    this.dstLevel = dw[at + v.VIRGL_CMD_RCR_DST_LEVEL]!;
    this.dstX = dw[at + v.VIRGL_CMD_RCR_DST_X]!;
    this.dstY = dw[at + v.VIRGL_CMD_RCR_DST_Y]!;
    this.dstZ = dw[at + v.VIRGL_CMD_RCR_DST_Z]!;
    this.srcLevel = dw[at + v.VIRGL_CMD_RCR_SRC_LEVEL]!;
    this.srcX = dw[at + v.VIRGL_CMD_RCR_SRC_X]!;
    this.srcY = dw[at + v.VIRGL_CMD_RCR_SRC_Y]!;
    this.srcZ = dw[at + v.VIRGL_CMD_RCR_SRC_Z]!;
    this.width = dw[at + v.VIRGL_CMD_RCR_SRC_W]!;
    this.height = dw[at + v.VIRGL_CMD_RCR_SRC_H]!;
    this.depth = dw[at + v.VIRGL_CMD_RCR_SRC_D]!;
    return this.#check();
  }

  #check(): GuestErrorCode {
    const { src, dst, width, height, depth } = this;
    if ((src.kind === ResourceKind.BUFFER) !== (dst.kind === ResourceKind.BUFFER)) return GuestError.BAD_VALUE;
    if (src.kind === ResourceKind.BACKING_ONLY || dst.kind === ResourceKind.BACKING_ONLY) return GuestError.BAD_VALUE;
    if (this.srcLevel > src.lastLevel || this.dstLevel > dst.lastLevel) return GuestError.OUT_OF_BOUNDS;
    // A box in texels of the source; blocks of another size in the destination stand for other extents there.
    const f = src.format;
    const g = dst.format;
    if (src.kind !== ResourceKind.BUFFER) {
      if (f.blockBytes !== g.blockBytes) return GuestError.UNKNOWN_FORMAT;
      if (src.samples !== dst.samples) return GuestError.BAD_VALUE;
      if (this.srcX % f.blockWidth !== 0 || this.srcY % f.blockHeight !== 0) return GuestError.BAD_VALUE;
      if (this.dstX % g.blockWidth !== 0 || this.dstY % g.blockHeight !== 0) return GuestError.BAD_VALUE;
      const isRaggedX = width % f.blockWidth !== 0 && this.srcX + width < src.levelWidth(this.srcLevel);
      const isRaggedY = height % f.blockHeight !== 0 && this.srcY + height < src.levelHeight(this.srcLevel);
      if (isRaggedX || isRaggedY) return GuestError.BAD_VALUE;
    }
    const dstWidth = Math.ceil(width / f.blockWidth) * g.blockWidth;
    const dstHeight = Math.ceil(height / f.blockHeight) * g.blockHeight;
    const padX = Math.ceil(dst.levelWidth(this.dstLevel) / g.blockWidth) * g.blockWidth;
    const padY = Math.ceil(dst.levelHeight(this.dstLevel) / g.blockHeight) * g.blockHeight;
    const srcPadX = Math.ceil(src.levelWidth(this.srcLevel) / f.blockWidth) * f.blockWidth;
    const srcPadY = Math.ceil(src.levelHeight(this.srcLevel) / f.blockHeight) * f.blockHeight;
    const isInside =
      this.srcX + width <= srcPadX &&
      this.srcY + height <= srcPadY &&
      this.srcZ + depth <= src.levelLayers(this.srcLevel) &&
      this.dstX + dstWidth <= padX &&
      this.dstY + dstHeight <= padY &&
      this.dstZ + depth <= dst.levelLayers(this.dstLevel);
    return isInside ? GuestError.NONE : GuestError.OUT_OF_BOUNDS;
  }

  get isEmpty(): boolean {
    return this.width === 0 || this.height === 0 || this.depth === 0;
  }
}

/** Executes a checked copy. */
export function copyRegion(host: GlesHost, internal: InternalDraw, copy: RegionCopy): GuestErrorCode {
  if (copy.isEmpty) return GuestError.NONE;
  if (copy.src.kind === ResourceKind.BUFFER) {
    copyBuffer(host, copy);
    return GuestError.NONE;
  }
  host.resources.define(copy.src);
  host.resources.define(copy.dst);
  if (canCopyImage(host, copy.src, copy.dst)) {
    copyImage(host, copy);
    return GuestError.NONE;
  }
  host.imports.aboutToRender(copy.dst);
  return copyThroughFramebuffer(host, internal, copy);
}

/** GL refuses overlapping ranges of one buffer, so those go through a temporary one. */
function copyBuffer(host: GlesHost, copy: RegionCopy): void {
  const { encoder, names } = host;
  const { src, dst, srcX, dstX, width } = copy;
  encoder.bindBuffer(GL.COPY_READ_BUFFER, src.name);
  const overlaps = src === dst && srcX < dstX + width && dstX < srcX + width;
  if (!overlaps) {
    encoder.bindBuffer(GL.COPY_WRITE_BUFFER, dst.name);
    encoder.copyBufferSubData(GL.COPY_READ_BUFFER, GL.COPY_WRITE_BUFFER, srcX, dstX, width);
    return;
  }
  const temporary = names.buffer.allocateOwn();
  encoder.createBuffer(temporary);
  encoder.bindBuffer(GL.COPY_WRITE_BUFFER, temporary);
  encoder.bufferZeros(GL.COPY_WRITE_BUFFER, width, GL.STREAM_COPY);
  encoder.copyBufferSubData(GL.COPY_READ_BUFFER, GL.COPY_WRITE_BUFFER, srcX, 0, width);
  host.ledger.count(CopyReason.HOST_CONVERT, width, dst.id);
  encoder.copyBufferSubData(GL.COPY_WRITE_BUFFER, GL.COPY_READ_BUFFER, 0, dstX, width);
  encoder.deleteBuffer(temporary);
  names.buffer.free(temporary);
}

/** Whether glCopyImageSubData takes the pair. */
export function canCopyImage({ caps }: GlesHost, src: GlResource, dst: GlResource): boolean {
  if (!caps.features.copyImage || src.kind !== dst.kind || src.samples !== dst.samples) return false;
  return isCopyCompatible(src.format, dst.format, caps);
}

function copyImage(host: GlesHost, copy: RegionCopy): void {
  const { encoder } = host;
  const { src, dst } = copy;
  const { srcLevel, srcX, srcY, srcZ, dstLevel, dstX, dstY, dstZ, width, height, depth } = copy;
  // GL wants whole blocks, or what is left of them at the edge of the level.
  const w = Math.min(width, src.levelWidth(srcLevel) - srcX);
  const h = Math.min(height, src.levelHeight(srcLevel) - srcY);
  if (src.kind === ResourceKind.RENDERBUFFER) {
    encoder.copyRenderbufferSubData(
      src.name,
      GL.RENDERBUFFER,
      0,
      srcX,
      srcY,
      0,
      dst.name,
      GL.RENDERBUFFER,
      0,
      dstX,
      dstY,
      0,
      w,
      h,
      1,
    );
  } else {
    encoder.copyTextureSubData(
      src.name,
      src.glTarget,
      srcLevel,
      srcX,
      srcY,
      srcZ,
      dst.name,
      dst.glTarget,
      dstLevel,
      dstX,
      dstY,
      dstZ,
      w,
      h,
      depth,
    );
  }
}

function copyThroughFramebuffer(host: GlesHost, internal: InternalDraw, copy: RegionCopy): GuestErrorCode {
  const { encoder, state, formats } = host;
  const { src, dst, srcX, srcY, dstX, dstY, width, height } = copy;
  const isZs = src.format.isDepth || src.format.isStencil;
  const isPossible =
    src.format.internalFormat === dst.format.internalFormat &&
    (isZs || formats.can(src.format.virglFormat, FormatUse.ATTACH));
  if (!isPossible || dst.samples > 1) {
    return host.leaveOut(`copy from ${src.format.name} to ${dst.format.name}`);
  }
  const attachment = attachmentPoint(src);
  const mask = isZs
    ? (src.format.isDepth ? GL.DEPTH_BUFFER_BIT : 0) | (src.format.isStencil ? GL.STENCIL_BUFFER_BIT : 0)
    : GL.COLOR_BUFFER_BIT;
  host.beginInternal();
  internal.plainState();
  state.bindReadFramebuffer(internal.readFramebuffer);
  state.bindDrawFramebuffer(internal.drawFramebuffer);
  for (let i = 0; i < copy.depth; i++) {
    attachLayer(host, GL.READ_FRAMEBUFFER, attachment, src, copy.srcLevel, copy.srcZ + i);
    attachLayer(host, GL.DRAW_FRAMEBUFFER, attachment, dst, copy.dstLevel, copy.dstZ + i);
    encoder.blitFramebuffer(
      srcX,
      srcY,
      srcX + width,
      srcY + height,
      dstX,
      dstY,
      dstX + width,
      dstY + height,
      mask,
      GL.NEAREST,
    );
  }
  internal.detachAll(GL.READ_FRAMEBUFFER);
  internal.detachAll(GL.DRAW_FRAMEBUFFER);
  host.endInternal();
  return GuestError.NONE;
}
