/** The import ladder's ways into this system: udmabuf, windows of scattered pages, cache maintenance. */
import { constants } from "node:os";
import {
  filePieces,
  toPages,
  type Backing,
  type DmaReach,
  type FilePiece,
  type HostProfile,
  type MemoryImporter,
  type MemoryWindow,
  type SegmentId,
} from "@virtgpu/core/memory";
import { addon } from "../native/addon.js";
import { closeFd, Mapping } from "../native/memory.js";
import type { SegmentRegistry } from "../transport/session-memory.js";
import type { HeapMemory } from "./heap-memory.js";

/** Each keeps a mapping per piece; the system allows 65530 (vm.max_map_count). */
const MAX_WINDOW_PIECES = 16_384;
/** Address space that all windows take: entries of a guest may name the same pages over and over. */
const MAX_WINDOW_BYTES = 8 * 2 ** 30;
const SYNC_READ = 1;
const SYNC_WRITE = 2;

/** Says where pages lie: `probe` brings it. */
export type ReachCheck = (fd: number, offsetBytes: number, lengthBytes: number, addressBits: number) => DmaReach;

/** The ways into the system of one process. What is imported is released by whoever asked for it. */
export class NativeImporter implements MemoryImporter {
  readonly profile: HostProfile;
  readonly #registry: SegmentRegistry;
  readonly #reach: ReachCheck;
  /** Where host blobs come from; null: memory files. */
  readonly heap: HeapMemory | null;
  /** GPU and display do not reach all addresses. */
  readonly isLimited: boolean;
  /** Answers whether the front-end maps host memory; whoever talks to it sets it. */
  askFrontEnd: () => boolean = () => false;
  /** Pieces of all living windows. */
  #windowPieces = 0;
  /** Bytes of all living windows. */
  #windowBytes = 0;

  constructor(
    profile: HostProfile,
    registry: SegmentRegistry,
    reach: ReachCheck = () => "unknown",
    heap: HeapMemory | null = null,
    isLimited = false,
  ) {
    this.heap = heap;
    this.isLimited = isLimited;
    this.profile = profile;
    this.#registry = registry;
    this.#reach = reach;
  }

  get mapsHostMemory(): boolean {
    return this.askFrontEnd();
  }

  createDmaBuf(pieces: readonly FilePiece[]): number {
    return addon().createDmaBuf(wordsOf(pieces), pieces.length);
  }

  /** All of a backing as one dma-buf, for whoever shares it on. @returns a descriptor that the caller closes, or a negated errno */
  exportBacking(backing: Backing): number {
    const { udmabuf } = this.profile;
    const pieces = filePieces(backing, 0, backing.sizeBytes);
    const paged = udmabuf === null || typeof pieces === "number" ? null : toPages(pieces, udmabuf.pageBytes);
    // Who imports it knows no offset: it must begin on a page.
    if (paged === null || paged.offsetBytes !== 0) return -constants.errno.EINVAL;
    return this.createDmaBuf(paged.pieces);
  }

  duplicate(fd: number): number {
    return addon().duplicateFd(fd);
  }

  close(fd: number): void {
    closeFd(fd);
  }

  sync(fd: number, direction: "to-device" | "from-device"): void {
    addon().syncDmaBuf(fd, direction === "to-device" ? SYNC_WRITE : SYNC_READ);
  }

  dmaReach(pieces: readonly FilePiece[], addressBits: number): DmaReach {
    let isKnown = true;
    for (const { file, offsetBytes, lengthBytes } of pieces) {
      const reach = this.#reach(file.fd, offsetBytes, lengthBytes, addressBits);
      if (reach === "above") return reach;
      if (reach === "unknown" && file.host?.isTrusted !== true) isKnown = false;
    }
    return isKnown ? "below" : "unknown";
  }

  createWindow(pieces: readonly FilePiece[]): MemoryWindow | null {
    const sizeBytes = pieces.reduce((sum, { lengthBytes }) => sum + lengthBytes, 0);
    if (this.#windowPieces + pieces.length > MAX_WINDOW_PIECES) return null;
    if (this.#windowBytes + sizeBytes > MAX_WINDOW_BYTES) return null;
    const mapping = Mapping.mapWindow(wordsOf(pieces), pieces.length);
    if (mapping === null) return null;
    const id = this.#registry.registerSegment(mapping.bytes);
    if (id === 0) {
      mapping.release();
      return null;
    }
    this.#windowPieces += pieces.length;
    this.#windowBytes += sizeBytes;
    return {
      segment: { id: id as SegmentId, bytes: mapping.bytes },
      release: () => {
        this.#windowPieces -= pieces.length;
        this.#windowBytes -= sizeBytes;
        this.#registry.unregisterSegment(id);
        mapping.release();
      },
    };
  }
}

/** fd, offset and length of each piece, as the addon takes them. */
function wordsOf(pieces: readonly FilePiece[]): Float64Array {
  const words = new Float64Array(pieces.length * 3);
  pieces.forEach(({ file, offsetBytes, lengthBytes }, i) => words.set([file.fd, offsetBytes, lengthBytes], i * 3));
  return words;
}
