import { setTimeout as delay } from "node:timers/promises";
import type { Running } from "./process.js";

/** What a watcher sees of a guest, and how the two keep step. */
export class GuestWatch {
  /** QEMU may write here. */
  readonly folder: string;
  readonly qemu: Running;
  /** Null when the device is inside QEMU. */
  readonly backEnd: Running | null;
  /** Up to where the console was looked through for steps. */
  #read = 0;

  constructor(folder: string, qemu: Running, backEnd: Running | null) {
    this.folder = folder;
    this.qemu = qemu;
    this.backEnd = backEnd;
  }

  /** The console so far. */
  console(): string {
    return this.qemu.output();
  }

  isRunning(): boolean {
    return this.qemu.isRunning();
  }

  /** Waits until the guest says that it is at this step, after the ones before. @throws {Error} when it ends first */
  async step(name: string): Promise<void> {
    const mark = `GUEST-STEP:${name}`;
    for (;;) {
      const at = this.console().indexOf(mark, this.#read);
      if (at >= 0) {
        this.#read = at + mark.length;
        return;
      }
      if (/^GUEST-STATUS:/m.test(this.console().slice(this.#read)) || !this.isRunning())
        throw new Error(`the guest ended before its step ${name}`);
      await delay(50);
    }
  }

  /** Lets the guest go on from its step; it may read the text. */
  answer(text = "go"): void {
    this.qemu.type(`${text}\n`);
  }
}
