/**
 * A segment is memory that a GL back end may read or write by reference: guest memory, a client's shared
 * memory, the private copy of a command stream, our own staging. It is registered once with the back end,
 * which checks every (id, offset, length) against it, so bulk data never passes through JavaScript.
 */
export type SegmentId = number & { readonly __brand: "SegmentId" };

/** One such piece of memory. Whoever registered it keeps it until it is unregistered. */
export interface Segment {
  /** Dense and small; unique among the living segments of one back end. */
  readonly id: SegmentId;
  /** The whole segment. Contents may change at any time if the memory is shared: read each field once. */
  readonly bytes: Uint8Array;
  /** The file that `bytes` maps, where drivers and compositors may be handed it; absent: private memory. */
  readonly file?: SharedFile;
}

/** A file of shared memory (a memfd). Seen through a mapping of ours, so that nobody but us chooses what is imported of it. */
export interface SharedFile {
  /** Opaque: the descriptor. It belongs to whoever made the segment and stays open as long as the segment is registered. */
  readonly fd: number;
  /** Where in the file the segment's first byte lies. */
  readonly offsetBytes: number;
  /** Of the whole file, when it was mapped. */
  readonly sizeBytes: number;
  /** Nobody can shorten it (F_SEAL_SHRINK). A file that is not sealed is never imported. */
  readonly isSealed: boolean;
  /** Nobody can write to it (F_SEAL_WRITE, F_SEAL_FUTURE_WRITE): udmabuf refuses such a file. */
  readonly isWriteSealed: boolean;
  /** The size of the file's pages: 4096, or that of huge pages. */
  readonly pageBytes: number;
  /** The same for every descriptor and mapping of this file, and for no other file; absent: not known. */
  readonly identity?: string;
  /** It is a dma-buf itself: displays and drivers are handed it as it is. It must say that it is sealed, as dma-bufs cannot shrink. */
  readonly isDmaBuf?: boolean;
  /** Absent: guest memory. */
  readonly host?: HostAllocation;
}

/** Memory that the host allocated and a guest maps (a host blob). */
export interface HostAllocation {
  /** The dma-heap that the memory is from: the file is a dma-buf, which drivers and compositors take as it is. Null: a memory file of ours. */
  readonly heap: string | null;
  /** Whoever runs the device vouches that devices reach the heap's memory, where the kernel does not tell where it lies. */
  readonly isTrusted: boolean;
  /** The dma-heap that had no memory left for it. Absent: none was asked. */
  readonly missedHeap?: string;
}
