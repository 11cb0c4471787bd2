import type { VtestChannel } from "../vtest/index.js";

/** A connection to a vtest server, seen from its client. Blocking; bring your own socket. */
export interface VtestUpstream extends Pick<VtestChannel, "readExact" | "write"> {
  /** Receives the one byte and one descriptor that answer RESOURCE_CREATE2. -1: the server is gone or sent none. */
  receiveFd(): number;
}

/** Memory behind a descriptor, mapped for reading and writing. */
export interface MappedMemory {
  readonly bytes: Uint8Array;
  /** Unmaps. The descriptor is not touched. */
  release(): void;
}

/** Maps the descriptors that a server sends; they are the caller's, who closes them by `close`. */
export interface FdMapper {
  /** Maps the first `sizeBytes` of `fd`, starting at a multiple of 4. Null: the host could not. */
  map(fd: number, sizeBytes: number): MappedMemory | null;
  close(fd: number): void;
}
