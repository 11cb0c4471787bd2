/** What every running device offers beside its guests' socket: the control socket, and metrics where they are asked for. */
import { existsSync, unlinkSync } from "node:fs";
import { HostError } from "@virtgpu/core/base";
import { deviceNames } from "./control-client.js";
import { ControlSocket, controlPath } from "./control-socket.js";
import type { Explanation } from "./explanation.js";
import type { ScopedLogger } from "./log.js";
import { MetricsServer, type MetricsAddress } from "./metrics-server.js";

export interface ServiceOptions {
  /** Of the device; its control socket is called after it. */
  readonly name: string;
  /** Null: the usual place. `none`: no control socket. */
  readonly control: string | null;
  readonly metrics: MetricsAddress | null;
  /** Of virtgpu. */
  readonly version: string;
}

/** A device as its services see it. */
export interface ExplainedDevice {
  status(): Promise<unknown>;
  explain(name: string): Promise<Explanation>;
}

export interface DeviceServices {
  close(): void;
}

/**
 * @throws {HostError} when a socket that was asked for cannot be had. One at its usual place is a convenience: without it the
 *   device still serves.
 */
export async function startServices(
  device: ExplainedDevice,
  options: ServiceOptions,
  log: ScopedLogger,
): Promise<DeviceServices> {
  const { name, version } = options;
  const metrics = async (): Promise<string> => {
    // Most devices are never asked: they need not load what it takes.
    const { prometheusText } = await import("./prometheus.js");
    return prometheusText(await device.explain(name), version);
  };
  const answers = {
    status: () => device.status(),
    explain: () => device.explain(name),
    metrics: async () => ({ text: await metrics() }),
  };
  const server = options.metrics === null ? null : await MetricsServer.start(options.metrics, metrics, log);
  let control: ControlSocket | null = null;
  try {
    if (options.control === null) control = await startAtUsualPlace(name, answers, log);
    else if (options.control !== "none") control = await ControlSocket.start(options.control, answers, log);
  } catch (error) {
    server?.close();
    throw error;
  }
  return {
    close() {
      control?.close();
      server?.close();
    },
  };
}

/** Where another device has the name already, ours gets the process's number behind it. */
async function startAtUsualPlace(
  name: string,
  answers: Parameters<typeof ControlSocket.start>[1],
  log: ScopedLogger,
): Promise<ControlSocket | null> {
  try {
    return await ControlSocket.start(controlPath(name), answers, log);
  } catch (error) {
    if (!(error instanceof HostError) || error.code !== "SOCKET_PATH_HELD") return told(error, log);
  }
  removeDead(name);
  const another = `${name}-${process.pid}`;
  try {
    const control = await ControlSocket.start(controlPath(another), answers, log);
    log.info("another device has this name; explain knows this one by its process", { name: another });
    return control;
  } catch (error) {
    return told(error, log);
  }
}

/** Sockets called `NAME-PID` whose process is gone: it was killed, so that nobody removed them. */
function removeDead(name: string): void {
  for (const other of deviceNames()) {
    const pid = other.startsWith(`${name}-`) ? other.slice(name.length + 1) : "";
    if (!/^\d+$/.test(pid) || existsSync(`/proc/${pid}`)) continue;
    try {
      unlinkSync(controlPath(other));
    } catch {
      // Another device was faster.
    }
  }
}

function told(error: unknown, log: ScopedLogger): null {
  log.warn("no control socket", { reason: error instanceof Error ? error.message : String(error) });
  return null;
}
