/** What processes moved, as `count-copies.c` saw it from outside. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildCounter } from "./c-programs.js";

/** Bytes of memcpy and memmove, of pixman's composites, and through sockets. */
export interface MovedBytes {
  readonly copied: number;
  readonly composed: number;
  readonly sent: number;
  readonly received: number;
}

/** What a process wrote itself, or gave the kernel to write; what it received is what the kernel wrote for it. */
export function allBytes({ copied, composed, sent, received }: MovedBytes): number {
  return copied + composed + sent + received;
}

export class CopyCounter {
  /** For the processes that are to be counted. */
  readonly env: Readonly<Record<string, string>>;
  readonly #folder: string;

  private constructor(library: string, folder: string) {
    this.#folder = folder;
    this.env = { LD_PRELOAD: library, VIRTGPU_COUNT_COPIES: folder };
  }

  /** @param parent a folder that the processes see too */
  static async open(parent = tmpdir()): Promise<CopyCounter> {
    return new CopyCounter(await buildCounter(), mkdtempSync(join(parent, "virtgpu-copies-")));
  }

  /** Since the process started. */
  read(pid: number): MovedBytes {
    const bytes = readFileSync(join(this.#folder, String(pid)));
    const [copied, composed, sent, received] = Array.from({ length: 4 }, (_, i) =>
      Number(bytes.readBigUInt64LE(8 * i)),
    ) as [number, number, number, number];
    return { copied, composed, sent, received };
  }

  /** Of all processes that were started with `env`, forked ones included. */
  readAll(): MovedBytes {
    const sum = { copied: 0, composed: 0, sent: 0, received: 0 };
    for (const pid of readdirSync(this.#folder)) {
      const one = this.read(Number(pid));
      for (const key of ["copied", "composed", "sent", "received"] as const) sum[key] += one[key];
    }
    return sum;
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** `after` less `before`, for each of `frames`. */
export function bytesPerFrame(before: MovedBytes, after: MovedBytes, frames: number): MovedBytes {
  return {
    copied: (after.copied - before.copied) / frames,
    composed: (after.composed - before.composed) / frames,
    sent: (after.sent - before.sent) / frames,
    received: (after.received - before.received) / frames,
  };
}
