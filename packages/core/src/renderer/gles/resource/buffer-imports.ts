/** Buffers whose storage is guest memory: the driver gets its address (GL_AMD_pinned_memory) or a dma-buf (GL_EXT_memory_object_fd). */
import { glImportProblem, type GlImports } from "../../../gl/index.js";
import {
  CopyReason,
  ImportPath,
  ImportReason,
  ImportUse,
  planBuffer,
  VerdictDraft,
  type Backing,
  type ImportPathCode,
  type ImportRequest,
  type ImportServices,
  type MemoryWindow,
  type PagedPieces,
  type PlannedBuffer,
} from "../../../memory/index.js";
import { Dirty } from "../dirty.js";
import type { GlesHost } from "../gles-host.js";
import type { GlResource } from "./gl-resource.js";
import { ImportedStorage } from "./imported-storage.js";

export class BufferImports {
  readonly #host: GlesHost;
  readonly #gl: GlImports | null;
  readonly #services: ImportServices;

  constructor(host: GlesHost, services: ImportServices) {
    this.#host = host;
    this.#gl = host.gl.imports ?? null;
    this.#services = services;
  }

  /** False where no buffer is ever imported. */
  get mayImport(): boolean {
    const { policy, importer } = this.#services;
    const { pinned, buffers } = importer.profile;
    return this.#gl !== null && policy.zeroCopy !== "never" && (pinned !== null || buffers?.memoryObjects === true);
  }

  /** @param isContents the backing holds the buffer's contents, whatever was done with it before */
  plan(resource: GlResource, backing: Backing, draft: VerdictDraft, isContents = false): PlannedBuffer {
    const { policy, importer } = this.#services;
    const asked = this.request(resource);
    return planBuffer(isContents ? { ...asked, hasContents: false } : asked, backing, policy, importer, draft);
  }

  /** The same bytes lie at another address. @returns false when the driver did not take it: the buffer still has the old one */
  repin(resource: GlResource, backing: Backing): boolean {
    const { piece } = this.plan(resource, backing, new VerdictDraft(), true);
    if (piece === null) return false;
    this.#host.encoder.flush();
    const { segment, segmentOffsetBytes } = piece;
    return this.#gl!.pinBuffer(resource.name, segment.id, segmentOffsetBytes, resource.sizeBytes) === 0;
  }

  /** Makes the memory the buffer's storage. @returns the path that was taken, or null */
  attach(resource: GlResource, plan: PlannedBuffer, draft: VerdictDraft, serial: number): ImportPathCode | null {
    if (plan.piece !== null) {
      const { segment, segmentOffsetBytes } = plan.piece;
      if (this.#pin(resource, ImportPath.PINNED, segment.id, segmentOffsetBytes, null, draft, serial))
        return ImportPath.PINNED;
    }
    if (plan.pages !== null && this.#pinPages(resource, plan.pages, draft, serial)) return ImportPath.PINNED_WINDOW;
    if (plan.object !== null && this.#importObject(resource, plan.object, draft, serial))
      return ImportPath.MEMORY_OBJECT;
    return null;
  }

  #pinPages(resource: GlResource, pages: PagedPieces, draft: VerdictDraft, serial: number): boolean {
    const window = this.#services.importer.createWindow(pages.pieces);
    if (window === null) {
      draft.refuse(ImportPath.PINNED_WINDOW, ImportReason.SYSTEM_REFUSED, "the system refused to map its pages");
      return false;
    }
    const { id } = window.segment;
    if (this.#pin(resource, ImportPath.PINNED_WINDOW, id, pages.offsetBytes, window, draft, serial)) return true;
    window.release();
    return false;
  }

  #importObject(resource: GlResource, pages: PagedPieces, draft: VerdictDraft, serial: number): boolean {
    const path = ImportPath.MEMORY_OBJECT;
    const { importer } = this.#services;
    const fd = importer.createDmaBuf(pages.pieces);
    if (fd < 0) {
      draft.refuse(path, ImportReason.SYSTEM_REFUSED, `the system refused the udmabuf (errno ${-fd})`);
      return false;
    }
    this.#host.encoder.flush();
    const result = this.#gl!.importBuffer(resource.name, fd, pages.sizeBytes, resource.sizeBytes);
    if (result !== 0) {
      importer.close(fd);
      draft.refuse(path, ImportReason.DRIVER_REFUSED, `the driver refused: ${glImportProblem(result)}`);
      return false;
    }
    this.#nameReplaced(resource);
    resource.imported = new ImportedStorage(path, this.request(resource), fd, true, 0, serial, true);
    return true;
  }

  /** GL has taken the old object out of all bindings. */
  #nameReplaced(resource: GlResource): void {
    const { bindings, current } = this.#host;
    bindings.forgetBuffer(resource.name);
    if (current !== null) current.dirty = Dirty.ALL;
  }

  /** Moves contents to storage of the host's, in stream order. */
  own(resource: GlResource): void {
    const { encoder, ledger, logger } = this.#host;
    const isReplaced = resource.imported?.path === ImportPath.MEMORY_OBJECT;
    encoder.flush();
    const error = this.#gl!.ownBuffer(resource.name, resource.sizeBytes, isReplaced);
    if (error !== 0)
      logger.error("Contents of a resource were lost with its memory.", { resource: resource.id, error });
    if (isReplaced) this.#nameReplaced(resource);
    ledger.count(CopyReason.SNAPSHOT, (isReplaced ? 1 : 2) * resource.sizeBytes, resource.id);
  }

  #pin(
    resource: GlResource,
    path: ImportPathCode,
    segment: number,
    offsetBytes: number,
    window: MemoryWindow | null,
    draft: VerdictDraft,
    serial: number,
  ): boolean {
    this.#host.encoder.flush();
    const result = this.#gl!.pinBuffer(resource.name, segment, offsetBytes, resource.sizeBytes);
    if (result !== 0) {
      draft.refuse(path, ImportReason.DRIVER_REFUSED, `the driver refused: ${glImportProblem(result)}`);
      return false;
    }
    const imported = new ImportedStorage(path, this.request(resource), -1, false, 0, serial, true);
    imported.window = window;
    resource.imported = imported;
    return true;
  }

  request(resource: GlResource): ImportRequest {
    return {
      use: ImportUse.BUFFER,
      fourcc: 0,
      formatName: "bytes",
      width: resource.sizeBytes,
      height: 1,
      layers: 1,
      levels: 1,
      samples: 0,
      isFlat: true,
      bytesPerPixel: 1,
      strideBytes: 0,
      offsetBytes: 0,
      hasContents: !resource.isUnshared || resource.bornAt !== this.#host.counters.submissions,
    };
  }
}
