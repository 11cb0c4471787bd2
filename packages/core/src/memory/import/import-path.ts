/** Ways for guest memory to reach GPU, display or software renderer: the rungs of the ladder, best first. */
export const ImportPath = {
  /** Software renderers: the guest's own bytes are the resource. */
  DIRECT: 0,
  /** Host memory that the guest maps, from a dma-heap: a dma-buf as it is. */
  HOST_HEAP: 1,
  /** Host memory that the guest maps, a memory file: as `MEMFD`. */
  HOST_MEMFD: 2,
  /** The guest memory's file itself stands for a dma-buf: contiguous ranges, software EGL. */
  MEMFD: 3,
  /** A udmabuf of one range. */
  UDMABUF: 4,
  /** A udmabuf of a list of ranges. */
  UDMABUF_LIST: 5,
  /** Buffers: the driver is given the address (GL_AMD_pinned_memory). */
  PINNED: 6,
  /** Buffers: as `PINNED`, over pages that were made contiguous in our address space. */
  PINNED_WINDOW: 7,
  /** Buffers: a udmabuf as a memory object (GL_EXT_memory_object_fd). */
  MEMORY_OBJECT: 8,
  /** Imported in another shape; a pass of the GPU picks the pixels into storage of the host's. The processor copies nothing. */
  DESTRIDE: 9,
  /** Not imported: one upload by the driver straight from contiguous guest memory. */
  UPLOAD: 10,
  /** Not imported: one upload straight from pages that were made contiguous in our address space. */
  WINDOW: 11,
  /** Not imported: pages are gathered by us, then uploaded. The last step, which always works. */
  GATHER: 12,
} as const;
export type ImportPathCode = (typeof ImportPath)[keyof typeof ImportPath];

/** Names for people, metrics and options, indexed by code. */
export const IMPORT_PATH_NAMES = [
  "direct",
  "host-heap",
  "host-memfd",
  "memfd",
  "udmabuf",
  "udmabuf-list",
  "pinned",
  "pinned-window",
  "memory-object",
  "destride",
  "upload",
  "window",
  "gather",
] as const;
export type ImportPathName = (typeof IMPORT_PATH_NAMES)[number];

/** Whether a resource on this path has no bytes of its own: guest memory is its storage. */
export function isZeroCopy(path: ImportPathCode): boolean {
  return path <= ImportPath.MEMORY_OBJECT;
}

/** The code of a name, or undefined. */
export function importPathByName(name: string): ImportPathCode | undefined {
  const index = (IMPORT_PATH_NAMES as readonly string[]).indexOf(name);
  return index < 0 ? undefined : (index as ImportPathCode);
}
