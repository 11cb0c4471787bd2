import { GuestError, type GuestErrorCode } from "../../../base/index.js";
import type { GlesHost } from "../gles-host.js";
import { ResourceKind } from "../resource/index.js";
import type { VirglContext } from "../virgl-context.js";
import { BlitRequest } from "./blit-request.js";
import { blitFramebuffer, canBlitFramebuffer } from "./framebuffer-blit.js";
import { InternalDraw } from "./internal-draw.js";
import { RegionCopy, canCopyImage, copyRegion } from "./region-copy.js";
import { ShaderBlit, applyScissor } from "./shader-blit.js";
import { clearSurface } from "./surface-clear.js";

/** The commands that move contents between resources without guest memory. */
export class Blits {
  /** GL objects for passes of our own, shared with read-backs. */
  readonly internal: InternalDraw;
  readonly #host: GlesHost;
  readonly #request = new BlitRequest();
  readonly #copy = new RegionCopy();
  readonly #shader: ShaderBlit;

  constructor(host: GlesHost) {
    this.#host = host;
    this.internal = new InternalDraw(host);
    this.#shader = new ShaderBlit(host, this.internal);
  }

  /** VIRGL_CCMD_BLIT. */
  blit(ctx: VirglContext, dw: Uint32Array, at: number, _len: number): GuestErrorCode {
    const host = this.#host;
    const request = this.#request;
    const error = request.read(ctx, dw, at);
    if (error !== GuestError.NONE || request.isEmpty || request.mask === 0) return error;
    if (this.#isCopy(request)) return copyRegion(host, this.internal, this.#asCopy(request));
    host.resources.define(request.src.resource);
    host.resources.define(request.dst.resource);
    host.imports.aboutToRender(request.dst.resource);
    host.beginInternal();
    this.internal.plainState();
    applyScissor(host, request);
    let result: GuestErrorCode = GuestError.NONE;
    if (canBlitFramebuffer(host, request)) blitFramebuffer(host, this.internal, request);
    else result = this.#shader.blit(request);
    host.endInternal();
    return result;
  }

  /** VIRGL_CCMD_RESOURCE_COPY_REGION. */
  copyRegion(ctx: VirglContext, dw: Uint32Array, at: number, _len: number): GuestErrorCode {
    const error = this.#copy.read(ctx, dw, at);
    return error === GuestError.NONE ? copyRegion(this.#host, this.internal, this.#copy) : error;
  }

  /** VIRGL_CCMD_CLEAR_SURFACE. */
  clearSurface(ctx: VirglContext, dw: Uint32Array, at: number, _len: number): GuestErrorCode {
    return clearSurface(this.#host, this.internal, ctx, dw, at);
  }

  /** The blit moves whole texels as they are: one format, same size and direction, every channel, no scissor. */
  #isCopy(request: BlitRequest): boolean {
    const { src, dst } = request;
    if (!request.isUnscaled || request.hasScissor || src.width < 0 || src.height < 0 || src.depth < 0) return false;
    // Read and written in one format, texels keep their bits, whatever the two textures' own formats are.
    if (src.format !== dst.format || !src.isInside || !dst.isInside) return false;
    if (src.resource === dst.resource || src.resource.kind !== ResourceKind.TEXTURE) return false;
    const isZs = src.format.isDepth || src.format.isStencil;
    const wanted = (src.format.isDepth ? 0x10 : 0) | (src.format.isStencil ? 0x20 : 0);
    if (isZs ? (request.mask & wanted) !== wanted : !request.isFullColor) return false;
    return canCopyImage(this.#host, src.resource, dst.resource);
  }

  #asCopy({ src, dst }: BlitRequest): RegionCopy {
    const copy = this.#copy;
    copy.src = src.resource;
    copy.dst = dst.resource;
    copy.srcLevel = src.level;
    copy.srcX = src.x;
    copy.srcY = src.y;
    copy.srcZ = src.z;
    copy.dstLevel = dst.level;
    copy.dstX = dst.x;
    copy.dstY = dst.y;
    copy.dstZ = dst.z;
    copy.width = src.width;
    copy.height = src.height;
    copy.depth = src.depth;
    return copy;
  }
}
