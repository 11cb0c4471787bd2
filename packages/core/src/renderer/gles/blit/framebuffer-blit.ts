import { GL } from "../../../gl/index.js";
import * as v from "../../../virgl/index.js";
import { ColorType, FormatUse } from "../format/index.js";
import type { GlesHost } from "../gles-host.js";
import { attachLayer, attachmentPoint } from "../resource/index.js";
import type { BlitRequest } from "./blit-request.js";
import type { InternalDraw } from "./internal-draw.js";

/** Whether the rules of glBlitFramebuffer on GLES (OpenGL ES 3.0 §4.3.3) allow this blit, and it does what the guest means. */
export function canBlitFramebuffer(host: GlesHost, request: BlitRequest): boolean {
  const { src, dst, isLinear } = request;
  if (dst.resource.samples > 1 || src.resource === dst.resource) return false;
  if (src.depth !== dst.depth || !src.isNativeFormat || !dst.isNativeFormat) return false;
  if (src.resource.samples > 1) {
    const isSameRectangle = request.isUnscaled && src.x === dst.x && src.y === dst.y;
    if (!isSameRectangle || src.format.internalFormat !== dst.format.internalFormat) return false;
  }
  if (dst.format.isDepth || dst.format.isStencil) {
    return src.format.internalFormat === dst.format.internalFormat && (!isLinear || request.isUnscaled);
  }
  const canAttach =
    host.formats.can(src.resource.format.virglFormat, FormatUse.ATTACH) &&
    host.formats.can(dst.resource.format.virglFormat, FormatUse.ATTACH);
  if (!canAttach || !src.format.canRender || !dst.format.canRender || !request.isFullColor) return false;
  if (src.format.swapRB !== dst.format.swapRB || (src.format.noAlpha && !dst.format.noAlpha)) return false;
  if (src.format.isSrgb !== dst.format.isSrgb) return false;
  return !isLinear || src.format.colorType === ColorType.FLOAT;
}

/** GL buffer bits for the request's mask and the destination's format. */
function bufferBits(request: BlitRequest): number {
  const { format } = request.dst;
  if (!format.isDepth && !format.isStencil) return GL.COLOR_BUFFER_BIT;
  let bits = 0;
  if (format.isDepth && (request.mask & v.PIPE_MASK_Z) !== 0) bits |= GL.DEPTH_BUFFER_BIT;
  if (format.isStencil && (request.mask & v.PIPE_MASK_S) !== 0) bits |= GL.STENCIL_BUFFER_BIT;
  return bits;
}

/** Between begin- and endInternal, after `plainState` and the scissor. */
export function blitFramebuffer(host: GlesHost, internal: InternalDraw, request: BlitRequest): void {
  const { encoder, state } = host;
  const { src, dst } = request;
  const bits = bufferBits(request);
  if (bits === 0) return;
  const isZs = (bits & GL.COLOR_BUFFER_BIT) === 0;
  const filter = request.isLinear && !isZs ? GL.LINEAR : GL.NEAREST;
  const attachment = attachmentPoint(dst.resource);
  state.bindReadFramebuffer(internal.readFramebuffer);
  state.bindDrawFramebuffer(internal.drawFramebuffer);
  for (let i = 0; i < dst.depth; i++) {
    attachLayer(host, GL.READ_FRAMEBUFFER, attachment, src.resource, src.level, src.z + i);
    attachLayer(host, GL.DRAW_FRAMEBUFFER, attachment, dst.resource, dst.level, dst.z + i);
    encoder.blitFramebuffer(
      src.x,
      src.y,
      src.x + src.width,
      src.y + src.height,
      dst.x,
      dst.y,
      dst.x + dst.width,
      dst.y + dst.height,
      bits,
      filter,
    );
  }
  internal.detachAll(GL.READ_FRAMEBUFFER);
  internal.detachAll(GL.DRAW_FRAMEBUFFER);
}
