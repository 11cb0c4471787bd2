/** vhost-user back-ends as processes: started for one guest, or kept for several. */
import { closeSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { socketPair } from "#virtgpu/native/index.js";
import { type Running, start } from "./process.js";

/** A vhost-user back-end: it listens at a socket, or inherits a connected one. */
export interface BackEndCommand {
  readonly command: string;
  /** The command line for a socket: a path, or the number of an inherited descriptor. */
  readonly args: (socket: string) => readonly string[];
  /** `fd`: as libvirt starts it. Default `path`. */
  readonly by?: "path" | "fd";
  readonly env?: Readonly<Record<string, string>>;
}

/** The descriptor of an inherited socket, in the back-end and in QEMU. */
const INHERITED_FD = 3;
/** How long a back-end may take to end, before it counts as one that hangs. */
const END_MS = 30_000;

export class BackEnd {
  readonly process: Running;
  /** QEMU's side, for `-chardev socket,id=gpu,`. */
  readonly chardev: string;
  /** A connected socket for QEMU to inherit, or null. */
  qemuFd: number | null;
  readonly #folder: string;
  readonly #inherits: boolean;

  private constructor(process: Running, chardev: string, qemuFd: number | null, folder: string) {
    this.process = process;
    this.chardev = chardev;
    this.qemuFd = qemuFd;
    this.#inherits = qemuFd !== null;
    this.#folder = folder;
  }

  /** @throws {Error} with its log when it does not come up */
  static async start(backEnd: BackEndCommand): Promise<BackEnd> {
    const folder = mkdtempSync(join(tmpdir(), "virtgpu-back-end-"));
    if (backEnd.by === "fd") {
      const [ours, theirs] = socketPair();
      const args = backEnd.args(`${INHERITED_FD}`);
      const process = start(backEnd.command, args, { env: backEnd.env ?? {}, inherited: theirs });
      closeSync(theirs);
      return new BackEnd(process, `fd=${INHERITED_FD}`, ours, folder);
    }
    const path = join(folder, "gpu.sock");
    const process = start(backEnd.command, backEnd.args(path), { env: backEnd.env ?? {} });
    for (let i = 0; i < 2400 && process.isRunning(); i++) {
      if (existsSync(path)) return new BackEnd(process, `path=${path}`, null, folder);
      await delay(50);
    }
    process.kill();
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`the back-end does not listen (${await process.exited}):\n${process.output()}`);
  }

  /**
   * Ends the back-end as its VMM does: one that listens by SIGTERM, one that inherited its socket by closing that socket.
   * The latter gets SIGTERM only where it stays: a signal in the last moments of Node's own exit would become its status.
   * @returns how it ended
   */
  async end(): Promise<string> {
    if (this.qemuFd !== null) closeSync(this.qemuFd);
    this.qemuFd = null;
    if (this.#inherits) await this.#exitWithin(END_MS);
    this.process.kill("SIGTERM");
    await this.#exitWithin(END_MS);
    this.process.kill();
    rmSync(this.#folder, { recursive: true, force: true });
    return this.process.exited;
  }

  async #exitWithin(ms: number): Promise<void> {
    await Promise.race([this.process.exited, delay(ms, undefined, { ref: false })]);
  }
}

/** What a process holds of the machine. Source: proc(5). */
export interface ProcessFacts {
  readonly fds: number;
  /** Resident memory without shared memory: pages of the guest are not the process's own. */
  readonly rssBytes: number;
  /** Mappings of files, devices and shared memory. */
  readonly sharedMappings: number;
  /** User and system time so far. */
  readonly cpuMs: number;
}

/** Kernel ticks a second (USER_HZ), the same on every Linux that Debian builds. */
const TICKS_PER_SECOND = 100;

export function processFacts(pid: number): ProcessFacts {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const maps = readFileSync(`/proc/${pid}/maps`, "utf8").split("\n");
  return {
    fds: readdirSync(`/proc/${pid}/fd`).length,
    rssBytes: kilobytes(status, "VmRSS") - kilobytes(status, "RssShmem"),
    sharedMappings: maps.filter((line) => /^\S+ ...s /.test(line)).length,
    cpuMs: ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND,
  };
}

function kilobytes(status: string, key: string): number {
  return Number(new RegExp(`^${key}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0) * 1024;
}
