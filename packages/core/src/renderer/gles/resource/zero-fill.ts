import { GL, type GlEncoder } from "../../../gl/index.js";
import { Backing, CopyReason, type SegmentId } from "../../../memory/index.js";
import { ColorType, FormatUse, type FormatRow } from "../format/index.js";
import type { GlesHost } from "../gles-host.js";
import { Cap } from "../state/gl-state.js";
import { ResourceKind, type GlResource } from "./gl-resource.js";
import { beforeRenderingTo } from "./young-target.js";

const ZERO_BYTES = 1 << 20;

/** Writes zeros into fresh GL storage: by clearing where the format can be rendered to, else by uploading. */
export class ZeroFill {
  readonly #host: GlesHost;
  /** Segment of `ZERO_BYTES` zeros; 0 until first needed. */
  #zeroSegment = 0;
  #framebuffer = 0;

  constructor(host: GlesHost) {
    this.#host = host;
  }

  /** Zeroes the levels in `undefinedLevels` and marks them defined. */
  texture(resource: GlResource): void {
    const levels = resource.undefinedLevels;
    resource.undefinedLevels = 0;
    const canAttach =
      resource.format.isDepth ||
      resource.format.isStencil ||
      this.#host.formats.can(resource.format.virglFormat, FormatUse.ATTACH);
    if (canAttach) this.#clear(resource, levels);
    else this.#upload(resource, levels);
  }

  /** Zeroed host memory that data references can name. Null: there is none, or there are too many segments. */
  privateBacking(sizeBytes: number): Backing | null {
    const bytes = allocate(sizeBytes);
    if (bytes === null) return null;
    const id = this.#host.encoder.registerSegment(bytes) as SegmentId;
    if (id === 0) return null;
    return new Backing([{ segment: { id, bytes }, offsetBytes: 0, lengthBytes: sizeBytes }]);
  }

  releasePrivateBacking(backing: Backing): void {
    for (const span of backing.spans) this.#host.encoder.unregisterSegment(span.segment.id);
  }

  #segment(): number {
    if (this.#zeroSegment === 0) this.#zeroSegment = this.#host.encoder.registerOwnSegment(new Uint8Array(ZERO_BYTES));
    return this.#zeroSegment;
  }

