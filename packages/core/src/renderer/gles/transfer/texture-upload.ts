import { GL } from "../../../gl/index.js";
import { CopyReason, type Backing } from "../../../memory/index.js";
import { TexelLayout } from "../format/index.js";
import type { GlesHost } from "../gles-host.js";
import type { GlResource } from "../resource/index.js";
import { BackingCursor } from "./backing-cursor.js";
import type { TransferBox } from "./transfer-box.js";

/** Spans of a backing that are gathered by ops; more are copied here. */
const MAX_GATHER_OPS = 2048;
const COPY_WORDS = 8;
/** What the upload after a gather takes at most: six cube faces. */
const UPLOAD_WORDS = 256;

/** Guest memory to textures. GL reads the guest's bytes where they lie, when they lie in one piece in a layout that GL takes. */
export class TextureUpload {
  readonly #host: GlesHost;
  readonly #cursor = new BackingCursor();

  constructor(host: GlesHost) {
    this.#host = host;
  }

  /** Must come before bytes are staged for an upload: it may encode a lot. */
  prepare(resource: GlResource, box: TransferBox): void {
    if (resource.undefinedLevels !== 0) this.#defineRest(resource, box);
  }

  /** `box` was checked against the resource, and its span against the backing. */
  upload(resource: GlResource, box: TransferBox, backing: Backing): void {
    this.prepare(resource, box);
    this.#host.ledger.count(CopyReason.UPLOAD, box.rowBytes * box.rows * box.depth, resource.id);
    if (resource.format.layout !== TexelLayout.SAME) {
      this.#converted(resource, box, backing);
    } else if (this.#cursor.seek(backing, box.offsetBytes, box.spanBytes)) {
      this.#uploadFrom(resource, box, this.#cursor.segment, this.#cursor.offsetBytes);
    } else if (backing.spans.length <= MAX_GATHER_OPS) {
      this.#gathered(resource, box);
    } else {
      this.#converted(resource, box, backing);
    }
  }

  /** The box's bytes were staged at `staged` since `prepare`. */
  uploadStaged(resource: GlResource, box: TransferBox, staged: number): void {
    if (resource.format.layout !== TexelLayout.SAME) this.#convert(resource, box, staged);
    this.#uploadFrom(resource, box, this.#host.encoder.stagingSegment, staged);
  }

