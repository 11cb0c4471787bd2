import { GuestError, type GuestErrorCode } from "../../../base/index.js";
import { GL, GL_DATA_BYTES_MAX } from "../../../gl/index.js";
import { CopyReason, type Backing, type CopyReasonCode } from "../../../memory/index.js";
import { packShader } from "../blit/pack-glsl.js";
import {
  InternalProgram,
  InternalUniform,
  programKey,
  TEMPORARY_RG32UI,
  TEMPORARY_RGBA32UI,
  TEMPORARY_RGBA8,
} from "../blit/internal-draw.js";
import { FormatUse, hasPlainBlocks, TexelLayout } from "../format/index.js";
import type { GlesHost } from "../gles-host.js";
import type { GlResource } from "../resource/index.js";
import { BackingCursor } from "./backing-cursor.js";
import { ReadFramebuffers } from "./read-framebuffers.js";
import type { TransferBox } from "./transfer-box.js";

/** Rows of a band at most: how many copies a batch takes. */
const BAND_ROWS = 1024;
/** Bytes that are staged at once. */
const BAND_BYTES = 4 << 20;
/** Texels of a tile of the packing pass. */
const TILE_TEXELS = 1024;
const IDENTITY: readonly number[] = [GL.RED, GL.GREEN, GL.BLUE, GL.ALPHA];
/** Pieces that staged rows are scattered to in the batch that reads them. */
const MAX_SCATTER_OPS = 4096;
/** Words of a `copyBytes`. */
const COPY_WORDS = 9;
/** Words of what comes between the staging of a band and its scattering. */
const READ_WORDS = 256;

/** Textures to guest memory: by glReadPixels straight into it where format and memory allow, else through a pass that packs bytes. */
export class TextureReadback {
  readonly #host: GlesHost;
  readonly #cursor = new BackingCursor();
  readonly #framebuffers: ReadFramebuffers;
  /** What the read under way is counted as. */
  #reason: CopyReasonCode = CopyReason.READBACK;

  constructor(host: GlesHost) {
    this.#host = host;
    this.#framebuffers = new ReadFramebuffers(host);
  }

  /** `box` was checked against the resource, and its span against the backing. The driver's part is counted as `reason`. */
  read(resource: GlResource, box: TransferBox, backing: Backing, reason: CopyReasonCode): GuestErrorCode {
    this.#reason = reason;
    const { formats, resources } = this.#host;
    const { format } = resource;
    resources.define(resource);
    const isDirect = formats.can(format.virglFormat, FormatUse.READ_DIRECT);
    if (!isDirect && format.isCompressed) return this.#readCompressed(resource, box, backing);
    if (!isDirect && resource.glTarget === GL.TEXTURE_CUBE_MAP_ARRAY) {
      return this.#host.leaveOut(`read-back of a ${format.name} cube map array`);
    }
    for (let layer = 0; layer < box.depth; layer++) {
      if (isDirect) this.#readLayer(resource, box, layer, backing);
      else this.#packLayer(resource, box, layer, backing);
    }
    return GuestError.NONE;
  }

  #readLayer(resource: GlResource, box: TransferBox, layer: number, backing: Backing): void {
    const { encoder, ledger } = this.#host;
    const { format, type } = resource.format;
    ledger.count(this.#reason, box.rows * box.rowBytes, resource.id);
    this.#framebuffers.bind(resource, box.level, box.z + layer);
    const offset = box.offsetBytes + layer * box.layerStrideBytes;
    const bytes = (box.rows - 1) * box.strideBytes + box.rowBytes;
    const isConverted = resource.format.layout !== TexelLayout.SAME;
    if (!isConverted && bytes <= GL_DATA_BYTES_MAX && this.#cursor.seek(backing, offset, bytes)) {
      const { segment, offsetBytes } = this.#cursor;
      encoder.readPixels(
        box.x,
        box.y,
        box.width,
        box.height,
        format,
        type,
        box.strideBytes,
        segment,
        offsetBytes,
        bytes,
      );
    } else {
      const bandRows = bandHeight(box.height, box.rowBytes);
      for (let y = 0; y < box.height; y += bandRows) {
        const rows = Math.min(bandRows, box.height - y);
        const staged = this.#stage(rows, box.rowBytes, backing);
        encoder.readPixels(
          box.x,
          box.y + y,
          box.width,
          rows,
          format,
          type,
          box.rowBytes,
          encoder.stagingSegment,
          staged,
          rows * box.rowBytes,
        );
        if (isConverted) this.#convert(resource, staged, rows * box.rowBytes);
        const at = offset + y * box.strideBytes;
        this.#scatter(backing, at, box.strideBytes, box.rowBytes, rows, staged, box.rowBytes, isConverted);
        ledger.count(CopyReason.GATHER, rows * box.rowBytes, resource.id);
      }
    }
  }

  /** Before the resource's GL object is deleted. */
  forget(resource: GlResource): void {
    this.#framebuffers.forget(resource);
  }

