/** Guest memory as the storage of resources: decided when memory is attached, undone when it goes. See docs/zero-copy.md. */
import { GL, glImportProblem, type GlImports } from "../../../gl/index.js";
import {
  CopyReason,
  ImportPath,
  ImportReason,
  ImportUse,
  firstPathOf,
  isWholeBlocks,
  planImage,
  refuse,
  strideMultipleFor,
  VerdictBook,
  VerdictDraft,
  type Backing,
  type BackingShape,
  type FilePiece,
  type ImagePlan,
  type ImportPathCode,
  type ImportReasonCode,
  type ImportRequest,
  type ImportServices,
  type ImportVerdict,
} from "../../../memory/index.js";
import * as v from "../../../virgl/index.js";
import type { ScanoutBuffer } from "../../renderer.js";
import type { GlesHost } from "../gles-host.js";
import type { TransferBox } from "../transfer/transfer-box.js";
import { ResourceKind, type GlResource } from "./gl-resource.js";
import { scanoutFourcc, storageFourcc } from "./import-format.js";
import { BufferImports } from "./buffer-imports.js";
import { ImportedStorage, type SuspendedImport } from "./imported-storage.js";
import { ReadableMemory } from "./readable-memory.js";

/** `VIRTIO_GPU_RESOURCE_FLAG_Y_0_TOP`: set on what the guest's processor draws (RESOURCE_CREATE_2D). */
const FLAG_Y_0_TOP = 1;

/** Living imports of pictures and memory objects. Drivers keep a descriptor and a mapping for each, of which the process has few and needs some for others. */
const MAX_IMPORTED_IMAGES = 4096;

/** The one plane of a picture in a blob. Checked to lie in it, once more, by whoever imports. */
export interface BlobPlane {
  readonly strideBytes: number;
  readonly offsetBytes: number;
}

export class ResourceImports {
  readonly verdicts: VerdictBook;
  readonly #host: GlesHost;
  readonly #services: ImportServices | null;
  readonly #gl: GlImports | null;
  readonly #buffers: BufferImports | null;
  /** Over all hosts of the process: what a display imported before a reset must not be taken for something newer. */
  static #serial = 0;
  #importedImages = 0;
  /** Those whose memory is away and was imported. */
  readonly #suspended = new Set<GlResource>();

  constructor(host: GlesHost, services: ImportServices | null) {
    this.#host = host;
    this.#services = services;
    this.#gl = host.gl.imports ?? null;
    this.#buffers = services === null ? null : new BufferImports(host, services);
    this.verdicts = services?.verdicts ?? new VerdictBook();
  }

  /** The resource has just got its backing. */
  attached(resource: GlResource, backing: Backing): void {
    const suspended = this.#endSuspension(resource);
    if (resource.kind === ResourceKind.BUFFER) this.#attachBuffer(resource, backing, suspended, false);
    else this.#attachImage(resource, backing, suspended, false);
  }