  /** A level that is overwritten as a whole needs no zeros first. */
  #defineRest(resource: GlResource, box: TransferBox): void {
    if (box.isWholeLevel(resource)) resource.undefinedLevels &= ~(1 << box.level);
    else this.#host.resources.define(resource);
  }

  /** The box's bytes start at `offsetBytes` of a segment and have its strides. */
  #uploadFrom(resource: GlResource, box: TransferBox, segment: number, offsetBytes: number): void {
    this.#host.bindings.textureForEdit(resource.glTarget, resource.name);
    switch (resource.glTarget) {
      case GL.TEXTURE_2D:
        this.#flat(GL.TEXTURE_2D, resource, box, segment, offsetBytes);
        break;
      case GL.TEXTURE_CUBE_MAP:
        for (let i = 0; i < box.depth; i++) {
          const face = GL.TEXTURE_CUBE_MAP_POSITIVE_X + box.z + i;
          this.#flat(face, resource, box, segment, offsetBytes + i * box.layerStrideBytes);
        }
        break;
      default:
        this.#layered(resource, box, segment, offsetBytes);
    }
  }

  #flat(target: number, resource: GlResource, box: TransferBox, segment: number, offsetBytes: number): void {
    const { encoder } = this.#host;
    const { level, x, y, width, height, strideBytes } = box;
    const f = resource.format;
    const bytes = (box.rows - 1) * strideBytes + box.rowBytes;
    if (f.isCompressed) {
      encoder.compressedTexSubImage2D(
        target,
        level,
        x,
        y,
        width,
        height,
        f.internalFormat,
        f.blockWidth,
        f.blockHeight,
        f.blockBytes,
        strideBytes,
        segment,
        offsetBytes,
        bytes,
      );
    } else {
      encoder.texSubImage2D(
        target,
        level,
        x,
        y,
        width,
        height,
        f.format,
        f.type,
        strideBytes,
        segment,
        offsetBytes,
        bytes,
      );
    }
  }

  #layered(resource: GlResource, box: TransferBox, segment: number, offsetBytes: number): void {
    const { encoder } = this.#host;
    const { level, x, y, z, width, height, depth, strideBytes, layerStrideBytes } = box;
    const f = resource.format;
    const target = resource.glTarget;
    if (f.isCompressed) {
      encoder.compressedTexSubImage3D(
        target,
        level,
        x,
        y,
        z,
        width,
        height,
        depth,
        f.internalFormat,
        f.blockWidth,
        f.blockHeight,
        f.blockBytes,
        strideBytes,
        layerStrideBytes,
        segment,
        offsetBytes,
        box.spanBytes,
      );
    } else {
      encoder.texSubImage3D(
        target,
        level,
        x,
        y,
        z,
        width,
        height,
        depth,
        f.format,
        f.type,
        strideBytes,
        layerStrideBytes,
        segment,
        offsetBytes,
        box.spanBytes,
      );
    }
  }

  /** The cursor stands at the start of the scattered bytes. */
  #gathered(resource: GlResource, box: TransferBox): void {
    const { encoder, ledger } = this.#host;
    const cursor = this.#cursor;
    encoder.reserve(MAX_GATHER_OPS * COPY_WORDS + UPLOAD_WORDS);
    const at = encoder.stage(box.spanBytes);
    do {
      encoder.copyBytes(
        encoder.stagingSegment,
        at + cursor.doneBytes,
        cursor.lengthBytes,
        cursor.segment,
        cursor.offsetBytes,
        cursor.lengthBytes,
      );
    } while (cursor.advance());
    ledger.count(CopyReason.GATHER, box.spanBytes, resource.id);
    this.#uploadFrom(resource, box, encoder.stagingSegment, at);
  }

  /**
   * Rearranges texels on the way, or gathers more pages than ops would fit. The guest's bytes are read now, so everything encoded
   * before must have been executed: a read-back may have gone to the same memory.
   */
  #converted(resource: GlResource, box: TransferBox, backing: Backing): void {
    const { encoder, ledger } = this.#host;
    encoder.flush();
    const at = encoder.stage(box.spanBytes);
    const staging = encoder.staging;
    const cursor = this.#cursor;
    cursor.seek(backing, box.offsetBytes, box.spanBytes);
    do {
      const from = cursor.segmentBytes.subarray(cursor.offsetBytes, cursor.offsetBytes + cursor.lengthBytes);
      staging.set(from, at + cursor.doneBytes);
    } while (cursor.advance());
    ledger.count(CopyReason.GATHER, box.spanBytes, resource.id);
    if (resource.format.layout !== TexelLayout.SAME) this.#convert(resource, box, at);
    this.#uploadFrom(resource, box, encoder.stagingSegment, at);
  }

  /** Exchanges the places of depth and stencil in staged 32-bit texels. */
  #convert(resource: GlResource, box: TransferBox, at: number): void {
    const { encoder, ledger } = this.#host;
    const { staging } = encoder;
    const view = new DataView(staging.buffer, staging.byteOffset + at, box.spanBytes);
    for (let z = 0; z < box.depth; z++) {
      for (let row = 0; row < box.rows; row++) {
        const start = z * box.layerStrideBytes + row * box.strideBytes;
        for (let i = 0; i < box.rowBytes; i += 4) {
          const texel = view.getUint32(start + i, true);
          view.setUint32(start + i, ((texel << 8) | (texel >>> 24)) >>> 0, true);
        }
      }
    }
    ledger.count(CopyReason.SWIZZLE, box.rowBytes * box.rows * box.depth, resource.id);
  }
}
