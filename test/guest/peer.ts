/**
 * QEMU's in-process 3D device beside ours: `virtio-gpu-gl-pci` in a window on an X server of our own, which tells its
 * pixels. In a GTK window the picture is scaled where there is no window manager.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { BootOptions } from "./boot.js";
import { type Running, start } from "./process.js";
import type { Screen } from "./qmp.js";

/** Large enough for a window that was put in the middle with 640x480 and grew to 1280x800 from there. */
const WIDTH = 1920;
const HEIGHT = 1120;

export class PeerScreen {
  readonly #folder: string;
  readonly #server: Running;
  readonly #display: string;

  private constructor(folder: string, server: Running, display: string) {
    this.#folder = folder;
    this.#server = server;
    this.#display = display;
  }

  static async start(): Promise<PeerScreen> {
    const folder = mkdtempSync(join(tmpdir(), "virtgpu-xvfb-"));
    const screen = ["-screen", "0", `${WIDTH}x${HEIGHT}x24`, "-fbdir", folder];
    const server = start("Xvfb", ["-displayfd", "1", "-nolisten", "tcp", "-noreset", ...screen]);
    for (let i = 0; i < 2400 && server.isRunning(); i++) {
      const display = /^(\d+)\n/m.exec(server.output())?.[1];
      if (display !== undefined) return new PeerScreen(folder, server, `:${display}`);
      await delay(50);
    }
    server.kill();
    throw new Error(`Xvfb did not start: ${server.output()}`);
  }

  /** What `bootGuest` needs for a guest on the peer. GTK is the faster window, SDL the one with the guest's own pixels. */
  bootOptions(window: "gtk" | "sdl"): Pick<BootOptions, "backEnd" | "device" | "display" | "qemuEnv"> {
    return {
      backEnd: null,
      device: "virtio-gpu-gl-pci,id=video0,xres=1280,yres=800",
      display: `${window},gl=on`,
      qemuEnv: { DISPLAY: this.#display, LIBGL_ALWAYS_SOFTWARE: "1", SDL_VIDEODRIVER: "x11", GDK_BACKEND: "x11" },
    };
  }

  /** What the only window shows, which must not be black at its edges. @throws {Error} when it has another size */
  picture(width: number, height: number): Screen {
    const all = readXwd(readFileSync(join(this.#folder, "Xvfb_screen0")));
    const first = all.rgb.findIndex((byte) => byte !== 0);
    const last = all.rgb.findLastIndex((byte) => byte !== 0);
    const [left, top] = placeOf(first);
    const [right, bottom] = placeOf(last);
    if (first < 0 || right - left + 1 !== width || bottom - top + 1 !== height)
      throw new Error(`the peer's window is from ${left},${top} to ${right},${bottom}, not ${width}x${height}`);
    const rgb = new Uint8Array(width * height * 3);
    for (let y = 0; y < height; y++) {
      const start = ((top + y) * all.width + left) * 3;
      rgb.set(all.rgb.subarray(start, start + width * 3), y * width * 3);
    }
    return { width, height, rgb };
  }

  async close(): Promise<void> {
    this.#server.kill();
    await this.#server.exited;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function placeOf(byte: number): [x: number, y: number] {
  const pixel = Math.floor(byte / 3);
  return [pixel % WIDTH, Math.floor(pixel / WIDTH)];
}

/** Words of the header of an X window dump, all big-endian. Source: X11/XWDFile.h, XWDFileHeader. */
const XWD = {
  HEADER_SIZE: 0,
  WIDTH: 4,
  HEIGHT: 5,
  BYTE_ORDER: 7,
  BITS_PER_PIXEL: 11,
  STRIDE: 12,
  COLOURS: 19,
} as const;
const XWD_COLOUR_BYTES = 12;

export function readXwd(bytes: Buffer): Screen {
  const word = (index: number): number => bytes.readUInt32BE(index * 4);
  const [width, height, stride] = [word(XWD.WIDTH), word(XWD.HEIGHT), word(XWD.STRIDE)];
  if (word(XWD.BITS_PER_PIXEL) !== 32 || word(XWD.BYTE_ORDER) !== 0) throw new Error("an X screen of another format");
  const pixels = bytes.subarray(word(XWD.HEADER_SIZE) + word(XWD.COLOURS) * XWD_COLOUR_BYTES);
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const colour = pixels.readUInt32LE(y * stride + x * 4);
      const at = (y * width + x) * 3;
      rgb[at] = colour >> 16;
      rgb[at + 1] = colour >> 8;
      rgb[at + 2] = colour;
    }
  }
  return { width, height, rgb };
}