  /** As `attached`: the backing is the memory that went at `suspending`. */
  resumed(resource: GlResource, backing: Backing): void {
    const { dependents } = resource;
    const suspended = this.#endSuspension(resource);
    if (suspended !== null && !suspended.wasImported) {
      if (suspended.verdict !== undefined) this.verdicts.record(resource.id, suspended.verdict);
      return;
    }
    const isContents = suspended !== null && !suspended.isWritten;
    if (resource.kind === ResourceKind.BUFFER) this.#attachBuffer(resource, backing, suspended, isContents);
    else this.#attachImage(resource, backing, suspended, isContents);
    if (resource.imported === null || dependents === null) return;
    for (const dependent of dependents) dependent.storageReplaced(this.#host);
    resource.dependents = dependents;
    this.#host.storageReplaced();
  }

  /** The resource's bytes are reached through other spans from now on. Drivers have mappings of their own, but of bare addresses. */
  moved(resource: GlResource, backing: Backing): void {
    this.#forgetReadable(resource);
    const { imported } = resource;
    if (imported === null || resource.kind !== ResourceKind.BUFFER || imported.window !== null) return;
    if (imported.path === ImportPath.MEMORY_OBJECT) return;
    if (!this.#buffers!.repin(resource, backing)) this.#own(resource, ImportReason.DRIVER_REFUSED);
  }

  /** Guest memory changes, and the resource's goes with it: as `detaching`, but it may come back. */
  suspending(resource: GlResource): void {
    const wasImported = resource.imported !== null || this.#host.destride.has(resource);
    resource.suspended = { wasImported, verdict: this.verdicts.of(resource.id), isWritten: false };
    if (wasImported) this.#suspended.add(resource);
    this.detaching(resource);
  }

  /** Memory that is imported at other times is away, so `noteWrites` wants to see streams. */
  get hasSuspended(): boolean {
    return this.#suspended.size > 0;
  }

  /** A stream is about to run that writes these resources. */
  noteWrites(written: ReadonlySet<number>): void {
    for (const resource of this.#suspended) {
      const suspended = resource.suspended!;
      // Captures of vertices and storage buffers are not looked for.
      if (resource.kind === ResourceKind.BUFFER || written.has(resource.id)) suspended.isWritten = true;
    }
  }

  #endSuspension(resource: GlResource): SuspendedImport | null {
    const { suspended } = resource;
    resource.suspended = null;
    this.#suspended.delete(resource);
    if (resource.imported === null) resource.dependents = null;
    return suspended;
  }

  #attachImage(resource: GlResource, backing: Backing, suspended: SuspendedImport | null, isContents: boolean): void {
    const services = this.#services;
    if (services === null || !isImage(resource) || !this.#mayImportImages(services)) return;
    const asked = imageRequest(resource);
    const request = isContents ? { ...asked, hasContents: false } : asked;
    const draft = new VerdictDraft(firstPathOf(backing));
    const { plans, pieces } = planImage(request, backing, services.policy, services.importer, draft);
    const plan = plans.find((candidate) => this.#tryImage(resource, request, candidate, draft));
    explainContents(draft, suspended);
    const isDestrided = plan === undefined && this.#tryDestride(resource, backing, request, draft);
    const copied = isDestrided ? ImportPath.DESTRIDE : this.#copyPath(resource, backing, services, draft);
    const path = plan?.path ?? copied;
    const mayTear = plan !== undefined && request.use === ImportUse.SCANOUT;
    this.verdicts.record(resource.id, draft.take(path, request, shapeOf(backing, pieces), mayTear));
  }

  /**
   * The resource has just been created, and its contents are bytes of a blob, which the guest maps or has from elsewhere: nobody transfers
   * them. @returns true when they are its storage now. False: nothing has changed
   */
  attachedBlob(resource: GlResource, memory: Backing, layout: BlobPlane, isMapped: boolean): boolean {
    const services = this.#services;
    if (services === null || !isImage(resource)) return false;
    const asked = imageRequest(resource);
    // Whoever maps it shall see what the GPU draws, whatever was said that it is for: it must stay where it is.
    const use = isMapped ? ImportUse.RENDER_TARGET : asked.use;
    const request: ImportRequest = { ...asked, ...layout, use, isBlob: true };
    const draft = new VerdictDraft(firstPathOf(memory));
    const { plans, pieces } = planImage(request, memory, services.policy, services.importer, draft);
    const plan = plans.find((candidate) => this.#tryImage(resource, request, candidate, draft));
    const path = plan?.path ?? (memory.spans.length < 2 ? ImportPath.UPLOAD : ImportPath.GATHER);
    this.verdicts.record(resource.id, draft.take(path, request, shapeOf(memory, pieces)));
    if (plan === undefined) return false;
    resource.lacksStorage = false;
    resource.imported!.isMapped = isMapped;
    return true;
  }

  /** The bytes of an imported blob after the guest's processor has written them, or before it reads them: where the host needs that. */
  syncBlob(resource: GlResource, direction: "to-device" | "from-device"): void {
    if (resource.imported !== null) this.transferInPlace(resource, true, direction === "to-device");
  }

  /** Whether the processor and the GPU see the same bytes only after `syncBlob`. */
  get needsSync(): boolean {
    return this.#services?.importer.profile.images?.isCoherent === false;
  }

  /** The verdict on a resource; null where there is nothing to decide. For reports: may have to work it out. */
  verdictOf(resource: GlResource): ImportVerdict | null {
    const recorded = withoutWindow(this.verdicts.of(resource.id), resource.readable);
    const { backing } = resource;
    if (recorded !== undefined || backing === null || this.#services === null) return recorded ?? null;
    const draft = new VerdictDraft(firstPathOf(backing));
    if (resource.kind === ResourceKind.BUFFER) {
      const { pieces } = this.#buffers!.plan(resource, backing, draft);
      const path = this.#copyPath(resource, backing, this.#services, draft);
      return draft.take(path, this.#buffers!.request(resource), shapeOf(backing, pieces));
    }
    if (!isImage(resource)) return null;
    const { policy, importer } = this.#services;
    const request = imageRequest(resource);
    const { pieces } = planImage(request, backing, policy, importer, draft);
    const path = this.#copyPath(resource, backing, this.#services, draft);
    return draft.take(path, request, shapeOf(backing, pieces));
  }

  /** Bytes of a row with which this host takes a picture in place; 0: it takes none. */
  strideFor(width: number, bytesPerTexel: number): number {
    const images = this.#services?.importer.profile.images ?? null;
    if (images === null || images.bounces) return 0;
    const multiple = strideMultipleFor(images, bytesPerTexel);
    return Math.ceil((width * bytesPerTexel) / multiple) * multiple;
  }

  /** False where the answer is the same for every texture: nothing is worked out for them before somebody asks. */
  #mayImportImages({ policy, importer }: ImportServices): boolean {
    return policy.zeroCopy !== "never" && importer.profile.images !== null;
  }

  /**
   * A transfer from a resource's own backing to storage of its own. @returns true when a pass of the GPU does it; false: the bytes have to
   * be moved
   */
  transferByGpu(resource: GlResource, box: TransferBox): boolean {
    return this.#services !== null && this.#host.destride.toHost(resource, box, this.#services);
  }

  /** Before GL renders to a resource, whatever the guest said that it is for. */
  aboutToRender(resource: GlResource): void {
    if (resource.imported !== null && !resource.imported.canRender) this.#own(resource, ImportReason.RENDER_BLOCK);
  }

  /** Before GL captures vertices into a buffer. Captures go on under the GL object that they began with, and memory objects are replaced. */
  aboutToCapture(resource: GlResource): void {
    if (resource.imported?.path === ImportPath.MEMORY_OBJECT)
      this.#own(resource, ImportReason.KIND, "vertices are captured into it");
  }

  /** A resource's own backing as an upload should read it: in one piece, where that can be had. */
  readable(resource: GlResource, backing: Backing): Backing {
    if (backing.spans.length < 2 || this.#services === null) return backing;
    return this.#readableOf(resource, backing, this.#services).use(this.#services.importer) ?? backing;
  }

  #readableOf(resource: GlResource, backing: Backing, services: ImportServices): ReadableMemory {
    return (resource.readable ??= ReadableMemory.plan(backing, services));
  }

  /** The rung that an upload is on. */
  #copyPath(resource: GlResource, backing: Backing, services: ImportServices, draft: VerdictDraft): ImportPathCode {
    if (backing.spans.length < 2) return ImportPath.UPLOAD;
    const { path, refusal } = this.#readableOf(resource, backing, services);
    if (refusal !== null) draft.refused.push(refusal);
    return path;
  }

  #attachBuffer(resource: GlResource, backing: Backing, suspended: SuspendedImport | null, isContents: boolean): void {
    const buffers = this.#buffers;
    if (buffers === null || !buffers.mayImport) return;
    const draft = new VerdictDraft();
    const plan = buffers.plan(resource, backing, draft, isContents);
    explainContents(draft, suspended);
    const hasRoom = plan.object === null || this.#hasRoom(ImportPath.MEMORY_OBJECT, draft);
    const path = buffers.attach(resource, hasRoom ? plan : { ...plan, object: null }, draft, ++ResourceImports.#serial);
    if (path === ImportPath.MEMORY_OBJECT) this.#importedImages++;
    const taken = path ?? this.#copyPath(resource, backing, this.#services!, draft);
    this.verdicts.record(resource.id, draft.take(taken, buffers.request(resource), shapeOf(backing, plan.pieces)));
  }

  /** The resource's backing goes: what is in it stays, in storage of the host's. */
  detaching(resource: GlResource): void {
    this.#forgetPass(resource);
    this.#forgetReadable(resource);
    if (resource.imported !== null) this.#own(resource, ImportReason.DETACHED);
    else this.verdicts.forget(resource.id);
  }

  /** The guest detaches the resource's backing. */
  detached(resource: GlResource): void {
    this.#endSuspension(resource);
    this.detaching(resource);
  }

  /** The guest forgets the resource: whoever still holds it must not reach the guest's pages any more. */
  unreferenced(resource: GlResource, isLast: boolean): void {
    this.#endSuspension(resource);
    this.#forgetPass(resource);
    this.#forgetReadable(resource);
    if (resource.imported !== null) {
      if (isLast) this.#host.releasedMemory.add(null);
      else this.#own(resource, ImportReason.DETACHED);
    }
    this.verdicts.forget(resource.id);
  }

  #forgetReadable(resource: GlResource): void {
    resource.readable?.release();
    resource.readable = null;
  }

  /** The resource's GL object is deleted. */
  freed(resource: GlResource): void {
    this.#endSuspension(resource);
    this.#forgetPass(resource);
    this.#forgetReadable(resource);
    const { imported } = resource;
    if (imported === null) return;
    resource.imported = null;
    this.#closeMemory(imported);
  }

  /**
   * A transfer between an imported resource and its own backing. @returns true when nothing has to be moved: guest and GPU see the same
   * bytes, and their order is that of the stream. False: the resource has storage of its own from now on.
   */
  transferInPlace(resource: GlResource, isInPlace: boolean, isToHost: boolean): boolean {
    const imported = resource.imported!;
    if (!isInPlace) {
      this.#own(resource, ImportReason.OTHER_LAYOUT);
      return false;
    }
    const { importer } = this.#services!;
    const { images, buffers } = importer.profile;
    const rules = imported.path === ImportPath.MEMORY_OBJECT ? buffers : images;
    if (!imported.isDmaBuf || rules?.isCoherent !== false) return true;
    if (!isToHost) {
      // Caches are given up after the GPU has written. A read-back by glReadPixels would wait just so.
      this.#host.encoder.flush();
      this.#host.gl.finish();
    }
    importer.sync(imported.fd, isToHost ? "to-device" : "from-device");
    return true;
  }

  /** What a display may be handed of a resource. */
  scanoutBuffer(resource: GlResource): ScanoutBuffer | null {
    const { imported, width, height, flags } = resource;
    const fourcc = scanoutFourcc(resource.format);
    if (imported === null || imported.fd < 0 || imported.strideBytes === 0 || fourcc === 0) return null;
    return {
      fd: imported.fd,
      isDmaBuf: imported.isDmaBuf,
      width,
      height,
      strideBytes: imported.strideBytes,
      offsetBytes: imported.fdOffsetBytes,
      fourcc,
      modifier: 0n,
      isYInverted: false,
      isGuestDrawn: (flags & FLAG_Y_0_TOP) !== 0,
      serial: imported.serial,
    };
  }

  /** Guests that cannot be told the host's rules: see `Destride`. */
  #tryDestride(resource: GlResource, backing: Backing, request: ImportRequest, draft: VerdictDraft): boolean {
    const services = this.#services!;
    const { policy } = services;
    if (request.use !== ImportUse.SCANOUT && policy.zeroCopy !== "always") return false;
    const isCured = (reason: ImportReasonCode): boolean =>
      DESTRIDE_CURES.has(reason) || (CONTENTS_REASONS.has(reason) && request.use === ImportUse.SCANOUT);
    if (!draft.refused.some(({ reason }) => isCured(reason))) return false;
    if (policy.refused.has(ImportPath.DESTRIDE)) {
      draft.refuse(ImportPath.DESTRIDE, ImportReason.FAULT_INJECTED);
      return false;
    }
    if (!this.#hasRoom(ImportPath.DESTRIDE, draft)) return false;
    const refusal = this.#host.destride.attach(resource, backing, request, services);
    if (refusal !== "") draft.refuse(ImportPath.DESTRIDE, ImportReason.DRIVER_REFUSED, refusal);
    return refusal === "";
  }

  #forgetPass(resource: GlResource): void {
    if (this.#services !== null) this.#host.destride.forget(resource, this.#services);
  }

  #hasRoom(path: ImportPathCode, draft: VerdictDraft): boolean {
    if (this.#importedImages + this.#host.destride.size < MAX_IMPORTED_IMAGES) return true;
    draft.refuse(path, ImportReason.SYSTEM_REFUSED, `${MAX_IMPORTED_IMAGES} resources are imported already`);
    return false;
  }

  #tryImage(resource: GlResource, request: ImportRequest, plan: ImagePlan, draft: VerdictDraft): boolean {
    const { importer } = this.#services!;
    if (!this.#hasRoom(plan.path, draft)) return false;
    const isMade = plan.path === ImportPath.UDMABUF || plan.path === ImportPath.UDMABUF_LIST;
    const isDmaBuf = isMade || plan.path === ImportPath.HOST_HEAP;
    const fd = isMade ? importer.createDmaBuf(plan.pieces) : plan.pieces[0]!.file.fd;
    if (fd < 0) {
      draft.refuse(plan.path, ImportReason.SYSTEM_REFUSED, `the system refused the udmabuf (errno ${-fd})`);
      return false;
    }
    const result = this.#bind(resource, request, plan, fd);
    if (result !== 0) {
      if (isMade) importer.close(fd);
      draft.refuse(plan.path, ImportReason.DRIVER_REFUSED, `the driver refused: ${glImportProblem(result)}`);
      return false;
    }
    const owned = isMade ? fd : this.#keptFd(resource, request, fd, isDmaBuf);
    const canRender = isWholeBlocks(request, importer.profile.images!);
    const serial = ++ResourceImports.#serial;
    this.#importedImages++;
    resource.imported = new ImportedStorage(plan.path, request, owned, isDmaBuf, plan.offsetBytes, serial, canRender);
    resource.dependents = new Set();
    resource.undefinedLevels = 0;
    return true;
  }

  /** The driver has its own reference on a file; a display will want one too, and so do syncs. @returns a descriptor of ours, or -1 */
  #keptFd({ bind }: GlResource, { isBlob }: ImportRequest, fd: number, isDmaBuf: boolean): number {
    if (!isDmaBuf && isBlob !== true && (bind & v.VIRGL_BIND_SCANOUT) === 0) return -1;
    return Math.max(-1, this.#services!.importer.duplicate(fd));
  }

  #bind(resource: GlResource, request: ImportRequest, plan: ImagePlan, fd: number): number {
    if (this.#gl === null) return -1;
    const { width, height, fourcc, strideBytes, bytesPerPixel } = request;
    this.#forgetObject(resource);
    return this.#gl.importTexture(resource.name, {
      fd,
      width,
      height,
      fourcc,
      offsetBytes: plan.offsetBytes,
      strideBytes,
      rowBytes: width * bytesPerPixel,
      modifier: this.#linearModifier(fourcc),
      mustRender: request.use === ImportUse.RENDER_TARGET,
    });
  }

