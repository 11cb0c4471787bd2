/**
 * Takes a picture of Weston's output over our own client: `weston_screenshooter` (weston's protocol/weston-screenshooter.xml), which
 * copies the output into a buffer of ours. Weston offers it to everybody when started with `--debug`.
 */
import { NativeSessionMemory } from "#virtgpu/transport/session-memory.js";
import { WaylandConnection } from "#virtgpu/display/wayland/connection.js";
import {
  wl_buffer,
  wl_display,
  wl_output,
  wl_registry,
  wl_shm,
  wl_shm_pool,
} from "#virtgpu/display/wayland/generated/protocol.js";
import { pump } from "./pump.js";

const weston_screenshooter = {
  name: "weston_screenshooter",
  version: 1,
  requests: { shoot: [0, "oo"] },
  events: { done: [0, ""] },
} as const;

const DISPLAY_ID = 1;
/** `wl_output.mode` flags: this is the mode in use. */
const CURRENT = 1;
const XRGB8888 = 1;

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** 0xRRGGBB by pixel, row 0 on top. */
  readonly pixels: Uint32Array;
}

interface Pumped {
  readonly fd: number;
  serve(revents: number): void;
}

/** `others` are served meanwhile. @throws {Error} when there is no picture after some seconds */
export function takeScreenshot(socket: string, others: readonly Pumped[] = []): Picture {
  let failure: Error | null = null;
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const connection = WaylandConnection.connect(socket, log, (reason) => (failure = reason));
  const mine: Pumped = {
    get fd() {
      return connection.fd;
    },
    serve: (revents) => {
      if (revents !== 0) connection.receive();
    },
  };
  const wait = (isDone: () => boolean): void =>
    pump([mine, ...others], () => {
      if (failure !== null) throw failure;
      return isDone();
    });
  const globals = new Map<string, number>();
  const registry = connection.create(wl_registry, { global: (name, type) => void globals.set(type, name) });
  connection.send(DISPLAY_ID, wl_display.requests.get_registry, registry);
  const roundTrip = (): void => {
    let isDone = false;
    connection.sync(() => (isDone = true));
    connection.flush();
    wait(() => isDone);
  };
  roundTrip();
  const bind = (name: string, version: number, id: number): void => {
    const global = globals.get(name);
    if (global === undefined) throw new Error(`the compositor has no ${name}`);
    connection.send(registry, wl_registry.requests.bind, global, name, version, id);
  };
  let width = 0;
  let height = 0;
  const output = connection.create(wl_output, {
    mode: (flags, w, h) => {
      if ((flags & CURRENT) !== 0) [width, height] = [w, h];
    },
  });
  const shm = connection.create(wl_shm, {});
  let isShot = false;
  const shooter = connection.create(weston_screenshooter, { done: () => (isShot = true) });
  bind("wl_output", 2, output);
  bind("wl_shm", 1, shm);
  bind("weston_screenshooter", 1, shooter);
  roundTrip();
  const sizeBytes = width * height * 4;
  const memory = new NativeSessionMemory({ registerSegment: () => 1, unregisterSegment() {} }).createShared(sizeBytes);
  if (memory === null) throw new Error("no memory for a screenshot");
  try {
    const pool = connection.create(wl_shm_pool, {});
    connection.send(shm, wl_shm.requests.create_pool, pool, memory.fd, sizeBytes);
    const buffer = connection.create(wl_buffer, {});
    connection.send(pool, wl_shm_pool.requests.create_buffer, buffer, 0, width, height, width * 4, XRGB8888);
    connection.send(shooter, weston_screenshooter.requests.shoot, output, buffer);
    connection.flush();
    wait(() => isShot);
    const { bytes } = memory.segment;
    const pixels = new Uint32Array(bytes.slice().buffer, 0, width * height).map((pixel) => pixel & 0xff_ffff);
    return { width, height, pixels };
  } finally {
    connection.close();
    memory.release();
  }
}