  /** Executes what was encoded, and exchanges depth and stencil in what was staged by it. */
  #convert(resource: GlResource, staged: number, lengthBytes: number): void {
    const { encoder, ledger } = this.#host;
    encoder.flush();
    const { staging } = encoder;
    const view = new DataView(staging.buffer, staging.byteOffset + staged, lengthBytes);
    for (let at = 0; at < lengthBytes; at += 4) {
      const texel = view.getUint32(at, true);
      view.setUint32(at, ((texel >>> 8) | (texel << 24)) >>> 0, true);
    }
    ledger.count(CopyReason.SWIZZLE, lengthBytes, resource.id);
  }

  /** Staging for a band, and words for the copies out of it, in one batch. What is staged there before the read may be anybody's. */
  #stage(rows: number, strideBytes: number, backing: Backing): number {
    const { encoder } = this.#host;
    const pieces = Math.min(rows + backing.spans.length, MAX_SCATTER_OPS);
    encoder.reserve(pieces * COPY_WORDS + READ_WORDS);
    return encoder.stage(rows * strideBytes);
  }

  /**
   * Copies staged rows to their places, touching no byte between them. What outlives the batch of the read (`isRead`: it was executed; or
   * more pieces than it has room for) is done on return: others may stage something else in the same place then.
   */
  #scatter(
    backing: Backing,
    offset: number,
    stride: number,
    rowBytes: number,
    rows: number,
    staged: number,
    stagedStride: number,
    isRead: boolean,
  ): void {
    const { encoder } = this.#host;
    const { stagingSegment } = encoder;
    const cursor = this.#cursor;
    for (let row = 0; row < rows; row++) {
      cursor.seek(backing, offset + row * stride, rowBytes);
      do {
        const from = staged + row * stagedStride + cursor.doneBytes;
        const { segment, offsetBytes, lengthBytes } = cursor;
        encoder.copyBytes(segment, offsetBytes, lengthBytes, stagingSegment, from, lengthBytes);
      } while (cursor.advance());
    }
    if (isRead || rows + backing.spans.length > MAX_SCATTER_OPS) encoder.flush();
  }

  /** Draws the guest's bytes into an RGBA8 texture and reads that. */
  #packLayer(resource: GlResource, box: TransferBox, layer: number, backing: Backing): void {
    const { encoder, state, blits, ledger } = this.#host;
    const { internal } = blits;
    const { blockBytes } = resource.format;
    const tileWidth = Math.min(TILE_TEXELS, box.width);
    const tileHeight = bandHeight(box.height, tileWidth * Math.max(4, blockBytes));
    this.#host.beginInternal();
    const packed = internal.temporary(TEMPORARY_RGBA8, Math.ceil((tileWidth * blockBytes) / 4), tileHeight);
    for (let y = 0; y < box.height; y += tileHeight) {
      for (let x = 0; x < box.width; x += tileWidth) {
        const width = Math.min(tileWidth, box.width - x);
        const height = Math.min(tileHeight, box.height - y);
        const pixels = Math.ceil((width * blockBytes) / 4);
        this.#drawTile(resource, box, layer, x, y, packed, width, height);
        const staged = this.#stage(height, pixels * 4, backing);
        state.bindReadFramebuffer(internal.readFramebuffer);
        encoder.framebufferTexture2D(GL.READ_FRAMEBUFFER, GL.COLOR_ATTACHMENT0, GL.TEXTURE_2D, packed, 0);
        encoder.readPixels(
          0,
          0,
          pixels,
          height,
          GL.RGBA,
          GL.UNSIGNED_BYTE,
          pixels * 4,
          encoder.stagingSegment,
          staged,
          pixels * 4 * height,
        );
        const offset = box.offsetBytes + layer * box.layerStrideBytes + y * box.strideBytes + x * blockBytes;
        this.#scatter(backing, offset, box.strideBytes, width * blockBytes, height, staged, pixels * 4, false);
        ledger.count(CopyReason.HOST_CONVERT, pixels * 4 * height, resource.id);
        ledger.count(this.#reason, pixels * 4 * height, resource.id);
        ledger.count(CopyReason.GATHER, width * blockBytes * height, resource.id);
      }
    }
    internal.detachAll(GL.READ_FRAMEBUFFER);
    this.#host.endInternal();
    internal.deleteTemporary(packed);
  }

  #drawTile(
    resource: GlResource,
    box: TransferBox,
    layer: number,
    x: number,
    y: number,
    packed: number,
    width: number,
    height: number,
  ): void {
    const { encoder, state, blits, caps } = this.#host;
    const { internal } = blits;
    const { format } = resource;
    internal.plainState();
    state.bindDrawFramebuffer(internal.drawFramebuffer);
    encoder.framebufferTexture2D(GL.DRAW_FRAMEBUFFER, GL.COLOR_ATTACHMENT0, GL.TEXTURE_2D, packed, 0);
    state.viewport(0, 0, Math.ceil((width * format.blockBytes) / 4), height);
    const passes = format.isDepth && format.isStencil && caps.features.stencilTexturing ? 2 : 1;
    for (let pass = 0; pass < passes; pass++) {
      const stencil = pass === 1 || !format.isDepth;
      internal.parameters(resource.glTarget, resource.name, format, 0, resource.lastLevel, IDENTITY, stencil);
      resource.invalidateParameters();
      const program = stencil && format.isStencil ? InternalProgram.PACK_STENCIL : InternalProgram.PACK;
      const key = programKey(program, resource.glTarget, format.virglFormat);
      if (!internal.useProgram(key)) {
        internal.defineProgram(key, packShader(format, resource.glTarget, program === InternalProgram.PACK_STENCIL));
      }
      internal.source(resource.glTarget, resource.name, false);
      internal.uniform(InternalUniform.SOURCE, box.x + x, box.y + y, 0, 0);
      internal.uniform(InternalUniform.OPTIONS, box.z + layer, box.level, 0, 0);
      internal.uniform(InternalUniform.DESTINATION, width, height, 0, 0);
      const slices = resource.levelLayers(box.level);
      internal.uniform(
        InternalUniform.EXTENT,
        resource.levelWidth(box.level),
        resource.levelHeight(box.level),
        slices,
        0,
      );
      if (pass === 1 && format.blockBytes === 4) state.colorMaskAll(format.layout === TexelLayout.SAME ? 1 : 8);
      internal.draw();
    }
    state.colorMaskAll(0xf);
    internal.detachAll(GL.DRAW_FRAMEBUFFER);
  }

  /** Copies blocks bit by bit into integer texels of the same size, which can be read. Needs glCopyImageSubData. */
  #readCompressed(resource: GlResource, box: TransferBox, backing: Backing): GuestErrorCode {
    const { caps, encoder, state, blits, ledger } = this.#host;
    if (!caps.features.copyImage || !hasPlainBlocks(resource.format, caps))
      return this.#host.leaveOut(`read-back of ${resource.format.name}`);
    const { internal } = blits;
    const { blockWidth, blockBytes } = resource.format;
    const width = Math.ceil(box.width / blockWidth);
    // glReadPixels surely gives integers as 4 components of 32 bits: 8-byte blocks use half of each.
    const twoWords = blockBytes === 8;
    const bandRows = bandHeight(box.rows, width * 16);
    this.#host.beginInternal();
    const copy = internal.temporary(twoWords ? TEMPORARY_RG32UI : TEMPORARY_RGBA32UI, width, box.rows);
    state.bindReadFramebuffer(internal.readFramebuffer);
    encoder.framebufferTexture2D(GL.READ_FRAMEBUFFER, GL.COLOR_ATTACHMENT0, GL.TEXTURE_2D, copy, 0);
    for (let layer = 0; layer < box.depth; layer++) {
      encoder.copyTextureSubData(
        resource.name,
        resource.glTarget,
        box.level,
        box.x,
        box.y,
        box.z + layer,
        copy,
        GL.TEXTURE_2D,
        0,
        0,
        0,
        0,
        box.width,
        box.height,
        1,
      );
      for (let row = 0; row < box.rows; row += bandRows) {
        const rows = Math.min(bandRows, box.rows - row);
        const staged = this.#stage(rows, width * 16, backing);
        encoder.readPixels(
          0,
          row,
          width,
          rows,
          GL.RGBA_INTEGER,
          GL.UNSIGNED_INT,
          width * 16,
          encoder.stagingSegment,
          staged,
          width * 16 * rows,
        );
        ledger.count(CopyReason.HOST_CONVERT, rows * box.rowBytes, resource.id);
        ledger.count(this.#reason, width * 16 * rows, resource.id);
        if (twoWords) {
          this.#dropHalves(staged, width * rows);
          ledger.count(CopyReason.SWIZZLE, width * 8 * rows, resource.id);
        }
        const offset = box.offsetBytes + layer * box.layerStrideBytes + row * box.strideBytes;
        this.#scatter(backing, offset, box.strideBytes, box.rowBytes, rows, staged, width * blockBytes, twoWords);
        ledger.count(CopyReason.GATHER, rows * box.rowBytes, resource.id);
      }
    }
    internal.detachAll(GL.READ_FRAMEBUFFER);
    this.#host.endInternal();
    internal.deleteTemporary(copy);
    return GuestError.NONE;
  }

  /** Executes what was encoded; of each staged 16 bytes then keeps the first 8, close together. */
  #dropHalves(staged: number, count: number): void {
    const { encoder } = this.#host;
    encoder.flush();
    const { staging } = encoder;
    for (let i = 0; i < count; i++) staging.copyWithin(staged + i * 8, staged + i * 16, staged + i * 16 + 8);
  }
}

/** Rows that fit a band. */
function bandHeight(rows: number, rowBytes: number): number {
  return Math.max(1, Math.min(rows, BAND_ROWS, Math.floor(BAND_BYTES / rowBytes)));
}