  /** LINEAR where the host is known to take it; some hosts guess otherwise, or refuse. */
  #linearModifier(fourcc: number): bigint | null {
    const rule = this.#services!.importer.profile.images?.formats.find((row) => row.fourcc === fourcc);
    return rule !== undefined && rule.modifiers.length > 0 ? 0n : null;
  }

  /** Moves contents to storage of the host's, in stream order: nobody waits. Whoever uses the resource sees no difference. */
  #own(resource: GlResource, reason: ImportReasonCode, detail = ""): void {
    const imported = resource.imported!;
    if (resource.kind === ResourceKind.BUFFER) {
      this.#buffers!.own(resource);
      resource.imported = null;
      this.#closeMemory(imported);
      this.#revise(resource, imported, reason, detail);
      return;
    }
    const { ledger, logger, encoder } = this.#host;
    this.#forgetObject(resource);
    const error = this.#gl!.ownTexture(resource.name, resource.format.internalFormat, resource.width, resource.height);
    if (error !== 0) {
      logger.error("Contents of a resource were lost with its memory.", { resource: resource.id, error });
      resource.undefinedLevels = 1;
    }
    ledger.count(CopyReason.SNAPSHOT, resource.width * resource.height * resource.format.blockBytes, resource.id);
    resource.imported = null;
    for (const dependent of resource.dependents ?? []) dependent.storageReplaced(this.#host);
    if (resource.suspended === null) resource.dependents = null;
    this.#host.storageReplaced();
    encoder.flush();
    this.#closeMemory(imported);
    this.#revise(resource, imported, reason);
  }

  /** The verdict on a resource that was imported until now. */
  #revise(resource: GlResource, imported: ImportedStorage, reason: ImportReasonCode, detail = ""): void {
    const verdict = this.verdicts.of(resource.id);
    if (verdict === undefined) return;
    const draft = new VerdictDraft();
    draft.refuse(imported.path, reason, detail);
    const path = reason === ImportReason.DETACHED || verdict.entries <= 1 ? ImportPath.UPLOAD : ImportPath.GATHER;
    this.verdicts.record(resource.id, { ...verdict, path, mayTear: false, refused: draft.refused });
  }

  /** Before the GL object at the resource's index is replaced. */
  #forgetObject(resource: GlResource): void {
    const { transfers, bindings, encoder } = this.#host;
    transfers.forget(resource);
    encoder.flush();
    bindings.forgetTexture(resource.name);
    resource.invalidateParameters();
  }

  /** Drivers have references of their own on files, but none on addresses. */
  #closeMemory(imported: ImportedStorage): void {
    if (imported.fd >= 0) this.#services!.importer.close(imported.fd);
    // Pinned buffers have neither.
    if (imported.strideBytes !== 0 || imported.isDmaBuf) this.#importedImages--;
    const { window } = imported;
    imported.window = null;
    this.#host.releasedMemory.add(window === null ? null : () => window.release());
  }
}