  #clear(resource: GlResource, levels: number): void {
    const { encoder, names, state } = this.#host;
    this.#host.beginInternal();
    if (this.#framebuffer === 0) {
      this.#framebuffer = names.framebuffer.allocateOwn();
      encoder.createFramebuffer(this.#framebuffer);
    }
    state.bindDrawFramebuffer(this.#framebuffer);
    unrestrictedWrites(this.#host);
    const attachment = attachmentPoint(resource);
    for (let level = 0; level <= resource.lastLevel; level++) {
      if (((levels >>> level) & 1) === 0) continue;
      for (let layer = 0; layer < resource.levelLayers(level); layer++) {
        attachLayer(this.#host, GL.DRAW_FRAMEBUFFER, attachment, resource, level, layer);
        clearAttachment(this.#host.encoder, resource.format);
      }
    }
    detach(this.#host, GL.DRAW_FRAMEBUFFER, attachment);
    this.#host.endInternal();
  }

  /** In bands of block rows that fit the zero segment. */
  #upload(resource: GlResource, levels: number): void {
    const { bindings } = this.#host;
    bindings.textureForEdit(resource.glTarget, resource.name);
    const { format } = resource;
    for (let level = 0; level <= resource.lastLevel; level++) {
      if (((levels >>> level) & 1) === 0) continue;
      const width = resource.levelWidth(level);
      const height = resource.levelHeight(level);
      const rowBytes = Math.ceil(width / format.blockWidth) * format.blockBytes;
      const bandHeight = Math.max(1, Math.floor(ZERO_BYTES / rowBytes)) * format.blockHeight;
      for (let layer = 0; layer < resource.levelLayers(level); layer++) {
        for (let y = 0; y < height; y += bandHeight)
          this.#uploadBand(resource, level, layer, y, Math.min(bandHeight, height - y), rowBytes);
      }
    }
  }

  #uploadBand(resource: GlResource, level: number, layer: number, y: number, height: number, rowBytes: number): void {
    const { encoder } = this.#host;
    const { format } = resource;
    const segment = this.#segment();
    const width = resource.levelWidth(level);
    const bytes = Math.ceil(height / format.blockHeight) * rowBytes;
    this.#host.ledger.count(CopyReason.ZERO_FILL, bytes, resource.id);
    const target = resource.glTarget;
    const isFlat = target === GL.TEXTURE_2D || target === GL.TEXTURE_CUBE_MAP;
    const flatTarget = target === GL.TEXTURE_CUBE_MAP ? GL.TEXTURE_CUBE_MAP_POSITIVE_X + layer : target;
    if (format.isCompressed) {
      const { internalFormat, blockWidth, blockHeight, blockBytes } = format;
      if (isFlat) {
        encoder.compressedTexSubImage2D(
          flatTarget,
          level,
          0,
          y,
          width,
          height,
          internalFormat,
          blockWidth,
          blockHeight,
          blockBytes,
          0,
          segment,
          0,
          bytes,
        );
      } else {
        encoder.compressedTexSubImage3D(
          target,
          level,
          0,
          y,
          layer,
          width,
          height,
          1,
          internalFormat,
          blockWidth,
          blockHeight,
          blockBytes,
          0,
          0,
          segment,
          0,
          bytes,
        );
      }
    } else if (isFlat) {
      encoder.texSubImage2D(
        flatTarget,
        level,
        0,
        y,
        width,
        height,
        format.format,
        format.type,
        rowBytes,
        segment,
        0,
        bytes,
      );
    } else {
      encoder.texSubImage3D(
        target,
        level,
        0,
        y,
        layer,
        width,
        height,
        1,
        format.format,
        format.type,
        rowBytes,
        0,
        segment,
        0,
        bytes,
      );
    }
  }
}

function allocate(sizeBytes: number): Uint8Array | null {
  try {
    return new Uint8Array(sizeBytes);
  } catch {
    return null;
  }
}

/** Lets clears and internal draws reach every bit of every attachment, whatever the guest had restricted. Between begin- and endInternal. */
export function unrestrictedWrites({ state }: GlesHost): void {
  state.enable(Cap.SCISSOR_TEST, false);
  state.enable(Cap.RASTERIZER_DISCARD, false);
  state.colorMaskAll(0xf);
  state.depthMask(true);
  state.stencilMask(0, 0xff);
  state.stencilMask(1, 0xff);
}

/** What must be known of a format to attach and clear it. */
export type AttachmentFormat = Pick<FormatRow, "format" | "isDepth" | "isStencil" | "colorType">;

/** Zeroes what is attached to the draw framebuffer: colour 0, or depth and stencil. */
export function clearAttachment(encoder: GlEncoder, { format, isDepth, isStencil, colorType }: AttachmentFormat): void {
  if (format === GL.DEPTH_STENCIL) encoder.clearBufferfi(GL.DEPTH_STENCIL, 0, 0, 0);
  else if (isDepth) encoder.clearBufferfv(GL.DEPTH, 0, 0, 0, 0, 0);
  else if (isStencil) encoder.clearBufferiv(GL.STENCIL, 0, 0, 0, 0, 0);
  else if (colorType === ColorType.UINT) encoder.clearBufferuiv(GL.COLOR, 0, 0, 0, 0, 0);
  else if (colorType === ColorType.INT) encoder.clearBufferiv(GL.COLOR, 0, 0, 0, 0, 0);
  else encoder.clearBufferfv(GL.COLOR, 0, 0, 0, 0, 0);
}

/** Where a format is attached to a framebuffer. */
export function attachmentPoint({ format }: { readonly format: AttachmentFormat }): number {
  if (format.format === GL.DEPTH_STENCIL) return GL.DEPTH_STENCIL_ATTACHMENT;
  if (format.isDepth) return GL.DEPTH_ATTACHMENT;
  return format.isStencil ? GL.STENCIL_ATTACHMENT : GL.COLOR_ATTACHMENT0;
}

/**
 * Attaches one layer, face or slice of a level to the framebuffer bound to `binding`.
 * @param texture the resource's, or a view of all its levels and layers.
 */
export function attachLayer(
  host: GlesHost,
  binding: number,
  attachment: number,
  resource: GlResource,
  level: number,
  layer: number,
  texture: number = resource.name,
): void {
  const { encoder } = host;
  if (binding === GL.DRAW_FRAMEBUFFER) beforeRenderingTo(host, resource);
  if (resource.kind === ResourceKind.RENDERBUFFER) {
    encoder.framebufferRenderbuffer(binding, attachment, GL.RENDERBUFFER, resource.name);
    return;
  }
  switch (resource.glTarget) {
    case GL.TEXTURE_2D:
    case GL.TEXTURE_2D_MULTISAMPLE:
      encoder.framebufferTexture2D(binding, attachment, resource.glTarget, texture, level);
      break;
    case GL.TEXTURE_CUBE_MAP:
      encoder.framebufferTexture2D(binding, attachment, GL.TEXTURE_CUBE_MAP_POSITIVE_X + layer, texture, level);
      break;
    default:
      encoder.framebufferTextureLayer(binding, attachment, texture, level, layer);
  }
}

/** Leaves nothing at the attachment point, so that the framebuffer keeps no object alive. */
export function detach(host: GlesHost, binding: number, attachment: number): void {
  host.encoder.framebufferTexture2D(binding, attachment, GL.TEXTURE_2D, 0, 0);
}
