import { GuestError, type GuestErrorCode } from "../../../base/index.js";
import { GL } from "../../../gl/index.js";
import { CopyReason, type Backing, type CopyReasonCode } from "../../../memory/index.js";
import * as v from "../../../virgl/index.js";
import type { Transfer3d } from "../../renderer.js";
import type { GlesHost } from "../gles-host.js";
import { ResourceKind, type GlResource } from "../resource/index.js";
import type { VirglContext } from "../virgl-context.js";
import { BackingCursor } from "./backing-cursor.js";
import { readBuffer, writeBuffer } from "./buffer-bytes.js";
import { TextureFill } from "./texture-fill.js";
import { TextureReadback } from "./texture-readback.js";
import { TextureUpload } from "./texture-upload.js";
import { TransferBox } from "./transfer-box.js";

/** Ops of one inline write, to memory in one piece or few. */
const INLINE_WORDS = 512;
/** Pieces of memory that staged bytes are copied to within what was reserved. */
const FEW_PIECES = 32;
/** Ops of an answer, were every byte of it in a piece of its own. */
const ANSWER_WORDS = 1024;

/** All ways between guest memory and resources: the renderer's verbs and the commands of the stream. */
export class Transfers {
  readonly #host: GlesHost;
  readonly #upload: TextureUpload;
  readonly #readback: TextureReadback;
  readonly #fill: TextureFill;
  readonly #box = new TransferBox();
  readonly #cursor = new BackingCursor();
  #readReason: CopyReasonCode = CopyReason.READBACK;

  constructor(host: GlesHost) {
    this.#host = host;
    this.#upload = new TextureUpload(host);
    this.#readback = new TextureReadback(host);
    this.#fill = new TextureFill(host, this.#upload);
  }

  /** Before the resource's GL object is deleted. */
  forget(resource: GlResource): void {
    this.#readback.forget(resource);
  }

  /** TRANSFER_TO_HOST_3D. */
  toHost(resource: GlResource, transfer: Transfer3d): GuestErrorCode {
    this.#box.fromTransfer(transfer);
    return this.#move(resource, resource.backing, true);
  }

  /** TRANSFER_FROM_HOST_3D. With `now`, the bytes are there on return. */
  fromHost(resource: GlResource, transfer: Transfer3d, now: boolean): GuestErrorCode {
    this.#box.fromTransfer(transfer);
    const error = this.#move(resource, resource.backing, false);
    if (now && error === GuestError.NONE) {
      this.#host.encoder.flush();
      if (resource.imported !== null) this.#host.gl.finish();
    }
    return error;
  }

  /** Through memory that is not the resource's own. The caller may reuse it when this returns. Reads are counted as `reason`. */
  through(
    resource: GlResource,
    transfer: Transfer3d,
    backing: Backing,
    direction: "to-host" | "from-host",
    reason: CopyReasonCode = CopyReason.READBACK,
  ): GuestErrorCode {
    this.#box.fromTransfer(transfer);
    this.#readReason = reason;
    const error = this.#move(resource, backing, direction === "to-host");
    this.#readReason = CopyReason.READBACK;
    if (error === GuestError.NONE) this.#host.encoder.flush();
    return error;
  }

  /** VIRGL_CCMD_RESOURCE_INLINE_WRITE: the bytes follow in the stream. */
  inlineWrite(ctx: VirglContext, dw: Uint32Array, at: number, len: number): GuestErrorCode {
    const host = this.#host;
    const resource = ctx.resource(dw[at + v.VIRGL_RESOURCE_IW_RES_HANDLE]!);
    if (resource === undefined) return GuestError.UNKNOWN_RESOURCE;
    const box = this.#box;
    box.fromStream(dw, at, 0);
    const error = box.check(resource);
    if (error !== GuestError.NONE || box.isEmpty) return error;
    // Before anything is done to the texture: it must not count as written when it is not.
    if (resource.kind === ResourceKind.RENDERBUFFER || resource.samples > 1) return GuestError.BAD_VALUE;
    const dataBytes = (len + 1 - v.VIRGL_RESOURCE_IW_DATA_START) * 4;
    if (box.spanBytes > dataBytes) return GuestError.BAD_LENGTH;
    // The stream stays where it is only while it is decoded, but ops run at the end of the batch: take a copy along.
    const from = dw.byteOffset + (at + v.VIRGL_RESOURCE_IW_DATA_START) * 4;
    if (resource.kind === ResourceKind.TEXTURE) this.#upload.prepare(resource, box);
    host.encoder.reserve(INLINE_WORDS);
    const staged = host.encoder.stage(box.spanBytes);
    host.encoder.staging.set(new Uint8Array(dw.buffer, from, box.spanBytes), staged);
    host.ledger.count(CopyReason.INLINE, box.spanBytes, resource.id);
    return this.#fromStaging(resource, box, staged);
  }

