import type { Segment } from "../memory/index.js";

/**
 * A connected byte stream that can carry file descriptors, blocking. Bring your own: a Unix socket, a pipe pair, a replay.
 * None of the methods throws for a peer that went away.
 */
export interface VtestChannel {
  /**
   * Blocks until `lengthBytes` have been stored at `target[offsetBytes]`, or the peer has closed.
   * Returns the bytes that arrived: fewer than asked means closed.
   */
  readExact(target: Uint8Array, offsetBytes: number, lengthBytes: number): number;
  /** Blocks until everything is written. False: the peer is gone. */
  write(source: Uint8Array, offsetBytes: number, lengthBytes: number): boolean;
  /** As `write`, with one file descriptor attached to the first byte. The descriptor stays the caller's. */
  writeWithFd(source: Uint8Array, offsetBytes: number, lengthBytes: number, fd: number): boolean;
}

/** Memory that server and client both have mapped. */
export interface SharedMemory {
  readonly segment: Segment;
  /** To be sent to the client. Owned by this object. */
  readonly fd: number;
  /** Closes the descriptor early: it was sent, and the mapping stays. One open descriptor per resource would be too many. */
  closeFd(): void;
  /** Unmaps, unregisters and closes what is still open. Nothing may use the segment afterwards. */
  release(): void;
}

/** Memory of this process alone. */
export interface PrivateMemory {
  readonly segment: Segment;
  release(): void;
}

/** Where a session gets memory from. Both methods give null when the host has none left. */
export interface SessionMemory {
  /**
   * Zeroed shared memory of exactly `sizeBytes` (above 0). Its size must be sealed (F_SEAL_SHRINK, GROW, SEAL): a client
   * that could shrink it could make the server fault.
   */
  createShared(sizeBytes: number): SharedMemory | null;
  /**
   * Private memory of at least `sizeBytes`, starting at a multiple of 4 in its buffer. Contents undefined.
   * @param isLasting it serves many messages or frames: its pages go back to the system at its release, not some time later
   */
  createPrivate(sizeBytes: number, isLasting?: boolean): PrivateMemory | null;
}
