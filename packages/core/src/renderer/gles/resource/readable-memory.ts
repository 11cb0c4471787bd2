import {
  Backing,
  filePieces,
  ImportPath,
  toPages,
  type ImportPathCode,
  type ImportServices,
  type MemoryWindow,
} from "../../../memory/index.js";
import type { GlResource } from "./gl-resource.js";

const PAGE_BYTES = 4096;
/** Each piece is a mapping, of which a process may have 65530. */
const MAX_PIECES = 4096;

/** A resource's scattered memory in one piece, for uploads without a gather. */
export class ReadableMemory {
  readonly backing: Backing;
  readonly #window: MemoryWindow | null;

  private constructor(backing: Backing, window: MemoryWindow | null) {
    this.backing = backing;
    this.#window = window;
  }

  /** Null: it cannot be made contiguous, or need not be. */
  static of(memory: Backing, { policy, importer }: ImportServices): ReadableMemory | null {
    const pieces = memory.spans.length < 2 ? 0 : filePieces(memory, 0, memory.sizeBytes);
    if (typeof pieces === "number") return null;
    if (pieces.length === 1) {
      const { segment, segmentOffsetBytes, lengthBytes } = pieces[0]!;
      return new ReadableMemory(new Backing([{ segment, offsetBytes: segmentOffsetBytes, lengthBytes }]), null);
    }
    if (policy.zeroCopy === "never" || policy.refused.has(ImportPath.WINDOW) || pieces.length > MAX_PIECES) return null;
    const paged = toPages(pieces, PAGE_BYTES);
    const window = paged === null ? null : importer.createWindow(paged.pieces);
    if (paged === null || window === null) return null;
    const { offsetBytes } = paged;
    const span = { segment: window.segment, offsetBytes, lengthBytes: memory.sizeBytes };
    return new ReadableMemory(new Backing([span]), window);
  }

  /** The rung that an upload from this memory is on. */
  static pathOf(resource: GlResource, memory: Backing, services: ImportServices): ImportPathCode {
    if (memory.spans.length < 2) return ImportPath.UPLOAD;
    if (resource.readable === undefined) resource.readable = ReadableMemory.of(memory, services);
    const { readable } = resource;
    if (readable === null) return ImportPath.GATHER;
    return readable.#window === null ? ImportPath.UPLOAD : ImportPath.WINDOW;
  }

  release(): void {
    this.#window?.release();
  }
}