/** What is wrong with memory as it lies, and does not matter in another shape. */
const DESTRIDE_CURES: ReadonlySet<ImportReasonCode> = new Set([
  ImportReason.STRIDE,
  ImportReason.OFFSET,
  ImportReason.FORMAT_REFUSED,
  ImportReason.TOO_LARGE,
  ImportReason.DRIVER_REFUSED,
]);

/** A window that was promised and could not be had: what happens instead. */
function withoutWindow(verdict: ImportVerdict | undefined, readable: ReadableMemory | null): ImportVerdict | undefined {
  const refusal = readable?.refusal ?? null;
  if (verdict?.path !== ImportPath.WINDOW || refusal === null) return verdict;
  return { ...verdict, path: ImportPath.GATHER, refused: [...verdict.refused, refusal] };
}

/** Contents that a resource has because its memory was away are told as that. */
function explainContents(draft: VerdictDraft, suspended: SuspendedImport | null): void {
  if (suspended === null || !suspended.wasImported) return;
  const reason = suspended.isWritten ? ImportReason.DRAWN_MEANWHILE : ImportReason.MEMORY_CHANGED;
  draft.refused.forEach((step, i) => {
    if (step.reason === ImportReason.HAS_CONTENTS) draft.refused[i] = refuse(step.path, reason);
  });
}

