/** The vtest server for programs: defaults for everything but the path. */
import { silentLogger, type LogFields } from "@virtgpu/core/base";
import type { ScopedLogger } from "./log.js";
import { VtestServer } from "./vtest-server.js";

/** As the flags of `virtgpu serve`, with their defaults. */
export interface ServeVtestOptions {
  /** Where clients connect. */
  readonly path: string;
  /** Permission bits of the socket. Default 0o600. */
  readonly mode?: number;
  /** Group name or number of the socket. */
  readonly group?: string;
  /** Warmed client processes kept ready. Default 1. */
  readonly spares?: number;
  /** Default 64. */
  readonly maxClients?: number;
  /** Draw with desktop GL. Default false: GLES. */
  readonly hostGl?: boolean;
  /** Default `auto`. */
  readonly eglPlatform?: string;
  /** Default: silence. See `createLogger`. */
  readonly log?: ScopedLogger;
}

const silence: ScopedLogger = { ...silentLogger, report() {}, scoped: (_fields: LogFields) => silence };

/** Starts a server; `drain` or `kill` ends it. @throws {HostError} when the path cannot be had or the host cannot render. */
export async function serveVtest(options: ServeVtestOptions): Promise<VtestServer> {
  const group = options.group === undefined ? {} : { group: options.group };
  return VtestServer.start({
    socket: { path: options.path, mode: options.mode ?? 0o600, ...group },
    child: {
      eglPlatform: options.eglPlatform ?? "auto",
      api: options.hostGl === true ? "gl" : "gles",
      logLevel: "info",
    },
    spares: options.spares ?? 1,
    maxClients: options.maxClients ?? 64,
    log: options.log ?? silence,
  });
}
