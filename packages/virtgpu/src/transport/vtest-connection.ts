/** A connection to a vtest server, as its client: for replay, record and tests. Blocking. */
import { HostError } from "@virtgpu/core/base";
import type { FdMapper, VtestUpstream } from "@virtgpu/core/capture";
import { addon } from "../native/addon.js";
import { closeFd, Mapping } from "../native/memory.js";
import { connectUnix, recvFds } from "../native/socket.js";

/** One connection. A server that goes is no error: reads come short, writes say false. `close` it. */
export class VtestConnection implements VtestUpstream {
  readonly fd: number;
  readonly #native = addon();
  readonly #byte = new Uint8Array(1);

  /** @throws {HostError} when nobody listens at `path`. */
  constructor(path: string) {
    try {
      this.fd = connectUnix(path);
    } catch (error) {
      const code = error instanceof HostError ? error.code : "EIO";
      const cure =
        code === "EACCES" ? "ask for --vtest-group on the server, or run as its user" : "start a server there first";
      throw new HostError(code, `no vtest server answers at ${path}: ${code}`, { cause: error, cure });
    }
  }

  /** Fewer bytes than asked: the server has closed. */
  readExact(target: Uint8Array, offsetBytes: number, lengthBytes: number): number {
    return Math.max(0, this.#native.readExact(this.fd, target, offsetBytes, lengthBytes));
  }

  /** False: the server is gone. */
  write(source: Uint8Array, offsetBytes: number, lengthBytes: number): boolean {
    return this.#native.writeFrom(this.fd, source, offsetBytes, lengthBytes) >= 0;
  }

  /** The descriptor that comes with the next byte; -1 if the server sent none or is gone. The caller owns it. */
  receiveFd(): number {
    try {
      return recvFds(this.fd, this.#byte, 0, 1, 1).fds[0] ?? -1;
    } catch {
      return -1;
    }
  }

  close(): void {
    closeFd(this.fd);
  }
}

/** Maps descriptors that a server sent. */
export const nativeFdMapper: FdMapper = {
  map(fd, sizeBytes) {
    try {
      return Mapping.map(fd, 0, sizeBytes);
    } catch {
      return null;
    }
  },
  close: closeFd,
};
