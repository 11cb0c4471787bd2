/** A vhost-user process: the main thread keeps signals and logs, the worker has the device. One process serves one VM. */
import { Worker } from "node:worker_threads";
import { HostError } from "@virtgpu/core/base";
import type { ImportSettings } from "../import/index.js";
import { createEventFd, signalEventFd } from "../native/events.js";
import { closeFd } from "../native/memory.js";
import { listenAtPath } from "../transport/socket-path.js";
import type { BackEndEnd } from "../transport/vhost-user/back-end.js";
import { startServices, type DeviceServices, type ServiceOptions } from "./device-services.js";
import type { DriverSettings } from "./driver.js";
import type { ScopedLogger } from "./log.js";
import { VhostUserReports } from "./vhost-user-reports.js";
import type { VhostUserDisplays, VhostUserWorkerData, VhostUserWorkerMessage } from "./vhost-user-worker.js";

/** Where the front-end comes from: a path to listen at, or a connected socket that was inherited. */
export type VhostUserEndpoint = { readonly path: string } | { readonly fd: number };

/** What the command line says. */
export interface VhostUserSettings {
  readonly endpoint: VhostUserEndpoint;
  /** Null: 2D only. */
  readonly driver: DriverSettings | null;
  readonly imports?: ImportSettings;
  readonly displays: VhostUserDisplays;
  /** Control socket and metrics; left out: none. */
  readonly services?: ServiceOptions;
}

const WORKER = new URL("./vhost-user-worker.js", import.meta.url);

/** Serves until SIGTERM or SIGINT, or, with an inherited socket, until the front-end goes. @throws {HostError} when it cannot listen, or the host cannot do what is asked */
export async function serveVhostUser(settings: VhostUserSettings, log: ScopedLogger): Promise<BackEndEnd> {
  const { endpoint, driver, displays, imports = {}, services } = settings;
  const listening = "path" in endpoint ? listenAtPath({ path: endpoint.path, mode: 0o600 }) : null;
  const stopFd = createEventFd();
  const askFd = createEventFd();
  const connectedFd = "fd" in endpoint ? endpoint.fd : -1;
  const workerData: VhostUserWorkerData = {
    connectedFd,
    listenFd: listening?.fd ?? -1,
    stopFd,
    askFd,
    driver,
    imports,
    ...displays,
  };
  const worker = new Worker(WORKER, { workerData });
  let isEnding = false;
  const stop = (): void => {
    if (!isEnding) signalEventFd(stopFd);
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  // A main thread that dies of an exception (a closed standard error, say) waits for its worker, which waits in poll.
  process.on("exit", stop);
  const device = new VhostUserReports(worker, askFd, "path" in endpoint ? endpoint.path : `descriptor ${endpoint.fd}`);
  let running: DeviceServices | null = null;
  try {
    const end = untilEnd(worker, log);
    // Of the two whichever fails first is the reason; the other must not be an unhandled rejection.
    end.catch(() => {});
    running = services === undefined ? null : await startServices(device, services, log);
    return await end;
  } finally {
    running?.close();
    // The handlers of signals stay: a VMM that has closed its socket ends its back-end, too, which is on its way out with its own status.
    isEnding = true;
    process.off("exit", stop);
    await worker.terminate();
    listening?.close();
    closeFd(stopFd);
    closeFd(askFd);
  }
}

function untilEnd(worker: Worker, log: ScopedLogger): Promise<BackEndEnd> {
  return new Promise((resolve, reject) => {
    worker.on("error", reject);
    worker.on("exit", (code) => reject(new Error(`the device thread ended with status ${code}`)));
    worker.on("message", (message: VhostUserWorkerMessage) => {
      if (message.type === "log") log[message.level](message.message, message.fields);
      else if (message.type === "ended") resolve(message.reason);
      else if (message.type === "failed") {
        const { code, cure } = message;
        reject(new HostError(code, message.message, cure === null ? {} : { cure }));
      }
    });
  });
}