const CONTENTS_REASONS: ReadonlySet<ImportReasonCode> = new Set([
  ImportReason.HAS_CONTENTS,
  ImportReason.MEMORY_CHANGED,
  ImportReason.DRAWN_MEANWHILE,
]);

function isImage({ kind }: GlResource): boolean {
  return kind === ResourceKind.TEXTURE || kind === ResourceKind.RENDERBUFFER;
}

function shapeOf(backing: Backing, pieces: readonly FilePiece[]): BackingShape {
  return { pieces: pieces.length, entries: backing.spans.length, sizeBytes: backing.sizeBytes };
}

/** What the layout of a resource asks of its memory: rows of the first level, tight, from the first byte on (virgl, vtest). */
export function imageRequest(resource: GlResource): ImportRequest {
  const { format, width, height, bind, flags } = resource;
  const isRendered = (bind & v.VIRGL_BIND_RENDER_TARGET) !== 0;
  const isGuestDrawn = (bind & v.VIRGL_BIND_SCANOUT) !== 0 && (flags & FLAG_Y_0_TOP) !== 0;
  return {
    use: isGuestDrawn ? ImportUse.SCANOUT : isRendered ? ImportUse.RENDER_TARGET : ImportUse.TEXTURE,
    fourcc: storageFourcc(format),
    formatName: format.name,
    width,
    height,
    layers: resource.levelLayers(0),
    levels: resource.lastLevel + 1,
    samples: resource.samples,
    isFlat: resource.kind === ResourceKind.TEXTURE && resource.glTarget === GL.TEXTURE_2D,
    bytesPerPixel: format.blockBytes,
    strideBytes: width * format.blockBytes,
    offsetBytes: 0,
    hasContents: !resource.isFresh,
  };
}
