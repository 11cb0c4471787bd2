/** What a compositor offers, bound: one per connection. Setting it up never waits; `onReady` tells when it is usable. */
import { HostError, type Logger } from "@virtgpu/core/base";
import { type EventHandlers, WaylandConnection } from "./connection.js";
import { DmabufFormats } from "./dmabuf-formats.js";
import {
  wl_compositor,
  wl_display,
  wl_registry,
  wl_seat,
  wl_shm,
  wp_presentation,
  wp_viewporter,
  xdg_wm_base,
  zwp_linux_dmabuf_v1,
} from "./generated/protocol.js";
import type { Interface } from "./wire.js";

const DISPLAY_ID = 1;
/** `wl_surface.damage_buffer` came with it. */
const MIN_COMPOSITOR_VERSION = 4;
/** `modifier` events came with it. */
const MIN_DMABUF_VERSION = 3;

export interface SessionEvents {
  /** Everything is bound and the formats are known. */
  ready(session: WaylandSession): void;
  /** The compositor is gone or refuses us; the connection is closed. */
  closed(reason: HostError): void;
  /** `wl_seat.capabilities` of `seat`. */
  seatCapabilities(capabilities: number): void;
}

interface Global {
  readonly name: number;
  readonly version: number;
}

export class WaylandSession {
  readonly connection: WaylandConnection;
  /** Object ids; 0: not offered. */
  compositor = 0;
  shm = 0;
  wmBase = 0;
  presentation = 0;
  viewporter = 0;
  seat = 0;
  dmabuf: { readonly id: number; readonly formats: DmabufFormats } | null = null;
  isReady = false;
  readonly #events: SessionEvents;
  readonly #globals = new Map<string, Global>();
  #registry = 0;

  /** Connects and begins to set up. @throws {HostError} when nobody listens at `path` */
  constructor(path: string, logger: Logger, events: SessionEvents) {
    this.#events = events;
    this.connection = connect(path, logger, events);
    this.#registry = this.connection.create(wl_registry, {
      global: (name, type, version) => {
        // The first of a kind: a second seat has nothing that a display without input needs.
        if (!this.#globals.has(type)) this.#globals.set(type, { name, version });
      },
    });
    this.connection.send(DISPLAY_ID, wl_display.requests.get_registry, this.#registry);
    this.connection.sync(() => this.#bindAll());
    this.connection.flush();
  }

  close(): void {
    this.connection.close();
    this.isReady = false;
  }

  #bindAll(): void {
    const { connection } = this;
    this.compositor = this.#bind(wl_compositor, {}, MIN_COMPOSITOR_VERSION);
    this.shm = this.#bind(wl_shm, {});
    this.wmBase = this.#bind(xdg_wm_base, {
      ping: (serial) => connection.send(this.wmBase, xdg_wm_base.requests.pong, serial),
    });
    const lacks = [wl_compositor, wl_shm, xdg_wm_base].filter(
      (_, i) => [this.compositor, this.shm, this.wmBase][i] === 0,
    );
    if (lacks.length > 0) {
      this.close();
      const names = lacks.map((type) => type.name).join(", ");
      this.#events.closed(new HostError("WAYLAND_LACKS", `the compositor has no (or too old) ${names}`));
      return;
    }
    this.presentation = this.#bind(wp_presentation, {});
    this.viewporter = this.#bind(wp_viewporter, {});
    this.seat = this.#bind(wl_seat, { capabilities: (bits) => this.#events.seatCapabilities(bits) });
    const dmabuf = this.#globals.get(zwp_linux_dmabuf_v1.name);
    if (dmabuf !== undefined && dmabuf.version >= MIN_DMABUF_VERSION)
      this.dmabuf = DmabufFormats.bind(
        connection,
        (handlers) => this.#bind(zwp_linux_dmabuf_v1, handlers),
        dmabuf.version,
      );
    connection.sync(() => {
      this.isReady = true;
      this.#events.ready(this);
    });
  }

  #bind<I extends Interface>(type: I, handlers: EventHandlers<I>, minVersion = 1): number {
    const global = this.#globals.get(type.name);
    if (global === undefined || global.version < minVersion) return 0;
    const id = this.connection.create(type, handlers);
    const version = Math.min(global.version, type.version);
    this.connection.send(this.#registry, wl_registry.requests.bind, global.name, type.name, version, id);
    return id;
  }
}

function connect(path: string, logger: Logger, events: SessionEvents): WaylandConnection {
  try {
    return WaylandConnection.connect(path, logger, (reason) => events.closed(reason));
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    throw new HostError(error.code, `no Wayland compositor at ${path} (${error.code})`, {
      cause: error,
      cure: "start the compositor, or name its socket: --display=wayland:PATH",
    });
  }
}
