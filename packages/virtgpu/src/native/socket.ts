/** Unix sockets (SOCK_STREAM), close-on-exec, with descriptors as ancillary data. Blocking unless said. */
import { constants } from "node:os";
import { addon, checked, systemError } from "./addon.js";

/** Most descriptors in one message. */
export const MAX_FDS_PER_MESSAGE = 28;

/** Who is at the other end (SO_PEERCRED). */
export interface UnixCredentials {
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
}

/** Binds (mode 0600, whatever the umask) and listens; the socket is non-blocking. @throws {HostError} EADDRINUSE when the path exists */
export function listenUnix(path: string, backlog = 64): number {
  return checked(addon().listenUnix(path, backlog), `listen at ${path}`);
}

/** @returns a connected socket. @throws {HostError} ENOENT, ECONNREFUSED (a dead socket), EACCES... */
export function connectUnix(path: string): number {
  return checked(addon().connectUnix(path), `connect to ${path}`);
}

/** @returns a connected, blocking socket, or -1 when none waits. @throws {HostError} */
export function acceptUnix(listenFd: number): number {
  const fd = addon().acceptUnix(listenFd);
  if (fd >= 0) return fd;
  const error = systemError(-fd, `accept on descriptor ${listenFd}`);
  if (error.code === "EAGAIN" || error.code === "ECONNABORTED") return -1;
  throw error;
}

/** Two connected sockets. @throws {HostError} */
export function socketPair(): [number, number] {
  const pair = addon().socketPair();
  if (typeof pair === "number") throw systemError(-pair, "create a socket pair");
  return pair;
}

/** @throws {HostError} */
export function peerCredentials(fd: number): UnixCredentials {
  const out = new Int32Array(3);
  checked(addon().peerCredentials(fd, out), `read the peer of descriptor ${fd}`);
  return { pid: out[0]!, uid: out[1]! >>> 0, gid: out[2]! >>> 0 };
}

/** Lets the kernel keep `sizeBytes` (or as much as net.core.wmem_max allows) of what was sent and not read. @returns false: it does not */
export function setSendBuffer(fd: number, sizeBytes: number): boolean {
  return addon().setSendBuffer(fd, sizeBytes) >= 0;
}

/** One read(2), retried on EINTR. @returns bytes read, 0 at the end. @throws {HostError} ECONNRESET, EAGAIN on non-blocking descriptors... */
export function readInto(fd: number, bytes: Uint8Array, offset: number, length: number): number {
  return checked(addon().readInto(fd, bytes, offset, length), `read from descriptor ${fd}`);
}

/** Reads until `length` bytes are there. @returns bytes read, less than `length` only at the end of the stream. @throws {HostError} */
export function readExact(fd: number, bytes: Uint8Array, offset: number, length: number): number {
  return checked(addon().readExact(fd, bytes, offset, length), `read from descriptor ${fd}`);
}

/** Writes all of it; a closed peer is EPIPE, never a signal. @returns `length`. @throws {HostError} */
export function writeFrom(fd: number, bytes: Uint8Array, offset: number, length: number): number {
  return checked(addon().writeFrom(fd, bytes, offset, length), `write to descriptor ${fd}`);
}

/** Sends all the bytes, the descriptors with the first of them. `length` must not be 0. Ours stay open. @throws {HostError} */
export function sendFds(fd: number, bytes: Uint8Array, offset: number, length: number, fds: readonly number[]): number {
  return checked(addon().sendFds(fd, bytes, offset, length, Int32Array.from(fds)), `send to descriptor ${fd}`);
}

const noFds = new Int32Array(0);

/**
 * Sends what goes without waiting, whatever the descriptor's own mode. The descriptors (which stay open) go with the first byte.
 * `length` must not be 0. @returns bytes sent; 0: the peer does not read. @throws {HostError} EPIPE, ECONNRESET
 */
export function sendNow(
  fd: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
  fds: Int32Array = noFds,
): number {
  const sent = addon().sendNow(fd, bytes, offset, length, fds);
  if (sent === -constants.errno.EAGAIN) return 0;
  return checked(sent, `send to descriptor ${fd}`);
}

/**
 * One recvmsg(2) that takes up to `maxFds` descriptors (close-on-exec; the caller owns them; what exceeds is closed).
 * @returns bytes: 0 at the end. @throws {HostError}
 */
export function recvFds(
  fd: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
  maxFds: number,
): { bytes: number; fds: number[] } {
  const fds = new Int32Array(maxFds);
  const counts = new Int32Array(1);
  const received = checked(addon().recvFds(fd, bytes, offset, length, fds, counts), `receive from descriptor ${fd}`);
  return { bytes: received, fds: Array.from(fds.subarray(0, counts[0])) };
}

/** One datagram to a Unix socket; a path that starts with `@` is abstract. @throws {HostError} */
export function sendDatagram(path: string, text: string): void {
  checked(addon().sendDatagram(path, new TextEncoder().encode(text)), `send to ${path}`);
}