  /** An answer of ours to the first bytes of a resource's guest memory, in stream order; to the buffer itself where there is none. */
  answer(resource: GlResource, bytes: Uint8Array): GuestErrorCode {
    const { backing, kind } = resource;
    if (backing === null && kind === ResourceKind.TEXTURE) return GuestError.BAD_BACKING;
    if (bytes.length > (backing?.sizeBytes ?? resource.width)) return GuestError.BAD_BACKING;
    const { encoder, ledger } = this.#host;
    encoder.reserve(ANSWER_WORDS);
    const staged = encoder.stage(bytes.length);
    encoder.staging.set(bytes, staged);
    if (backing === null) {
      this.#box.asBuffer(bytes.length);
      return this.#fromStaging(resource, this.#box, staged);
    }
    this.#copyStaged(backing, 0, bytes.length, staged);
    ledger.count(CopyReason.READBACK, bytes.length, resource.id);
    return GuestError.NONE;
  }

  /** VIRGL_CCMD_TRANSFER3D, both directions, with the resource's own backing. */
  transfer3d(ctx: VirglContext, dw: Uint32Array, at: number, _len: number): GuestErrorCode {
    const resource = ctx.resource(dw[at + v.VIRGL_RESOURCE_IW_RES_HANDLE]!);
    if (resource === undefined) return GuestError.UNKNOWN_RESOURCE;
    const direction = dw[at + v.VIRGL_TRANSFER3D_DIRECTION]!;
    if (direction !== v.VIRGL_TRANSFER_TO_HOST && direction !== v.VIRGL_TRANSFER_FROM_HOST) return GuestError.BAD_VALUE;
    this.#box.fromStream(dw, at, dw[at + v.VIRGL_TRANSFER3D_DATA_OFFSET]!);
    return this.#move(resource, resource.backing, direction === v.VIRGL_TRANSFER_TO_HOST);
  }

  /** VIRGL_CCMD_COPY_TRANSFER3D: between a staging resource's bytes and a resource. */
  copyTransfer3d(ctx: VirglContext, dw: Uint32Array, at: number, _len: number): GuestErrorCode {
    const resource = ctx.resource(dw[at + v.VIRGL_RESOURCE_IW_RES_HANDLE]!);
    const staging = ctx.resource(dw[at + v.VIRGL_COPY_TRANSFER3D_SRC_RES_HANDLE]!);
    if (resource === undefined || staging === undefined) return GuestError.UNKNOWN_RESOURCE;
    const flags = dw[at + v.VIRGL_COPY_TRANSFER3D_FLAGS]!;
    this.#box.fromStream(dw, at, dw[at + v.VIRGL_COPY_TRANSFER3D_SRC_RES_OFFSET]!);
    const isToHost = (flags & v.VIRGL_COPY_TRANSFER3D_FLAGS_READ_FROM_HOST) === 0;
    return this.#move(resource, staging.backing, isToHost);
  }

  /** VIRGL_CCMD_CLEAR_TEXTURE. */
  clearTexture(ctx: VirglContext, dw: Uint32Array, at: number, _len: number): GuestErrorCode {
    return this.#fill.clearTexture(ctx, dw, at);
  }

  /** Moves `#box` between a resource and guest memory. */
  #move(resource: GlResource, backing: Backing | null, isToHost: boolean): GuestErrorCode {
    const box = this.#box;
    const error = box.check(resource);
    if (error !== GuestError.NONE || box.isEmpty) return error;
    if (backing === null) return GuestError.BAD_BACKING;
    if (box.offsetBytes + box.spanBytes > backing.sizeBytes) return GuestError.BAD_BACKING;
    switch (resource.kind) {
      case ResourceKind.BUFFER:
        if (this.#isInPlace(resource, box, backing, isToHost)) return GuestError.NONE;
        if (isToHost) this.#bufferToHost(resource, box, this.#readable(resource, backing));
        else this.#bufferFromHost(resource, box, backing);
        return GuestError.NONE;
      case ResourceKind.TEXTURE:
        if (resource.samples > 1) return GuestError.BAD_VALUE;
        if (isScribbled(resource, box, backing)) return GuestError.BAD_VALUE;
        if (this.#isInPlace(resource, box, backing, isToHost)) return GuestError.NONE;
        if (isToHost && backing === resource.backing && this.#host.imports.transferByGpu(resource, box))
          return GuestError.NONE;
        if (isToHost) this.#upload.upload(resource, box, this.#readable(resource, backing));
        else return this.#readback.read(resource, box, backing, this.#readReason);
        return GuestError.NONE;
      case ResourceKind.RENDERBUFFER:
        return GuestError.BAD_VALUE;
      case ResourceKind.BACKING_ONLY:
        return this.#backingOnly(resource, box, backing, isToHost);
    }
  }

  /** Nothing has to be moved: the resource is its backing, and the transfer names the bytes' own places. */
  #isInPlace(resource: GlResource, box: TransferBox, backing: Backing, isToHost: boolean): boolean {
    const { imported } = resource;
    if (imported === null || backing !== resource.backing) return false;
    return this.#host.imports.transferInPlace(resource, imported.isInPlace(resource, box), isToHost);
  }

  #readable(resource: GlResource, backing: Backing): Backing {
    return backing === resource.backing ? this.#host.imports.readable(resource, backing) : backing;
  }

