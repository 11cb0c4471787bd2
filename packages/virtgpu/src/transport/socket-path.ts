/**
 * A listening Unix socket at a path: refuses a path that a living server holds, replaces a dead socket, and is never
 * reachable with wider permissions than asked.
 */
import { chmodSync, chownSync, lstatSync, readFileSync, statSync, unlinkSync } from "node:fs";
import { dirname } from "node:path";
import { closeSync } from "node:fs";
import { HostError } from "@virtgpu/core/base";
import { makeFolder } from "../native/make-folder.js";
import { connectUnix, listenUnix, peerCredentials } from "../native/socket.js";

/** Where to listen, and who may connect. */
export interface SocketPathOptions {
  readonly path: string;
  /** Permission bits, 0o600 unless shared with a container. */
  readonly mode: number;
  /** Group name or number that gets the socket. */
  readonly group?: string;
}

/** Connections that wait for `accept`. */
const BACKLOG = 128;
/** `sun_path` holds 108 bytes with its end. Spec: unix(7). */
const MAX_PATH_BYTES = 107;

/** A socket that listens, with the path that is ours as long as nobody has replaced it. */
export class ListeningSocket {
  readonly fd: number;
  readonly path: string;
  readonly #inode: bigint;

  constructor(fd: number, path: string) {
    this.fd = fd;
    this.path = path;
    this.#inode = statSync(path, { bigint: true }).ino;
  }

  /** Closes the socket and removes its path, unless someone else has replaced it meanwhile. */
  close(): void {
    closeSync(this.fd);
    try {
      if (lstatSync(this.path, { bigint: true }).ino === this.#inode) unlinkSync(this.path);
    } catch {
      // Already gone.
    }
  }
}

/**
 * Claims `options.path` and listens there.
 * @throws {HostError} SOCKET_PATH_HELD (with the holder's pid), SOCKET_PATH_NOT_A_SOCKET, SOCKET_PATH_TOO_LONG, SOCKET_GROUP_UNKNOWN, or the system's error.
 */
export function listenAtPath(options: SocketPathOptions): ListeningSocket {
  const { path } = options;
  if (Buffer.byteLength(path) > MAX_PATH_BYTES)
    throw new HostError("SOCKET_PATH_TOO_LONG", `socket path is longer than ${MAX_PATH_BYTES} bytes: ${path}`);
  const gid = options.group === undefined ? null : groupId(options.group);
  removeDeadSocket(path);
  const fd = listenUnix(path, BACKLOG);
  try {
    // Created 0600 by the addon; widened only after the group is right.
    if (gid !== null) chownSync(path, -1, gid);
    chmodSync(path, options.mode);
    return new ListeningSocket(fd, path);
  } catch (error) {
    closeSync(fd);
    throw new HostError("SOCKET_PATH_PERMISSIONS", `cannot set mode or group of ${path}: ${String(error)}`, {
      cause: error,
      cure: "run as root or as a member of that group",
    });
  }
}

function removeDeadSocket(path: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (!stat.isSocket())
    throw new HostError("SOCKET_PATH_NOT_A_SOCKET", `${path} exists and is not a socket`, {
      cure: "remove it, or choose another path",
    });
  let fd: number;
  try {
    fd = connectUnix(path);
  } catch (error) {
    if (error instanceof HostError && (error.code === "ECONNREFUSED" || error.code === "ENOENT")) {
      unlinkSync(path);
      return;
    }
    throw error;
  }
  const { pid } = peerCredentials(fd);
  closeSync(fd);
  throw new HostError("SOCKET_PATH_HELD", `${path} is held by a living server, process ${pid}`, {
    cure: `end process ${pid}, or choose another path`,
  });
}

/** @throws {HostError} SOCKET_GROUP_UNKNOWN */
export function groupId(group: string): number {
  if (/^\d+$/.test(group)) return Number(group);
  for (const line of readFileSync("/etc/group", "utf8").split("\n")) {
    const [name, , gid] = line.split(":");
    if (name === group && gid !== undefined) return Number(gid);
  }
  throw new HostError("SOCKET_GROUP_UNKNOWN", `no group named ${group} in /etc/group`);
}

/** Creates the folder of `path` for its owner only, if it is missing. @throws {HostError} SOCKET_PATH_FOLDER */
export function makePrivateFolder(path: string): void {
  try {
    makeFolder(dirname(path), 0o700);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HostError("SOCKET_PATH_FOLDER", `the folder of the socket ${path} cannot be made: ${reason}`, {
      cause,
      cure: "choose another path",
    });
  }
}
