/** Rows whose guest is shown by our own display on a Wayland compositor: console text, modes and page flips, and a cube. */
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

/** Console text glyph by glyph, modetest's bars pixel by pixel, page flips, then a cube. */
const SCRIPT = `${CONSOLE_TEXT_SCRIPT}${MODES_SCRIPT}
kmscube -D /dev/dri/card0 -c 300 2>&1 | grep -E 'renderer|^Rendered'
`;

/**
 * `flags` and `env` are the back-end's: without any, everything that can be imported is; `hugePages` has the guest take its pages in
 * pieces of 2 MiB.
 */
export function waylandRow(
  kernel: Suite,
  name: string,
  options: {
    readonly flags?: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
    readonly hugePages?: boolean;
  } = {},
): MatrixRow {
  return {
    ...{
      kernel,
      guest: "virgl-bookworm",
      what: "shown by Weston",
      backEnd: `virtgpu --virgl --display=wayland ${name}`,
    },
    async run() {
      const mesa = { LIBGL_ALWAYS_SOFTWARE: "1", ...(await mesa25Environment()) };
      const weston = await Weston.start({ renderer: "gl", env: mesa, width: WIDTH, height: HEIGHT });
      try {
        const flags = ["--virgl", `--display=wayland:${weston.socket}`, "--log-level=debug", ...(options.flags ?? [])];
        const backEnd = { ...ourBackEnd(...flags), env: { ...mesa, ...options.env } };
        return await runOn(kernel, backEnd, windowOf(weston), options.hugePages === true);
      } finally {
        await weston.stop();
      }
    },
  };
}

async function runOn(kernel: Suite, backEnd: BackEndCommand, screens: Screens, hugePages: boolean): Promise<string> {
  let words = "";
  const before = hugePages ? "echo force > /sys/kernel/mm/transparent_hugepage/shmem_enabled\n" : "";
  const result = await bootGuest({
    ...prepareMachine(kernel),
    backEnd,
    userland: prepareUserland(virglUserland("bookworm")),
    programs: [prepareProgram("console-font")],
    command: before + SCRIPT,
    timeoutMs: 300_000,
    async watch(_qmp, guest) {
      const glyphs = await watchConsoleText(screens, guest);
      const rate = await watchModes(screens, guest);
      const colours = await watchCube(screens, guest);
      words = `console text (${glyphs} glyph pixels), 1024x768 bars pixel by pixel, flips ${rate} Hz, a cube of ${colours} colours`;
    },
  });
  if (result.failure !== null || result.status !== 0)
    throw new Error(`${result.failure ?? result.status}\n${storyOf(result)}`);
  if (!result.console.includes('renderer: "virgl (')) throw new Error("the guest's Mesa did not use virgl");
  return `${words}; ${pathsOf(result.backEndLog)}`;
}

async function watchCube(screens: Screens, guest: GuestWatch): Promise<number> {
  const cube = await pictureWhen(screens, guest, (screen) => countColours(screen).size > MANY);
  return countColours(cube).size;
}

/** How scanouts were shown, and why not better. */
function pathsOf(log: string): string {
  const shared = log.match(/shown from its own memory/g)?.length ?? 0;
  const reasons = [...log.matchAll(/copied for the display.*?reason="?([^"\n]*)/g)].map((match) => match[1]);
  return `from its own memory ${shared} times, copied ${reasons.length} times (${[...new Set(reasons)].join("; ") || "-"})`;
}

function storyOf(result: BootResult): string {
  const tail = (text: string): string => text.trimEnd().split("\n").slice(-40).join("\n");
  return `--- console\n${tail(result.console)}\n--- back-end\n${tail(result.backEndLog)}`;
}
