/** The back-ends that are compared, each with what shows its frames, as processes that stand ready. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repositoryRoot } from "#e2e/paths.js";
import { askDevice } from "#virtgpu/host/control-client.js";
import type { DeviceReport } from "#virtgpu/host/device-report.js";
import type { Explanation } from "#virtgpu/host/explanation.js";
import { closeFd, createMemfd, Mapping } from "#virtgpu/native/memory.js";
import { GpuFrontEnd } from "#virtgpu/testing/gpu-front-end.js";
import { mesa25Environment } from "#mesa25/mesa25.js";
import { takeScreenshot } from "#wayland/screenshot.js";
import { Weston } from "#wayland/weston.js";
import { FRAME_BYTES, HEIGHT, RAM_BYTES, WIDTH } from "./guest.js";
import { buildWindow } from "../c-programs.js";

/** What a side is measured with: added to the environment of its back-end and of what shows it. */
type Env = Readonly<Record<string, string>>;

export interface Side {
  readonly name: string;
  /** The display's process in words. */
  readonly displayName: string;
  readonly frontEnd: GpuFrontEnd;
  readonly displayPid: number;
  /** What is shown now: 0xRRGGBB by pixel. */
  picture(): Uint32Array;
  /** Frames that were handed to the display so far. */
  shownFrames(): Promise<number>;
  /** Null: not ours. */
  report(): Promise<DeviceReport | null>;
  close(): Promise<void>;
}

export type StartSide = (env: Env) => Promise<Side>;

/** QEMU's own back-end, 2D. */
export function qemuSide(command: string): StartSide {
  return async (env) => {
    const frontEnd = GpuFrontEnd.start({ command, args: (fd) => ["-f", String(fd)], env, ramBytes: RAM_BYTES });
    const window = await SocketWindow.open(frontEnd, env);
    return {
      name: "QEMU's vhost-user-gpu",
      displayName: "window",
      frontEnd,
      displayPid: window.pid,
      picture: () => window.picture(),
      // One message for a flush.
      shownFrames: async () => window.updates(),
      report: async () => null,
      close: async () => {
        await frontEnd.close();
        await window.close();
      },
    };
  };
}

/** Ours for a VMM's window. */
export const socketSide: StartSide = async (env) => {
  const { frontEnd, report, remove } = startOurs(env, []);
  const window = await SocketWindow.open(frontEnd, env);
  return {
    name: "virtgpu, GPU socket",
    displayName: "window",
    frontEnd,
    displayPid: window.pid,
    picture: () => window.picture(),
    shownFrames: async () => presented(await report(), "gpu socket"),
    report,
    close: async () => {
      await frontEnd.close();
      await window.close();
      remove();
    },
  };
};

/** Ours with a window of its own on Weston, which draws with Mesa 25's software driver. */
export const waylandSide: StartSide = async (env) => {
  const mesa = await mesa25Environment();
  // As large as the window, which then has one place only.
  const size = { width: WIDTH, height: HEIGHT };
  const weston = await Weston.start({ renderer: "gl", ...size, env: { LIBGL_ALWAYS_SOFTWARE: "1", ...mesa, ...env } });
  const flags = [`--display=wayland:${weston.socket}`, `--mode=${WIDTH}x${HEIGHT}`, "--gpu-socket=none"];
  const { frontEnd, report, remove } = startOurs(env, flags);
  return {
    name: "virtgpu, Wayland",
    displayName: "Weston",
    frontEnd,
    displayPid: weston.pid,
    picture: () => takeScreenshot(weston.socket).pixels,
    shownFrames: async () => presented(await report(), "wayland"),
    report,
    close: async () => {
      await frontEnd.close();
      await weston.stop();
      remove();
    },
  };
};

function startOurs(env: Env, flags: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), "virtgpu-hd-"));
  const control = join(folder, "control.sock");
  const program = join(repositoryRoot(), "packages/virtgpu/dist/cli/vhost-user.js");
  const frontEnd = GpuFrontEnd.start({
    command: process.execPath,
    args: (fd) => [program, `--fd=${fd}`, `--control=${control}`, "--profile=none", ...flags],
    env,
    ramBytes: RAM_BYTES,
  });
  const report = async (): Promise<DeviceReport> => {
    const explanation = (await askDevice(control, "explain")) as Explanation;
    const found = explanation.processes[0]?.report;
    if (found === null || found === undefined) throw new Error("the device serves no guest");
    return found;
  };
  return { frontEnd, report, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function presented({ displays }: DeviceReport, name: string): number {
  return displays.find((display) => display.name === name)?.counters["presented"] ?? 0;
}

/** `window.c` as a process, and the memory in which it keeps what it shows. */
class SocketWindow {
  readonly #child: ChildProcess;
  readonly #surface: Mapping;

  private constructor(child: ChildProcess, surface: Mapping) {
    this.#child = child;
    this.#surface = surface;
  }

  static async open(frontEnd: GpuFrontEnd, env: Env): Promise<SocketWindow> {
    const program = await buildWindow();
    const lengthBytes = FRAME_BYTES + 16;
    const surface = createMemfd("surface", lengthBytes);
    frontEnd.openGpuSocket();
    const child = spawn(program, [String(WIDTH), String(HEIGHT)], {
      stdio: ["ignore", "inherit", "inherit", frontEnd.gpuSocketFd, surface],
      env: { ...process.env, ...env },
    });
    const mapping = Mapping.map(surface, 0, lengthBytes, false);
    closeFd(surface);
    return new SocketWindow(child, mapping);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  picture(): Uint32Array {
    const { buffer, byteOffset } = this.#surface.bytes;
    return new Uint32Array(buffer, byteOffset, WIDTH * HEIGHT).map((pixel) => pixel & 0xff_ffff);
  }

  /** UPDATE messages so far. */
  updates(): number {
    const { buffer, byteOffset } = this.#surface.bytes;
    return Number(new DataView(buffer, byteOffset + FRAME_BYTES).getBigUint64(0, true));
  }

  /** It ends with the back-end. */
  async close(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, "exit");
      this.#child.kill("SIGTERM");
      await ended;
    }
    this.#surface.release();
  }
}
