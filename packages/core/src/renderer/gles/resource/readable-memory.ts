import {
  Backing,
  filePieces,
  ImportPath,
  ImportReason,
  refuse,
  toPages,
  type ImportPathCode,
  type ImportServices,
  type MemoryImporter,
  type MemoryWindow,
  type PagedPieces,
  type RefusedStep,
} from "../../../memory/index.js";

const PAGE_BYTES = 4096;
/** Each piece is a mapping, of which a process may have 65530. */
const MAX_PIECES = 4096;
/** Address space, and page tables for what is read. Guests may name the same pages again and again: few entries are terabytes. */
const MAX_BYTES = 1 << 30;

/** Uploads that are gathered in `auto` before pages are mapped: mapping them costs more than one gather. */
const PATIENCE = 2;

/** A resource's scattered memory in one piece, for uploads without a gather. */
export class ReadableMemory {
  readonly #sizeBytes: number;
  readonly #pages: PagedPieces | null;
  #patience: number;
  /** Null: not mapped, or not possible. */
  #backing: Backing | null;
  #window: MemoryWindow | null = null;
  #refusal: RefusedStep | null;

  private constructor(memory: Backing, backing: Backing | null, pages: PagedPieces | null, patience: number) {
    this.#sizeBytes = memory.sizeBytes;
    this.#backing = backing;
    this.#pages = pages;
    this.#patience = patience;
    this.#refusal = null;
  }

  /** @param memory more than one span */
  static plan(memory: Backing, services: ImportServices): ReadableMemory {
    const pieces = filePieces(memory, 0, memory.sizeBytes);
    if (typeof pieces !== "number" && pieces.length === 1) {
      const { segment, segmentOffsetBytes, lengthBytes } = pieces[0]!;
      return new ReadableMemory(
        memory,
        new Backing([{ segment, offsetBytes: segmentOffsetBytes, lengthBytes }]),
        null,
        0,
      );
    }
    const pages = typeof pieces === "number" ? null : toPages(pieces, PAGE_BYTES);
    const refusal = refusalOf(memory, pieces, pages, services);
    const patience = services.policy.zeroCopy === "auto" ? PATIENCE : 0;
    const planned = new ReadableMemory(memory, null, refusal === null ? pages : null, patience);
    planned.#refusal = refusal;
    return planned;
  }

  /** `UPLOAD`: entries that follow each other are one piece anyhow. `WINDOW`: pages are, or will be, mapped again. `GATHER`: neither. */
  get path(): ImportPathCode {
    if (this.#refusal !== null) return ImportPath.GATHER;
    return this.#pages === null ? ImportPath.UPLOAD : ImportPath.WINDOW;
  }

  /** Why there is no window; null: there is one, or will be, or none is needed. */
  get refusal(): RefusedStep | null {
    return this.#refusal;
  }

  /** The memory in one piece; null where it is not, or not yet: then it is gathered. */
  use(importer: MemoryImporter): Backing | null {
    if (this.#backing !== null || this.#pages === null || this.#refusal !== null) return this.#backing;
    if (this.#patience-- > 0) return null;
    this.#patience = 0;
    this.#window = importer.createWindow(this.#pages.pieces);
    if (this.#window === null) {
      const detail = "the system refused to map its pages, or so many are mapped already";
      this.#refusal = refuse(ImportPath.WINDOW, ImportReason.SYSTEM_REFUSED, detail);
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

function refusalOf(
  memory: Backing,
  pieces: ReturnType<typeof filePieces>,
  pages: PagedPieces | null,
  { policy }: ImportServices,
): RefusedStep | null {
  const path = ImportPath.WINDOW;
  if (policy.zeroCopy === "never") return refuse(path, ImportReason.POLICY_NEVER);
  if (policy.refused.has(path)) return refuse(path, ImportReason.FAULT_INJECTED);
  if (typeof pieces === "number") return refuse(path, pieces);
  if (pieces.length > MAX_PIECES)
    return refuse(
      path,
      ImportReason.SCATTERED,
      `its ${pieces.length} pieces are more than are mapped again (${MAX_PIECES})`,
    );
  const sizeBytes = pages?.sizeBytes ?? memory.sizeBytes;
  if (sizeBytes > MAX_BYTES)
    return refuse(path, ImportReason.TOO_LARGE, `its ${sizeBytes} bytes are more than are mapped again (${MAX_BYTES})`);
  return pages === null ? refuse(path, ImportReason.PAGE_ALIGNMENT) : null;
}
