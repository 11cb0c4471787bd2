import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type {
  MeasureAnswer,
  MeasureRequest,
  MemoryObjectAnswer,
  MemoryObjectRequest,
  OpenAnswer,
  OpenRequest,
  PinAnswer,
  PinRequest,
  ReachAnswer,
  ReachRequest,
  TrialAnswer,
  TrialMessage,
  TrialRequest,
} from "./trial-messages.js";

const CHILD = fileURLToPath(new URL("./trial-child.js", import.meta.url));
/** A trial takes milliseconds; the first loads the driver and compiles shaders, which takes an emulated machine a minute. */
const PATIENCE_MS = 120_000;

/** The driver died or hung in a trial. */
export interface TrialCrash {
  readonly crash: string;
}

/**
 * Tries imports in processes of their own, one after the other: drivers check little of what they are given, and a crash is a result.
 * A new process is started when the last one died.
 */
export class TrialProcess {
  readonly #open: OpenRequest;
  /** How often the driver died or hung. */
  crashes = 0;
  #child: ChildProcess | null = null;
  /** The last that the process wrote to stderr. */
  #words = "";
  readonly #environment: NodeJS.ProcessEnv;

  constructor(open: OpenRequest, environment: NodeJS.ProcessEnv = process.env) {
    this.#open = open;
    this.#environment = environment;
  }

  /** Opens the driver. @throws nothing: failures are told in the answer */
  async open(): Promise<OpenAnswer | TrialCrash> {
    this.stop();
    this.#child = fork(CHILD, [], {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      execArgv: ["--no-warnings"],
      env: this.#environment,
    });
    this.#words = "";
    this.#child.stderr?.on("data", (chunk: Buffer) => (this.#words = (this.#words + chunk.toString()).slice(-2000)));
    return this.#ask<OpenAnswer>(this.#open);
  }

  run(request: TrialRequest): Promise<TrialAnswer | TrialCrash> {
    return this.#askOpened<TrialAnswer>(request);
  }

  measure(request: MeasureRequest): Promise<MeasureAnswer | TrialCrash> {
    return this.#askOpened<MeasureAnswer>(request);
  }

  pin(request: PinRequest): Promise<PinAnswer | TrialCrash> {
    return this.#askOpened<PinAnswer>(request);
  }

  memoryObject(request: MemoryObjectRequest): Promise<MemoryObjectAnswer | TrialCrash> {
    return this.#askOpened<MemoryObjectAnswer>(request);
  }

  reach(request: ReachRequest): Promise<ReachAnswer | TrialCrash> {
    return this.#askOpened<ReachAnswer>(request);
  }

  /** Ends the process. */
  stop(): void {
    this.#child?.kill("SIGKILL");
    this.#child = null;
  }

  async #askOpened<T>(message: TrialMessage): Promise<T | TrialCrash> {
    if (this.#child === null) {
      const opened = await this.open();
      if ("crash" in opened) return opened;
    }
    return this.#ask<T>(message);
  }

  #lastWords(status: number | null): string {
    const error = /^\w*Error.*$/m.exec(this.#words)?.[0] ?? this.#words.trim().split("\n").at(-1) ?? "";
    return error === "" ? `exit status ${status}` : error;
  }

  #ask<T>(message: TrialMessage): Promise<T | TrialCrash> {
    const child = this.#child!;
    return new Promise((resolve) => {
      const finish = (answer: T | TrialCrash, isOver: boolean): void => {
        clearTimeout(timer);
        child.removeAllListeners();
        // Killed or failing to start, it may still emit.
        child.on("error", () => {});
        if (isOver) {
          this.crashes++;
          this.stop();
        }
        resolve(answer);
      };
      const timer = setTimeout(() => finish({ crash: "no answer" }, true), PATIENCE_MS);
      child.on("message", (answer) => finish(answer as T, false));
      child.on("error", (error) => finish({ crash: error.message }, true));
      // "close" waits for stderr, too.
      child.on("close", (status, signal) => finish({ crash: signal ?? this.#lastWords(status) }, true));
      child.send(message, (error) => {
        if (error !== null) finish({ crash: error.message }, true);
      });
    });
  }
}
