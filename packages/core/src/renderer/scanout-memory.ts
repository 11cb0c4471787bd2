/** Guest memory that a display reads directly: descriptors for what software renderers keep in place. */
import {
  filePieces,
  firstPathOf,
  fourccCode,
  isInReach,
  toPages,
  VerdictDraft,
  type Backing,
  type FilePiece,
  type ImportServices,
  type RefusedStep,
} from "../memory/index.js";
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
  readonly resourceId: ResourceId;
  readonly layout: ScanoutLayout;
  /** Null: it cannot be exported. */
  readonly buffer: ScanoutBuffer | null;
  backing: Backing;
}

/** Descriptors by resource and layout; each is ours until forgotten. */
export class ScanoutMemory {
  readonly #services: ImportServices;
  /** Used last comes last. A blob may be seen in several layouts. */
  #exported: Exported[] = [];
  readonly #refusals = new Map<ResourceId, RefusedStep>();
  /** Over all instances: displays must not take memory of one for memory of another. */
  static #serial = 0;

  constructor(services: ImportServices) {
    this.#services = services;
  }

  /** What serves scanouts by this policy; null: nothing is exported, frames are copied. */
  static forPolicy(services: ImportServices | undefined): ScanoutMemory | null {
    if (services === undefined || services.policy.zeroCopy === "never" || services.policy.present !== "direct")
      return null;
    return new ScanoutMemory(services);
  }

  /** The memory of a scanout as a dma-buf, or as a memory file where it lies in one piece and there is no udmabuf. Null: neither. */
  buffer(resourceId: ResourceId, backing: Backing, layout: ScanoutLayout): ScanoutBuffer | null {
    const at = this.#exported.findIndex(
      (entry) => entry.resourceId === resourceId && isSameLayout(entry.layout, layout),
    );
    const known = at < 0 ? undefined : this.#exported.splice(at, 1)[0]!;
    if (known?.backing === backing) {
      this.#exported.push(known);
      return known.buffer;
    }
    if (known !== undefined) this.#close(known);
    if (this.#exported.length >= MAX_EXPORTED) this.#close(this.#exported.shift()!);
    const { format, width, height, strideBytes, offsetBytes } = layout;
    const fixed = { format, width, height, strideBytes, offsetBytes };
    const buffer = this.#export(resourceId, backing, fixed);
    this.#exported.push({ resourceId, layout: fixed, buffer, backing });
    return buffer;
  }

  /** The same bytes are reached through other spans: what was exported stays. */
  moved(resourceId: ResourceId, backing: Backing): void {
    for (const entry of this.#exported) if (entry.resourceId === resourceId) entry.backing = backing;
  }

  /** Why the resource's memory is not handed out, though somebody wanted it. */
  refusalOf(resourceId: ResourceId): RefusedStep | null {
    return this.#refusals.get(resourceId) ?? null;
  }

  /** Whether what the processor writes reaches those who read by DMA only after `written`, or may. */
  get needsSync(): boolean {
    return this.#services.importer.profile.images?.isCoherent !== true;
  }

  /** The guest's processor has written: a display that reads by DMA shall see it. */
  written(resourceId: ResourceId): void {
    for (const { resourceId: id, buffer } of this.#exported)
      if (id === resourceId && buffer?.isDmaBuf === true) this.#services.importer.sync(buffer.fd, "to-device");
  }

  /** The resource's memory goes, or changes. */
  forget(resourceId: ResourceId): void {
    this.#refusals.delete(resourceId);
    if (this.#exported.length === 0) return;
    for (const entry of this.#exported) if (entry.resourceId === resourceId) this.#close(entry);
    this.#exported = this.#exported.filter((entry) => entry.resourceId !== resourceId);
  }

  clear(): void {
    for (const entry of this.#exported) this.#close(entry);
    this.#exported = [];
    this.#refusals.clear();
  }

  #close({ buffer }: Exported): void {
    if (buffer !== null) this.#services.importer.close(buffer.fd);
  }

  #export(resourceId: ResourceId, backing: Backing, layout: ScanoutLayout): ScanoutBuffer | null {
    const { width, height, strideBytes, format } = layout;
    const fourcc = FOURCC.get(format) ?? 0;
    const pieces = filePieces(backing, layout.offsetBytes, strideBytes * (height - 1) + width * 4);
    if (fourcc === 0 || typeof pieces === "number" || !this.#isInReach(resourceId, backing, pieces)) return null;
    const memory = this.#asItIs(pieces) ?? this.#dmaBuf(pieces) ?? this.#file(pieces);
    if (memory === null) return null;
    const serial = ++ScanoutMemory.#serial;
    const shape = { width, height, strideBytes, fourcc, modifier: 0n, isYInverted: false, isGuestDrawn: true };
    return { ...memory, ...shape, serial };
  }

  #isInReach(resourceId: ResourceId, backing: Backing, pieces: readonly FilePiece[]): boolean {
    const { policy, importer } = this.#services;
    const draft = new VerdictDraft(firstPathOf(backing));
    if (isInReach(pieces, policy, importer, draft)) return true;
    this.#refusals.set(resourceId, draft.refused[0]!);
    return false;
  }

  /** Memory that is a dma-buf already. */
  #asItIs(pieces: readonly FilePiece[]): ExportedMemory | null {
    return pieces[0]!.file.isDmaBuf === true ? this.#file(pieces) : null;
  }

  #dmaBuf(pieces: readonly FilePiece[]): ExportedMemory | null {
    const { importer } = this.#services;
    const { udmabuf } = importer.profile;
    const isFit = pieces.every(({ file }) => !file.isWriteSealed && file.isDmaBuf !== true);
    const paged = udmabuf === null || !isFit ? null : toPages(pieces, udmabuf.pageBytes);
    if (udmabuf === null || paged === null) return null;
    if (paged.pieces.length > udmabuf.listLimit || paged.sizeBytes > udmabuf.sizeLimitBytes) return null;
    const fd = importer.createDmaBuf(paged.pieces);
    return fd < 0 ? null : { fd, offsetBytes: paged.offsetBytes, isDmaBuf: true };
  }

  #file(pieces: readonly FilePiece[]): ExportedMemory | null {
    const piece = pieces[0]!;
    if (pieces.length > 1 || piece.offsetBytes + piece.lengthBytes >= 2 ** 31) return null;
    const fd = this.#services.importer.duplicate(piece.file.fd);
    return fd < 0 ? null : { fd, offsetBytes: piece.offsetBytes, isDmaBuf: piece.file.isDmaBuf === true };
  }
}

type ExportedMemory = Pick<ScanoutBuffer, "fd" | "offsetBytes" | "isDmaBuf">;

function isSameLayout(a: ScanoutLayout, b: ScanoutLayout): boolean {
  const isSameShape = a.width === b.width && a.height === b.height && a.format === b.format;
  return isSameShape && a.strideBytes === b.strideBytes && a.offsetBytes === b.offsetBytes;
}
