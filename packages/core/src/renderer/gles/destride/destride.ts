/**
 * Guests that cannot be told which strides the host takes: their memory is imported in another shape, and one pass of the GPU picks the
 * pixels into the resource's own texture. The processor copies nothing.
 */
import { GL, glImportProblem } from "../../../gl/index.js";
import {
  CopyReason,
  filePieces,
  spanBytesOf,
  toPages,
  type Backing,
  type FilePiece,
  type HostProfile,
  type ImportRequest,
  type ImportServices,
} from "../../../memory/index.js";
import { InternalProgram, InternalUniform, programKey } from "../blit/internal-draw.js";
import { FormatUse } from "../format/index.js";
import type { GlesHost } from "../gles-host.js";
import { attachLayer, attachmentPoint, type GlResource } from "../resource/index.js";
import { Cap } from "../state/gl-state.js";
import type { TransferBox } from "../transfer/transfer-box.js";
import { destrideShader, HALF } from "./destride-glsl.js";
import { planDestride, type DestridePlan } from "./plan-destride.js";

/** A resource's guest memory as a texture of another shape. */
export interface StridedSource {
  readonly plan: DestridePlan;
  /** Dense index of the GL texture. */
  readonly texture: number;
  /** Layout of the guest's picture in the backing. */
  readonly offsetBytes: number;
  readonly strideBytes: number;
  /** A dma-buf of ours; -1: the memory's file, which the driver holds. */
  readonly fd: number;
}

/** Memory that a driver can be given, and where the picture is in it. */
interface SourceBuffer {
  readonly pieces: readonly FilePiece[];
  readonly isDmaBuf: boolean;
  readonly offsetBytes: number;
  readonly bufferBytes: number;
}

/** In GL limits of the profile's, bounds of the memory file, in that order; none of a guest's numbers reaches the driver unchecked. */
export class Destride {
  readonly #host: GlesHost;
  readonly #sources = new Map<GlResource, StridedSource>();

  constructor(host: GlesHost) {
    this.#host = host;
  }

