/**
 * A guest that runs commands one by one, and waits for the next in between. Waiting takes a few percent of one core; QEMU's `stop` would
 * take the device away as well (it ends the vhost-user session, at which QEMU's own back-end dies of SIGPIPE).
 */
import { bootGuest, type BootOptions, type BootResult } from "#guest/boot.js";
import type { GuestWatch } from "#guest/guest-watch.js";
import { processFacts } from "#guest/back-end.js";

/** Runs what the host says until it says `end`. */
const LOOP = `
while :; do
  step ready
  [ "$ANSWER" = end ] && exit 0
  sh -c "$ANSWER"
done
`;

export interface CommandResult {
  /** What the command wrote on the console. */
  readonly text: string;
  /** Wall time from the command's start to its end. */
  readonly seconds: number;
  /** CPU time of QEMU and of the back-end over the command. */
  readonly qemuCpuMs: number;
  readonly backEndCpuMs: number;
}

export class Vm {
  readonly name: string;
  readonly #guest: GuestWatch;
  readonly #result: Promise<BootResult>;
  readonly #letGo: () => void;

  private constructor(name: string, guest: GuestWatch, result: Promise<BootResult>, letGo: () => void) {
    this.name = name;
    this.#guest = guest;
    this.#result = result;
    this.#letGo = letGo;
  }

  /** Boots; resolves when the guest waits for its first command. @throws {Error} with the console */
  static async boot(name: string, options: Omit<BootOptions, "command" | "watch">): Promise<Vm> {
    return new Promise((resolve, reject) => {
      const result = bootGuest({
        timeoutMs: 3_600_000,
        ...options,
        command: LOOP,
        watch: (_qmp, guest) =>
          new Promise<void>((letGo, fail) => {
            const ready = async (): Promise<void> => {
              await guest.step("ready");
              const vm = new Vm(name, guest, result, letGo);
              resolve(vm);
            };
            ready().catch(fail);
          }),
      });
      result.then(
        (end) => reject(new Error(`${name}: ${end.failure ?? "the guest ended"}\n${end.console}\n${end.backEndLog}`)),
        reject,
      );
    });
  }

  /** Runs a shell command; no other VM should have one meanwhile. @throws {Error} when the guest ends meanwhile */
  async run(command: string): Promise<CommandResult> {
    const from = this.#guest.console().length;
    const before = this.#cpu();
    const started = performance.now();
    this.#guest.answer(command);
    await Promise.race([
      this.#guest.step("ready"),
      this.#result.then((end) => {
        throw new Error(`${this.name}: ${end.failure ?? "the guest ended"} during: ${command}`);
      }),
    ]);
    const seconds = (performance.now() - started) / 1000;
    const after = this.#cpu();
    return {
      text: this.#guest.console().slice(from).replaceAll("\r", ""),
      seconds,
      qemuCpuMs: after.qemu - before.qemu,
      backEndCpuMs: after.backEnd - before.backEnd,
    };
  }

  async end(): Promise<void> {
    this.#guest.answer("end");
    this.#letGo();
    await this.#result;
  }

  #cpu(): { qemu: number; backEnd: number } {
    const backEnd = this.#guest.backEnd;
    return {
      qemu: processFacts(this.#guest.qemu.pid).cpuMs,
      backEnd: backEnd === null ? 0 : processFacts(backEnd.pid).cpuMs,
    };
  }
}
