import {
  Backing,
  filePieces,
  ImportPath,
  toPages,
  type ImportPathCode,
  type ImportServices,
  type MemoryImporter,
  type MemoryWindow,
  type PagedPieces,
} from "../../../memory/index.js";

const PAGE_BYTES = 4096;
/** Each piece is a mapping, of which a process may have 65530. */
const MAX_PIECES = 4096;

/** Uploads that are gathered in `auto` before pages are mapped: mapping them costs more than one gather. */
const PATIENCE = 2;

/** A resource's scattered memory in one piece, for uploads without a gather. */
export class ReadableMemory {
  /** `UPLOAD`: entries that follow each other are one piece anyhow. `WINDOW`: pages are mapped again. */
  readonly path: ImportPathCode;
  readonly #sizeBytes: number;
  readonly #pages: PagedPieces | null;
  #patience: number;
  /** Null: not mapped, or not possible. */
  #backing: Backing | null;
  #window: MemoryWindow | null = null;

  private constructor(memory: Backing, backing: Backing | null, pages: PagedPieces | null, patience: number) {
    this.path = backing === null ? ImportPath.WINDOW : ImportPath.UPLOAD;
    this.#sizeBytes = memory.sizeBytes;
    this.#backing = backing;
    this.#pages = pages;
    this.#patience = patience;
  }

  /** Null: it cannot be made contiguous, or need not be. */
  static plan(memory: Backing, { policy }: ImportServices): ReadableMemory | null {
    const pieces = memory.spans.length < 2 ? 0 : filePieces(memory, 0, memory.sizeBytes);
    if (typeof pieces === "number") return null;
    if (pieces.length === 1) {
      const { segment, segmentOffsetBytes, lengthBytes } = pieces[0]!;
      const joined = new Backing([{ segment, offsetBytes: segmentOffsetBytes, lengthBytes }]);
      return new ReadableMemory(memory, joined, null, 0);
    }
    if (policy.zeroCopy === "never" || policy.refused.has(ImportPath.WINDOW) || pieces.length > MAX_PIECES) return null;
    const pages = toPages(pieces, PAGE_BYTES);
    return pages === null ? null : new ReadableMemory(memory, null, pages, policy.zeroCopy === "auto" ? PATIENCE : 0);
  }

  /** The memory in one piece; null where it is not, or not yet: then it is gathered. */
  use(importer: MemoryImporter): Backing | null {
    if (this.#backing !== null || this.#pages === null || this.#patience-- > 0) return this.#backing;
    this.#patience = 0;
    this.#window ??= importer.createWindow(this.#pages.pieces);
    if (this.#window === null) {
      this.#patience = Number.POSITIVE_INFINITY;
      return null;
    }
    const { segment } = this.#window;
    const span = { segment, offsetBytes: this.#pages.offsetBytes, lengthBytes: this.#sizeBytes };
    this.#backing = new Backing([span]);
    return this.#backing;
  }

  release(): void {
    this.#window?.release();
    this.#window = null;
    this.#backing = null;
  }
}
