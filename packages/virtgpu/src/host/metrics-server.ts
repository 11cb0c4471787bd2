/** Serves the metrics over HTTP: `GET /metrics`, nothing else. On the loopback interface or a Unix socket unless told otherwise. */
import { unlinkSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { HostError } from "@virtgpu/core/base";
import { listenAtPath } from "../transport/socket-path.js";
import type { ScopedLogger } from "./log.js";

/** Where to serve: an address and port (0: any free one), or the path of a Unix socket. */
export type MetricsAddress = { readonly host: string; readonly port: number } | { readonly path: string };

/** Prometheus, "Exposition formats": the text-based format. */
const CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";
const MAX_CONNECTIONS = 16;
const LOOPBACK = /^(127\.|::1$|localhost$)/;
/** A scraper gives up after ten seconds; a client that draws is not waited for that long. */
const REQUEST_TIMEOUT_MS = 10_000;

/** `[ADDR:]PORT` or an absolute path; null: neither. An IPv6 address stands in brackets. */
export function parseMetricsAddress(text: string): MetricsAddress | null {
  if (text.startsWith("/")) return { path: text };
  const match = /^(?:(\[[0-9a-fA-F:.]+\]|[^:[\]]+):)?(\d{1,5})$/.exec(text);
  if (match === null) return null;
  const port = Number(match[2]);
  if (port > 65_535) return null;
  return { host: match[1]?.replace(/^\[|\]$/g, "") ?? "127.0.0.1", port };
}

export class MetricsServer {
  /** What a scraper is told: a URL, or the socket's path. */
  readonly address: string;
  readonly #server: Server;
  readonly #socketPath: string | null;

  private constructor(server: Server, socketPath: string | null, address: string) {
    this.#server = server;
    this.#socketPath = socketPath;
    this.address = address;
  }

  /** @throws {HostError} METRICS_CANNOT_LISTEN, or of the socket's path. */
  static async start(
    address: MetricsAddress,
    render: () => Promise<string>,
    log: ScopedLogger,
  ): Promise<MetricsServer> {
    let running: Promise<string> | null = null;
    // Whoever asks meanwhile gets the same: the device is disturbed once at a time.
    const collect = (): Promise<string> => (running ??= render().finally(() => (running = null)));
    const server = createServer((request, response) => {
      const path = request.url?.split("?")[0];
      const isRead = request.method === "GET" || request.method === "HEAD";
      if (path !== "/metrics" || !isRead) {
        response.writeHead(isRead ? 404 : 405, { "content-type": "text/plain" }).end("only GET /metrics\n");
        return;
      }
      collect().then(
        (text) => response.writeHead(200, { "content-type": CONTENT_TYPE }).end(text),
        (error: unknown) => {
          log.warn("metrics could not be collected", { reason: String(error) });
          response.writeHead(500, { "content-type": "text/plain" }).end("not now\n");
        },
      );
    });
    server.maxConnections = MAX_CONNECTIONS;
    server.requestTimeout = REQUEST_TIMEOUT_MS;
    server.headersTimeout = REQUEST_TIMEOUT_MS;
    const listener = "path" in address ? listenAtPath({ path: address.path, mode: 0o600 }) : null;
    const where = listener === null ? address : { fd: listener.fd };
    try {
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(where, resolve);
      });
    } catch (error) {
      listener?.close();
      throw new HostError("METRICS_CANNOT_LISTEN", `metrics cannot be served: ${String(error)}`, {
        cause: error,
        cure: "choose another --metrics=[ADDR:]PORT",
      });
    }
    // It must not keep a process alive whose device has ended.
    server.unref();
    const shown = "path" in address ? address.path : urlOf(server.address() as AddressInfo);
    if ("host" in address && !LOOPBACK.test(address.host))
      log.warn("metrics are served to other machines, without encryption or password", { address: shown });
    log.info("metrics are served", { address: shown });
    return new MetricsServer(server, listener?.path ?? null, shown);
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
    if (this.#socketPath === null) return;
    try {
      unlinkSync(this.#socketPath);
    } catch {
      // Already gone.
    }
  }
}

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}/metrics`;
}
