import { GL, GL_DATA_BYTES_MAX } from "../../../gl/index.js";
import { CopyReason, type Backing } from "../../../memory/index.js";
import { TexelLayout } from "../format/index.js";
import type { GlesHost } from "../gles-host.js";
import type { GlResource } from "../resource/index.js";
import { BackingCursor } from "./backing-cursor.js";
import { TransferBox } from "./transfer-box.js";

/** Spans of a backing that are gathered by ops; more are copied here. */
const MAX_GATHER_OPS = 2048;
/** Words of a `copyBytes`. */
const COPY_WORDS = 9;
const BAND_ROWS = 1024;
/** Bytes that are staged at once. */
const BAND_BYTES = 4 << 20;
/** What the upload after a gather takes at most: six cube faces. */
const UPLOAD_WORDS = 256;

/** Guest memory to textures. GL reads the guest's bytes where they lie, when they lie in one piece in a layout that GL takes. */
export class TextureUpload {
  readonly #host: GlesHost;
  readonly #cursor = new BackingCursor();
  readonly #band = new TransferBox();

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
    const isDirect = resource.format.layout === TexelLayout.SAME && box.spanBytes <= GL_DATA_BYTES_MAX;
    if (isDirect && this.#cursor.seek(backing, box.offsetBytes, box.spanBytes)) {
      this.#uploadFrom(resource, box, this.#cursor.segment, this.#cursor.offsetBytes);
    } else {
      this.#banded(resource, box, backing);
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
    this.#host.ledger.count(CopyReason.UPLOAD, box.rowBytes * box.rows * box.depth, resource.id);
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

  /** Through staging, band by band, so that what is staged stays small whatever strides the guest chose. */
  #banded(resource: GlResource, box: TransferBox, backing: Backing): void {
    const bandRows = Math.max(1, Math.min(box.rows, BAND_ROWS, Math.floor(BAND_BYTES / box.rowBytes)));
    const band = this.#band;
    for (let layer = 0; layer < box.depth; layer++) {
      for (let row = 0; row < box.rows; row += bandRows) {
        band.asBand(box, resource, layer, row, Math.min(bandRows, box.rows - row));
        const offset = box.offsetBytes + layer * box.layerStrideBytes + row * box.strideBytes;
        const staged = this.#gather(
          band,
          backing,
          offset,
          box.strideBytes,
          resource.format.layout === TexelLayout.SAME,
        );
        this.#host.ledger.count(CopyReason.GATHER, band.spanBytes, resource.id);
        this.uploadStaged(resource, band, staged);
      }
    }
  }

  /** Makes the rows of a band contiguous. @returns where they are staged */
  #gather(band: TransferBox, backing: Backing, offset: number, stride: number, byOps: boolean): number {
    const { encoder } = this.#host;
    // What is rearranged afterwards, or has too many pieces for a batch, is copied now: then everything encoded before must have been
    // executed, as a read-back may have gone to the same memory.
    const now = !byOps || backing.spans.length > MAX_GATHER_OPS;
    if (now) encoder.flush();
    encoder.reserve((MAX_GATHER_OPS + BAND_ROWS) * COPY_WORDS + UPLOAD_WORDS);
    const staged = encoder.stage(band.spanBytes);
    if (stride === band.rowBytes) {
      this.#gatherRange(backing, offset, band.spanBytes, staged, now);
    } else {
      for (let row = 0; row < band.rows; row++) {
        this.#gatherRange(backing, offset + row * stride, band.rowBytes, staged + row * band.rowBytes, now);
      }
    }
    return staged;
  }

  #gatherRange(backing: Backing, offset: number, lengthBytes: number, staged: number, now: boolean): void {
    const { encoder } = this.#host;
    const { stagingSegment, staging } = encoder;
    const cursor = this.#cursor;
    cursor.seek(backing, offset, lengthBytes);
    do {
      const to = staged + cursor.doneBytes;
      const { segment, offsetBytes, lengthBytes: length } = cursor;
      if (now) staging.set(cursor.segmentBytes.subarray(offsetBytes, offsetBytes + length), to);
      else encoder.copyBytes(stagingSegment, to, length, segment, offsetBytes, length);
    } while (cursor.advance());
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
