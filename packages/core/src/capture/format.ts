/**
 * The capture file: everything one vtest client said, and everything it wrote to shared memory, so that the stream can be
 * played to any vtest server. Described for people in docs/capture-format.md. All numbers little-endian.
 *
 * A file is a header of 16 bytes (magic, version, flags) and records. A record is a header of 12 bytes and a payload that
 * is padded with zeros to a multiple of 4:
 *
 *   offset  size  field
 *        0     4  kind (`RecordKind`)
 *        4     4  payload length in bytes, padding not counted
 *        8     4  microseconds since the previous record
 */
export const CAPTURE_MAGIC = Uint8Array.of(0x56, 0x47, 0x50, 0x55, 0x43, 0x41, 0x50, 0x0a); // "VGPUCAP\n"
export const CAPTURE_VERSION = 1;
export const CAPTURE_HEADER_BYTES = 16;
export const RECORD_HEADER_BYTES = 12;

/** Shared memory is compared and stored in pages of this size. */
export const CAPTURE_PAGE_BYTES = 4096;

export const RecordKind = {
  /** UTF-8 JSON: who recorded what. For people and reports; a player ignores it. */
  INFO: 1,
  /** One whole vtest message of the client: header and payload. */
  MESSAGE: 2,
  /** Bytes that the server answered to the message before. */
  REPLY: 3,
  /** The server sent a file descriptor for a resource: u32 resource id, u32 size of the memory in bytes. */
  SHARED_MEMORY: 4,
  /**
   * What changed in a resource's shared memory since it was last looked at, before the message that follows makes the
   * server read it: u32 resource id, u32 number of runs, then per run u32 first page and u32 number of pages, then the
   * pages' bytes in the same order. The memory's last page may be short.
   */
  MEMORY: 5,
  /** The recording ended in order: u32 messages, u32 presented frames. Without it the file was cut. */
  END: 6,
} as const;

export type RecordKindCode = (typeof RecordKind)[keyof typeof RecordKind];
