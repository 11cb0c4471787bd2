/** Guest memory that a display reads directly: descriptors for what software renderers keep in place. */
import { filePieces, fourccCode, toPages, type Backing, type FilePiece, type ImportServices } from "../memory/index.js";
import type { ResourceId, ScanoutBuffer } from "./renderer.js";

/** What displays call the guest's formats (`enum virtio_gpu_formats`; drm_fourcc.h); alpha of a scanout means nothing. */
const FOURCC: ReadonlyMap<number, number> = new Map([
  [1, fourccCode("XR24")],
  [2, fourccCode("XR24")],
  [3, fourccCode("BX24")],
  [4, fourccCode("BX24")],
  [67, fourccCode("XB24")],
  [68, fourccCode("RX24")],
  [121, fourccCode("RX24")],
  [134, fourccCode("XB24")],
]);

/** Where rows lie in a backing. */
export interface ScanoutLayout {
  /** VirtioGpuFormat. */
  readonly format: number;
  readonly width: number;
  readonly height: number;
  readonly strideBytes: number;
  readonly offsetBytes: number;
}

/** Kept at once: each holds a descriptor, and a guest may show everything that it has in turn. */
const MAX_EXPORTED = 64;

interface Exported {
  readonly buffer: ScanoutBuffer;
  readonly backing: Backing;
}

/** Descriptors by resource; each is ours until forgotten. */
export class ScanoutMemory {
  readonly #services: ImportServices;
  readonly #exported = new Map<ResourceId, Exported | null>();
  #serial = 0;

  constructor(services: ImportServices) {
    this.#services = services;
  }

  /** The memory of a scanout as a dma-buf, or as a memory file where it lies in one piece and there is no udmabuf. Null: neither. */
  buffer(resourceId: ResourceId, backing: Backing, layout: ScanoutLayout): ScanoutBuffer | null {
    const known = this.#exported.get(resourceId);
    if (known === null) return null;
    if (known?.backing === backing) {
      // Used last: others go first.
      this.#exported.delete(resourceId);
      this.#exported.set(resourceId, known);
      return known.buffer;
    }
    this.forget(resourceId);
    if (this.#exported.size >= MAX_EXPORTED) this.forget(this.#exported.keys().next().value!);
    const buffer = this.#export(backing, layout);
    this.#exported.set(resourceId, buffer === null ? null : { buffer, backing });
    return buffer;
  }

  /** The guest's processor has written: a display that reads by DMA shall see it. */
  written(resourceId: ResourceId): void {
    const buffer = this.#exported.get(resourceId)?.buffer;
    if (buffer?.isDmaBuf === true) this.#services.importer.sync(buffer.fd, "to-device");
  }

  /** The resource's memory goes, or changes. */
  forget(resourceId: ResourceId): void {
    const known = this.#exported.get(resourceId);
    if (known !== undefined && known !== null) this.#services.importer.close(known.buffer.fd);
    this.#exported.delete(resourceId);
  }

  clear(): void {
    for (const id of [...this.#exported.keys()]) this.forget(id);
  }

  #export(backing: Backing, layout: ScanoutLayout): ScanoutBuffer | null {
    const { width, height, strideBytes, format } = layout;
    const fourcc = FOURCC.get(format) ?? 0;
    const pieces = filePieces(backing, layout.offsetBytes, strideBytes * (height - 1) + width * 4);
    if (fourcc === 0 || typeof pieces === "number") return null;
    const dmaBuf = this.#dmaBuf(pieces);
    const isDmaBuf = dmaBuf !== null;
    const memory = dmaBuf ?? this.#file(pieces);
    if (memory === null) return null;
    const serial = ++this.#serial;
    const shape = { width, height, strideBytes, fourcc, modifier: 0n, isYInverted: false, isGuestDrawn: true };
    return { ...memory, ...shape, isDmaBuf, serial };
  }

  #dmaBuf(pieces: readonly FilePiece[]): { fd: number; offsetBytes: number } | null {
    const { importer } = this.#services;
    const { udmabuf } = importer.profile;
    const paged = udmabuf === null ? null : toPages(pieces, udmabuf.pageBytes);
    if (udmabuf === null || paged === null) return null;
    if (paged.pieces.length > udmabuf.listLimit || paged.sizeBytes > udmabuf.sizeLimitBytes) return null;
    const fd = importer.createDmaBuf(paged.pieces);
    return fd < 0 ? null : { fd, offsetBytes: paged.offsetBytes };
  }

  #file(pieces: readonly FilePiece[]): { fd: number; offsetBytes: number } | null {
    const piece = pieces[0]!;
    if (pieces.length > 1 || piece.offsetBytes + piece.lengthBytes >= 2 ** 31) return null;
    const fd = this.#services.importer.duplicate(piece.file.fd);
    return fd < 0 ? null : { fd, offsetBytes: piece.offsetBytes };
  }
}
