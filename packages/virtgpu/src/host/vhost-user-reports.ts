/** What the main thread of a vhost-user process knows of its device: it asks the device's thread, which answers between two requests. */
import type { Worker } from "node:worker_threads";
import { signalEventFd } from "../native/events.js";
import type { DeviceReport } from "./device-report.js";
import type { ExplainedDevice } from "./device-services.js";
import { NO_ENDED_CLIENTS, type Explanation } from "./explanation.js";
import { processMemory } from "./process-memory.js";
import type { VhostUserWorkerMessage } from "./vhost-user-worker.js";

/** A device that is in a long call of its driver is shown as it last was. */
const REPORT_WAIT_MS = 1000;

export class VhostUserReports implements ExplainedDevice {
  readonly #askFd: number;
  readonly #socket: string;
  readonly #startedAt = Date.now();
  readonly #waiting = new Set<() => void>();
  #report: DeviceReport | null = null;

  /** @param askFd eventfd that the device's thread watches. @param socket where the front-end connects, for people. */
  constructor(worker: Worker, askFd: number, socket: string) {
    this.#askFd = askFd;
    this.#socket = socket;
    worker.on("message", (message: VhostUserWorkerMessage) => {
      if (message.type !== "report") return;
      this.#report = message.report;
      for (const finish of this.#waiting) finish();
      this.#waiting.clear();
    });
  }

  async status(): Promise<unknown> {
    return { pid: process.pid, socket: this.#socket, uptimeMs: Date.now() - this.#startedAt };
  }

  async explain(name: string): Promise<Explanation> {
    const isNew = await this.#ask();
    return {
      version: 1,
      device: name,
      kind: "vhost-user",
      pid: process.pid,
      uptimeMs: Date.now() - this.#startedAt,
      renderer: this.#report?.renderer ?? "",
      socket: this.#socket,
      ended: NO_ENDED_CLIENTS,
      processes: [
        {
          role: "device",
          pid: process.pid,
          clientPid: 0,
          memory: processMemory(process.pid),
          report: this.#report,
          isOld: !isNew,
        },
      ],
    };
  }

  /** @returns false when no answer came in time. */
  #ask(): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(finish);
        resolve(false);
      }, REPORT_WAIT_MS);
      const finish = (): void => {
        clearTimeout(timer);
        resolve(true);
      };
      this.#waiting.add(finish);
      signalEventFd(this.#askFd);
    });
  }
}
