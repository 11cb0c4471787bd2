/** Buffers whose storage is guest memory: its address is given to the driver (GL_AMD_pinned_memory). */
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
  type PlannedBuffer,
} from "../../../memory/index.js";
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
    return this.#gl !== null && policy.zeroCopy !== "never" && importer.profile.pinned !== null;
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
    if (plan.pages === null) return null;
    const window = this.#services.importer.createWindow(plan.pages.pieces);
    if (window === null) {
      draft.refuse(ImportPath.PINNED_WINDOW, ImportReason.SYSTEM_REFUSED, "the system refused to map its pages");
      return null;
    }
    const { id } = window.segment;
    if (this.#pin(resource, ImportPath.PINNED_WINDOW, id, plan.pages.offsetBytes, window, draft, serial))
      return ImportPath.PINNED_WINDOW;
    window.release();
    return null;
  }

  /** Moves contents to storage of the host's, in stream order. */
  own(resource: GlResource): void {
    const { encoder, ledger, logger } = this.#host;
    encoder.flush();
    const error = this.#gl!.ownBuffer(resource.name, resource.sizeBytes);
    if (error !== 0)
      logger.error("Contents of a resource were lost with its memory.", { resource: resource.id, error });
    ledger.count(CopyReason.SNAPSHOT, 2 * resource.sizeBytes, resource.id);
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