  #fromStaging(resource: GlResource, box: TransferBox, staged: number): GuestErrorCode {
    const { encoder, ledger } = this.#host;
    switch (resource.kind) {
      case ResourceKind.BUFFER:
        encoder.bindBuffer(GL.COPY_WRITE_BUFFER, resource.name);
        writeBuffer(this.#host, resource, box.x, encoder.stagingSegment, staged, box.width);
        ledger.count(CopyReason.UPLOAD, box.width, resource.id);
        return GuestError.NONE;
      case ResourceKind.TEXTURE:
        this.#upload.uploadStaged(resource, box, staged);
        return GuestError.NONE;
      case ResourceKind.RENDERBUFFER:
        return GuestError.BAD_VALUE;
      case ResourceKind.BACKING_ONLY: {
        const backing = this.#host.resources.backingOf(resource);
        if (backing === null) return GuestError.LIMIT;
        if (box.x + box.width > backing.sizeBytes) return GuestError.BAD_BACKING;
        this.#copyStaged(backing, box.x, box.width, staged);
        ledger.count(CopyReason.UPLOAD, box.width, resource.id);
        return GuestError.NONE;
      }
    }
  }

  #copyStaged(backing: Backing, offsetBytes: number, lengthBytes: number, staged: number): void {
    const { encoder } = this.#host;
    const cursor = this.#cursor;
    cursor.seek(backing, offsetBytes, lengthBytes);
    do {
      const { segment, doneBytes } = cursor;
      const from = staged + doneBytes;
      const count = cursor.lengthBytes;
      encoder.copyBytes(segment, cursor.offsetBytes, count, encoder.stagingSegment, from, count);
    } while (cursor.advance());
    // More may have begun another batch, and must be done before anybody stages there.
    if (backing.spans.length > FEW_PIECES) encoder.flush();
  }

  #bufferToHost(resource: GlResource, box: TransferBox, backing: Backing): void {
    const { encoder, ledger } = this.#host;
    const cursor = this.#cursor;
    cursor.seek(backing, box.offsetBytes, box.width);
    encoder.bindBuffer(GL.COPY_WRITE_BUFFER, resource.name);
    do {
      const at = box.x + cursor.doneBytes;
      writeBuffer(this.#host, resource, at, cursor.segment, cursor.offsetBytes, cursor.lengthBytes);
    } while (cursor.advance());
    ledger.count(CopyReason.UPLOAD, box.width, resource.id);
  }

  #bufferFromHost(resource: GlResource, box: TransferBox, backing: Backing): void {
    const { encoder, ledger } = this.#host;
    const cursor = this.#cursor;
    cursor.seek(backing, box.offsetBytes, box.width);
    encoder.bindBuffer(GL.COPY_READ_BUFFER, resource.name);
    do {
      const at = box.x + cursor.doneBytes;
      readBuffer(this.#host, resource, at, cursor.segment, cursor.offsetBytes, cursor.lengthBytes);
    } while (cursor.advance());
    ledger.count(CopyReason.READBACK, box.width, resource.id);
  }

  /** Guest memory is the storage: only bytes that travel through other memory have to be moved. */
  #backingOnly(resource: GlResource, box: TransferBox, backing: Backing, isToHost: boolean): GuestErrorCode {
    const own = this.#host.resources.backingOf(resource);
    if (own === null) return GuestError.LIMIT;
    if (own === backing) return GuestError.NONE;
    if (box.x + box.width > own.sizeBytes) return GuestError.BAD_BACKING;
    this.#host.encoder.flush();
    if (isToHost) copyBetween(own, box.x, backing, box.offsetBytes, box.width);
    else copyBetween(backing, box.offsetBytes, own, box.x, box.width);
    // Through a buffer of our own, as the two may overlap: gathered, then moved on.
    const { ledger } = this.#host;
    ledger.count(CopyReason.GATHER, box.width, resource.id);
    ledger.count(isToHost ? CopyReason.UPLOAD : CopyReason.READBACK, box.width, resource.id);
    return GuestError.NONE;
  }
}

/** Copies bytes between two backings now. Rare: query results and fences of clients without shared memory. */
function copyBetween(to: Backing, toOffset: number, from: Backing, fromOffset: number, lengthBytes: number): void {
  const bytes = new Uint8Array(lengthBytes);
  const cursor = new BackingCursor();
  cursor.seek(from, fromOffset, lengthBytes);
  do {
    bytes.set(
      cursor.segmentBytes.subarray(cursor.offsetBytes, cursor.offsetBytes + cursor.lengthBytes),
      cursor.doneBytes,
    );
  } while (cursor.advance());
  cursor.seek(to, toOffset, lengthBytes);
  do {
    cursor.segmentBytes.set(
      bytes.subarray(cursor.doneBytes, cursor.doneBytes + cursor.lengthBytes),
      cursor.offsetBytes,
    );
  } while (cursor.advance());
}

/** Memory that the guest maps is the picture: there is no other layout in which it could be transferred. */
function isScribbled(resource: GlResource, box: TransferBox, backing: Backing): boolean {
  const { imported } = resource;
  return imported !== null && imported.isMapped && backing === resource.backing && !imported.isInPlace(resource, box);
}
