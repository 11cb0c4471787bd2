import type { GlCaps } from "./caps.js";

/** Kinds of completion records. */
export const GlCompletion = {
  /** [FENCE, id, low, high]: everything encoded before `fence(id)` is done; when, in nanoseconds of CLOCK_MONOTONIC, or 0. */
  FENCE: 1,
  /** [QUERY, ticket, low, high]: the 64-bit result of a query. */
  QUERY: 2,
  /** [PROGRAM, program, linked ? 1 : 0, 0]: after every linkProgram; the log is `takeProgramLog`. */
  PROGRAM: 3,
  /** [ERRORS, count, first GL error, its opcode or 0]: GL errors since the last record. */
  ERRORS: 4,
  /** [RESET, GL's word for it, 0, 0]: the GPU lost the context. All that is in it is gone, and records that have not come never will. */
  RESET: 5,
} as const;

/** Int32 words of a completion record. */
export const GL_COMPLETION_WORDS = 4;

/** Memory of a `GlEncoder` that its back end reads at every replay. Stays the same for the encoder's life. */
export interface GlBatchMemory {
  /** Encoded ops. */
  readonly words: Uint32Array;
  /** Gather pieces: segment id (`GL_ZERO_SEGMENT`: zeros), source offset, length, ring offset, all bytes. */
  readonly pieces: Uint32Array;
  /** Contents of the uniform ring, completed by the pieces. */
  readonly ring: Uint8Array;
}

/** As the segment id of a gather piece: write zeros. */
export const GL_ZERO_SEGMENT = 0xffffffff;

/** What `replay` returns when a gather piece lies outside its segment or the ring. */
export const GL_BAD_PIECE = -2;

/** Segment ids are below it. */
export const GL_SEGMENTS_MAX = 65536;

/** Memory that shall be a texture. Checked by the caller: the picture lies in the file, and the file cannot shrink. */
export interface GlImage {
  readonly fd: number;
  readonly width: number;
  readonly height: number;
  /** DRM fourcc. */
  readonly fourcc: number;
  readonly offsetBytes: number;
  readonly strideBytes: number;
  /** Of texels in a row: at most the stride. */
  readonly rowBytes: number;
  /** DRM format modifier; null: none is named. */
  readonly modifier: bigint | null;
  readonly mustRender: boolean;
}

/** Memory that is not GL's as storage of GL objects. Each call acts at once: flush the encoder first. Results: 0, or what went wrong. */
export interface GlImports {
  /**
   * Replaces the texture by one whose storage is the image's memory (EGL_EXT_image_dma_buf_import). Framebuffers and views that were
   * made of the old one keep the old one. @returns 0, an EGL or GL error number, or below 0 (`glImportProblem` says it in words)
   */
  importTexture(texture: number, image: GlImage): number;
  /** Replaces a 2D texture of one level by one with storage of its own and the same contents. */
  ownTexture(texture: number, internalFormat: number, width: number, height: number): number;
  /** Makes memory the storage of a buffer (GL_AMD_pinned_memory). It must stay registered until the buffer is deleted. */
  pinBuffer(buffer: number, segment: number, offsetBytes: number, lengthBytes: number): number;
  /**
   * Replaces the buffer by one whose storage are the first bytes of a dma-buf (GL_EXT_memory_object_fd); GL gets a descriptor of its own.
   * Only commands of the GPU can read and write it: no glBufferSubData, no mapping. Bindings that were made of the old one are gone.
   * May crash drivers: only where a trial in a process of its own came out well.
   * @param dmaBufBytes of the whole dma-buf: at least `sizeBytes`
   */
  importBuffer(buffer: number, fd: number, dmaBufBytes: number, sizeBytes: number): number;
  /**
   * Gives a buffer storage of its own with the same contents.
   * @param isReplaced it was imported by `importBuffer`: bindings that were made of it are gone. Else everything that names it stays valid
   */
  ownBuffer(buffer: number, sizeBytes: number, isReplaced: boolean): number;
}

/** A result of `GlImports` in words. */
export function glImportProblem(result: number): string {
  switch (result) {
    case -1:
      return "the driver lacks the extension";
    case -2:
      return "bad argument";
    case -3:
      return "the picture does not lie in its memory";
    case -4:
      return "the memory file is not sealed against shrinking";
    case 0x3002:
      return "EGL_BAD_ACCESS";
    case 0x3003:
      return "EGL_BAD_ALLOC";
    case 0x3004:
      return "EGL_BAD_ATTRIBUTE";
    case 0x3009:
      return "EGL_BAD_MATCH";
    case 0x300c:
      return "EGL_BAD_PARAMETER";
    case 0x8cd6:
      return "the imported texture cannot be rendered to";
    default:
      return result >= 0x3000 && result < 0x3100
        ? `EGL error 0x${result.toString(16)}`
        : `GL error 0x${result.toString(16)}`;
  }
}

/** What executes encoded GL ops: the addon, or the recording back end of tests. One encoder per back end. */
export interface GlBackend {
  readonly caps: GlCaps;
  /** Absent: this back end imports no memory. */
  readonly imports?: GlImports;

  /** Must be called once, before the first replay. */
  attach(memory: GlBatchMemory): void;

  /** Lets ops refer to `bytes` by `id` until unregistered. The memory must stay mapped as long. */
  registerSegment(id: number, bytes: Uint8Array): void;
  unregisterSegment(id: number): void;

  /**
   * Applies `pieceCount` gather pieces to the ring, uploads its first `ringBytes`, executes `wordCount` words of ops.
   * @returns -1, or the index of the word where the first bad op starts (unknown opcode, segment bounds, missing entry
   * point); the ops before it ran, it and those after did not. `GL_BAD_PIECE`: no op ran.
   */
  replay(wordCount: number, pieceCount: number, ringBytes: number): number;

  /**
   * Writes completion records to `out`, `GL_COMPLETION_WORDS` each. Never waits.
   * @returns how many records; when they fill `out`, there may be more.
   */
  poll(out: Int32Array): number;

  /** The compile and link logs of the program's last link, or "". Forgets them. */
  takeProgramLog(program: number): string;

  /** Waits until everything replayed is done; the next poll then reports every fence and query. */
  finish(): void;

  /**
   * After a RESET: a new and empty context in place of the lost one. Registered segments stay. Absent: this back end never tells RESET.
   * @throws {HostError} when the driver gives none
   */
  reopen?(): void;

  destroy(): void;
}
