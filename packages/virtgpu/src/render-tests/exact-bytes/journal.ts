/** What a process was about to do, where whoever started it can read it after a crash. For tests. */
import { closeSync, ftruncateSync, openSync, writeSync } from "node:fs";

export class Journal {
  readonly #fd: number;

  /** @param path "": nothing is written */
  constructor(path: string) {
    this.#fd = path === "" ? -1 : openSync(path, "w");
  }

  /** Replaces what was there. */
  write(text: string): void {
    if (this.#fd < 0) return;
    const length = writeSync(this.#fd, text, 0);
    ftruncateSync(this.#fd, length);
  }

  close(): void {
    if (this.#fd >= 0) closeSync(this.#fd);
  }
}