  /**
   * Prepares passes for a texture whose memory was just attached and cannot be imported as it lies.
   * @returns "" when TRANSFER_TO_HOST needs no copy any more, else why not
   */
  attach(resource: GlResource, backing: Backing, request: ImportRequest, services: ImportServices): string {
    const { importer, policy } = services;
    const { images } = importer.profile;
    const { imports } = this.#host.gl;
    if (images === null || images.bounces || imports === undefined) return "this host imports nothing";
    if (request.fourcc === 0 || !request.isFlat || request.samples > 1) return "only flat textures can be read so";
    if (!this.#host.formats.can(resource.format.virglFormat, FormatUse.ATTACH)) return "it cannot be rendered to";
    const buffer = sourceBuffer(request, backing, importer.profile);
    if (typeof buffer === "string") return buffer;
    const bits = policy.dmaBits ?? importer.profile.dma.addressBits ?? 64;
    if (bits < 64 && importer.dmaReach(buffer.pieces, bits) !== "below") return "its pages may lie out of reach";
    const { width, height, strideBytes, bytesPerPixel, fourcc } = request;
    const { offsetBytes, bufferBytes } = buffer;
    const picture = { width, height, strideBytes, bytesPerPixel, offsetBytes, bufferBytes, fourcc };
    const plan = planDestride(picture, images);
    if (plan === null) return "no shape of it fits this host's rules";
    const fd = buffer.isDmaBuf ? importer.createDmaBuf(buffer.pieces) : buffer.pieces[0]!.file.fd;
    if (fd < 0) return `the system refused the udmabuf (errno ${-fd})`;
    const { names, encoder } = this.#host;
    const texture = names.texture.allocate();
    if (texture === 0) {
      if (buffer.isDmaBuf) importer.close(fd);
      return "there are no GL names left";
    }
    encoder.flush();
    const result = imports.importTexture(texture, { ...plan, fd, rowBytes: plan.strideBytes, mustRender: false });
    if (result !== 0) {
      names.texture.free(texture);
      if (buffer.isDmaBuf) importer.close(fd);
      return `the driver refused: ${glImportProblem(result)}`;
    }
    const owned = buffer.isDmaBuf ? fd : -1;
    this.#sources.set(resource, {
      plan,
      texture,
      offsetBytes: request.offsetBytes,
      strideBytes,
      fd: owned,
    });
    return "";
  }

  /** Pictures that are imported in another shape. */
  get size(): number {
    return this.#sources.size;
  }

  has(resource: GlResource): boolean {
    return this.#sources.has(resource);
  }

  /**
   * TRANSFER_TO_HOST from the resource's own backing, checked. @returns false when the bytes do not lie where the picture's would: an
   * upload must move them
   */
  toHost(resource: GlResource, box: TransferBox, services: ImportServices): boolean {
    const source = this.#sources.get(resource);
    if (source === undefined || box.level !== 0) return false;
    const at = source.offsetBytes + box.y * source.strideBytes + box.x * resource.format.blockBytes;
    if (box.offsetBytes !== at || (box.rows > 1 && box.strideBytes !== source.strideBytes)) return false;
    if (source.fd >= 0 && services.importer.profile.images?.isCoherent === false)
      services.importer.sync(source.fd, "to-device");
    this.#host.resources.define(resource);
    this.#draw(resource, source, box);
    const { width, height } = box;
    this.#host.ledger.count(CopyReason.HOST_CONVERT, width * height * resource.format.blockBytes, resource.id);
    return true;
  }

  /** The memory goes, or the resource. The GPU may be reading. */
  forget(resource: GlResource, services: ImportServices): void {
    const source = this.#sources.get(resource);
    if (source === undefined) return;
    this.#sources.delete(resource);
    const { bindings, encoder, names, releasedMemory } = this.#host;
    bindings.forgetTexture(source.texture);
    encoder.deleteTexture(source.texture);
    releasedMemory.add(null);
    names.texture.free(source.texture);
    if (source.fd >= 0) services.importer.close(source.fd);
  }

  #draw(resource: GlResource, { plan, texture }: StridedSource, { x, y, width, height }: TransferBox): void {
    const host = this.#host;
    const { internal } = host.blits;
    host.beginInternal();
    internal.plainState();
    host.state.enable(Cap.SCISSOR_TEST, false);
    host.state.bindDrawFramebuffer(internal.drawFramebuffer);
    attachLayer(host, GL.DRAW_FRAMEBUFFER, attachmentPoint(resource), resource, 0, 0);
    host.state.viewport(x, y, width, height);
    const key = programKey(InternalProgram.DESTRIDE, GL.TEXTURE_2D, plan.order);
    if (!internal.useProgram(key)) internal.defineProgram(key, destrideShader(plan.order));
    host.bindings.textureForEdit(GL.TEXTURE_2D, texture);
    // The picture has one level; a sampler that asks for more would find the texture incomplete.
    host.encoder.texParameteri(GL.TEXTURE_2D, GL.TEXTURE_MAX_LEVEL, 0);
    internal.source(GL.TEXTURE_2D, texture, false);
    internal.uniform(InternalUniform.SOURCE, 0, 0, 1, 1);
    internal.uniform(InternalUniform.EXTENT, plan.width, plan.texelsPerRow, plan.texelsPerPixel, 0);
    const high = Math.floor(plan.firstTexel / HALF);
    internal.uniform(InternalUniform.OPTIONS, high, plan.firstTexel - high * HALF, 0, 0);
    internal.draw();
    internal.detachAll(GL.DRAW_FRAMEBUFFER);
    host.endInternal();
  }
}

/** A contiguous range as its memory file where the driver takes those; else a udmabuf. Words: why there is none. */
function sourceBuffer(request: ImportRequest, backing: Backing, profile: HostProfile): SourceBuffer | string {
  const pieces = filePieces(backing, request.offsetBytes, spanBytesOf(request));
  if (typeof pieces === "number") return "its memory cannot be handed on";
  const [first] = pieces;
  const { images, udmabuf } = profile;
  if (images?.acceptsMemfd === true && pieces.length === 1 && first !== undefined)
    return { pieces, isDmaBuf: false, offsetBytes: first.offsetBytes, bufferBytes: first.file.sizeBytes };
  if (udmabuf === null || images?.acceptsUdmabuf === false) return "there is no udmabuf";
  const paged = toPages(pieces, udmabuf.pageBytes);
  if (paged === null || pieces.some(({ file }) => file.isWriteSealed)) return "udmabuf does not take its pages";
  if (paged.pieces.length > udmabuf.listLimit || paged.sizeBytes > udmabuf.sizeLimitBytes)
    return "it has more pages or pieces than udmabuf takes";
  return { pieces: paged.pieces, isDmaBuf: true, offsetBytes: paged.offsetBytes, bufferBytes: paged.sizeBytes };
}
