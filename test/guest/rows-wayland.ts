/** Rows whose guest is shown by our own display on a Wayland compositor: console text, modes and page flips, and a cube. */
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { movedPayload, reportOf } from "../wayland/moved-bytes.js";
import { findWindow } from "../wayland/picture.js";
import { takeScreenshot } from "../wayland/screenshot.js";
import { Weston } from "../wayland/weston.js";
import { mesa25Environment } from "../mesa25/mesa25.js";
import type { BackEndCommand } from "./back-end.js";
import { bootGuest, type BootResult } from "./boot.js";
import { CONSOLE_TEXT_SCRIPT, watchConsoleText } from "./console-text.js";
import type { Suite } from "./debian.js";
import type { GuestWatch } from "./guest-watch.js";
import { ourBackEnd, prepareMachine } from "./guests.js";
import type { MatrixRow } from "./matrix-row.js";
import { pictureWhen, type Screens } from "./picture.js";
import { prepareProgram } from "./programs.js";
import { countColours, type Screen } from "./qmp.js";
import { MODES_SCRIPT, watchModes } from "./rows-2d.js";
import { prepareUserland, virglUserland } from "./userland.js";

/** Of the compositor's output: the size of a guest's first mode, so that the window covers it. */
const WIDTH = 1280;
const HEIGHT = 800;
/** Colours of a shaded cube. */
const MANY = 1000;

/** The scanout's window on the compositor's output, as QMP's screendump would give the scanout. */
function windowOf(weston: Weston): Screens {
  return { screendump: () => Promise.resolve(cutOut(weston)) };
}

function cutOut(weston: Weston): Screen {
  const picture = takeScreenshot(weston.socket);
  const { x: left, y: top, width, height } = findWindow(picture);
  const rgb = new Uint8Array(width * height * 3);
  let at = 0;
  for (let y = top; y < top + height; y++) {
    for (let x = left; x < left + width; x++) {
      const pixel = picture.pixels[y * picture.width + x]!;
      rgb[at++] = pixel >> 16;
      rgb[at++] = (pixel >> 8) & 0xff;
      rgb[at++] = pixel & 0xff;
    }
  }
  return { width, height, rgb };
}

/** Console text glyph by glyph, modetest's bars pixel by pixel, page flips, then a cube (its scanouts fit a piece of 2 MiB), until its input has something to read. */
const SCRIPT = `${CONSOLE_TEXT_SCRIPT}${MODES_SCRIPT}
mkfifo /tmp/end
kmscube -D /dev/dri/card0 -v 640x480 < /tmp/end > /tmp/cube 2>&1 &
exec 3> /tmp/end
step cube
echo >&3
wait $!
cat /tmp/cube
`;

export interface WaylandRowOptions {
  readonly flags?: readonly string[];
  /** Paths of imports that the back-end refuses, by their names. */
  readonly refuse?: readonly string[];
  /** The guest takes its pages in pieces of 2 MiB, where it has them: else they are scattered. */
  readonly hugePages?: boolean;
  /** How the cube's scanouts must be shown. Default: either way. */
  readonly expect?: "no copy" | "copy";
}

/** `name` says what is special about it; `flags` are the back-end's. */
export function waylandRow(kernel: Suite, name: string, options: WaylandRowOptions = {}): MatrixRow {
  return {
    ...{
      kernel,
      guest: "virgl-bookworm",
      what: `shown by Weston, ${name}`,
      backEnd: "virtgpu --virgl --display=wayland",
    },
    async run() {
      const mesa = { LIBGL_ALWAYS_SOFTWARE: "1", ...(await mesa25Environment()) };
      const weston = await Weston.start({ renderer: "gl", env: mesa, width: WIDTH, height: HEIGHT });
      const control = join(weston.folder, "control.sock");
      try {
        const backEnd = ourBackEnd(
          ...["--virgl", `--display=wayland:${weston.socket}`, "--gpu-socket=none", `--control=${control}`],
          ...(options.flags ?? []),
        );
        const env = { ...mesa, VIRTGPU_REFUSE_IMPORT: (options.refuse ?? []).join(",") };
        return await runOn(kernel, { ...backEnd, env }, windowOf(weston), control, options);
      } finally {
        await weston.stop();
      }
    },
  };
}

async function runOn(
  kernel: Suite,
  backEnd: BackEndCommand,
  screens: Screens,
  control: string,
  options: WaylandRowOptions,
): Promise<string> {
  let words = "";
  const before = options.hugePages === true ? "echo force > /sys/kernel/mm/transparent_hugepage/shmem_enabled\n" : "";
  const result = await bootGuest({
    ...prepareMachine(kernel),
    backEnd,
    userland: prepareUserland(virglUserland("bookworm")),
    programs: [prepareProgram("console-font")],
    command: before + SCRIPT,
    timeoutMs: 900_000,
    async watch(_qmp, guest) {
      const glyphs = await watchConsoleText(screens, guest);
      const rate = await watchModes(screens, guest);
      words = `console text (${glyphs} glyph pixels), 1024x768 bars pixel by pixel, flips ${rate} Hz`;
      await guest.step("cube");
      const colours = await watchCube(screens, guest);
      words += `, a cube of ${colours} colours: ${await costOfFrames(control, options)}`;
      guest.answer();
    },
  });
  if (result.failure !== null || result.status !== 0)
    throw new Error(`${result.failure ?? result.status}\n${storyOf(result)}`);
  if (!result.console.includes('renderer: "virgl (')) throw new Error("the guest's Mesa did not use virgl");
  return words;
}

/** What the next frames cost, and how the scanouts' memory lies. @throws {Error} when that is not as expected */
async function costOfFrames(control: string, { expect, refuse }: WaylandRowOptions): Promise<string> {
  const before = await reportOf(control);
  let after = before;
  for (let i = 0; i < 100 && after.frames < before.frames + 10; i++) {
    await delay(100);
    after = await reportOf(control);
  }
  const frames = after.frames - before.frames;
  if (frames < 10) throw new Error(`${frames} frames in 10 s`);
  const was = movedPayload(before);
  const perFrame = Object.entries(movedPayload(after))
    .map(([reason, bytes]) => [reason, Math.round((bytes - (was[reason] ?? 0)) / frames)] as const)
    .filter(([, bytes]) => bytes > 0);
  const scanouts = after.resources.listed.filter(({ use }) => use.includes("scanout"));
  const lie = scanouts.map(({ backingEntries, path }) => `${backingEntries} entries ${path.path}`).join(", ");
  const cost =
    perFrame.length === 0 ? "0 bytes" : perFrame.map(([reason, bytes]) => `${bytes} bytes ${reason}`).join(", ");
  const isCopied = perFrame.some(([reason]) => reason === "display");
  if (expect !== undefined && isCopied !== (expect === "copy"))
    throw new Error(`the cube costs ${cost} a frame (${lie})`);
  if (scanouts.some(({ path }) => refuse?.includes(path.path))) throw new Error(`a refused path was taken: ${lie}`);
  return `${cost} a frame (${lie})`;
}

async function watchCube(screens: Screens, guest: GuestWatch): Promise<number> {
  const cube = await pictureWhen(screens, guest, (screen) => countColours(screen).size > MANY);
  return countColours(cube).size;
}

function storyOf(result: BootResult): string {
  const tail = (text: string): string => text.trimEnd().split("\n").slice(-40).join("\n");
  return `--- console\n${tail(result.console)}\n--- back-end\n${tail(result.backEndLog)}`;
}
