import type { Segment } from "../segment.js";
import type { FilePiece } from "./file-pieces.js";
import type { HostProfile } from "./host-profile.js";
import type { ImportPolicy } from "./import-policy.js";
import type { VerdictBook } from "./import-verdict.js";

/** Whether pages lie below a bound: `unknown` without the privilege to read their addresses. */
export type DmaReach = "below" | "above" | "unknown";

/** Pages made contiguous in our address space. */
export interface MemoryWindow {
  /** Registered with the GL back end. `bytes[0]` is the first byte of the first piece. */
  readonly segment: Segment;
  release(): void;
}

/** What the system does with guest memory: udmabuf, mappings, page addresses. Bounds were checked before any of it is called. */
export interface MemoryImporter {
  readonly profile: HostProfile;
  /** Guests can have memory of the host's instead of their own (host blobs): the front-end maps it. Absent: they cannot. */
  readonly mapsHostMemory?: boolean;
  /** A dma-buf of whole pages. @returns a descriptor that the caller closes by `close`, or a negated errno. */
  createDmaBuf(pieces: readonly FilePiece[]): number;
  /** A descriptor of the same open file. @returns a descriptor, or a negated errno. */
  duplicate(fd: number): number;
  close(fd: number): void;
  /** DMA_BUF_IOCTL_SYNC, start and end: what one side wrote becomes visible to the other. Nothing for files that are no dma-bufs. */
  sync(fd: number, direction: "to-device" | "from-device"): void;
  dmaReach(pieces: readonly FilePiece[], addressBits: number): DmaReach;
  /** Null: the system refused, or there are too many. */
  createWindow(pieces: readonly FilePiece[]): MemoryWindow | null;
}

/** What a renderer needs to import guest memory: what is wanted, what the host can, and where verdicts are written down. */
export interface ImportServices {
  readonly policy: ImportPolicy;
  readonly importer: MemoryImporter;
  readonly verdicts: VerdictBook;
}
