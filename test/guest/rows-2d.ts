/** Rows without 3D: console text, modes and page flips; two heads, resize and cursor on QEMU's D-Bus display. */
import { setTimeout as delay } from "node:timers/promises";
import type { Suite } from "./debian.js";
import { CONSOLE_TEXT_SCRIPT, watchConsoleText } from "./console-text.js";
import { DisplayBus } from "./dbus.js";
import { type GuestMachine, ourBackEnd, tappedBackEnd } from "./guests.js";
import type { GuestWatch } from "./guest-watch.js";
import type { BackEndCommand } from "./back-end.js";
import { bootRow, type MatrixRow } from "./matrix-row.js";
import { assertSame, compareWith, patternColour, pictureWhen, type Screens } from "./picture.js";
import { countColours, type Qmp } from "./qmp.js";
import { compareWithSmpte } from "./smpte.js";
import { USERLAND_2D } from "./userland.js";

/** First connected connector, in a guest's script. */
export const CONNECTOR = `$(modetest -M virtio_gpu -c | awk '$3 == "connected" {print $1; exit}')`;

/** A mode with modetest's bars, until the watcher answers; then page flips as fast as they go, for so many seconds. */
export const MODES_SCRIPT = `
modetest -M virtio_gpu -s ${CONNECTOR}:1024x768 || exit 1
(sleep 3; echo) | modetest -M virtio_gpu -v -s ${CONNECTOR}:1024x768 || exit 1
`;

/** @returns page flips in a second, by the guest's clock */
export async function watchModes(qmp: Screens, guest: GuestWatch): Promise<string> {
  const bars = await pictureWhen(qmp, guest, (screen) => screen.width === 1024 && countColours(screen).size >= 8);
  assertSame("modetest's bars", compareWithSmpte(bars));
  guest.answer();
  let rate: string | undefined;
  for (let i = 0; i < 900 && rate === undefined && guest.isRunning(); i++) {
    await delay(200);
    rate = /freq: ([\d.]+)Hz/.exec(guest.console())?.[1];
  }
  if (rate === undefined) throw new Error("modetest did not flip pages");
  return rate;
}

export function modesRow(
  kernel: Suite,
  backEnd: (machine: GuestMachine) => BackEndCommand = () => ourBackEnd(),
  name = "virtgpu",
): MatrixRow {
  return {
    ...{ kernel, guest: "modetest (bookworm)", what: "console text, modes, page flips", backEnd: name },
    async run() {
      let words = "";
      await bootRow({
        ...{ kernel, userland: USERLAND_2D, backEnd, programs: ["console-font"] },
        command: CONSOLE_TEXT_SCRIPT + MODES_SCRIPT,
        async watch(qmp, guest) {
          const glyphs = await watchConsoleText(qmp, guest);
          const rate = await watchModes(qmp, guest);
          words = `console text glyph by glyph (${glyphs} pixels); 1024x768 bars pixel by pixel; flips ${rate} Hz (guest clock)`;
        },
      });
      return words;
    },
  };
}

/** Window sizes for the two heads, and the one that the first is resized to: nobody's defaults, rows of whole 64 bytes. */
const SIZES = [
  { width: 1008, height: 704 },
  { width: 880, height: 600 },
] as const;
const RESIZED = { width: 1168, height: 720 } as const;

/** Waits in the guest until the first mode of the n-th connector is this one. */
const awaitMode = (n: number, { width, height }: { width: number; height: number }): string => `
i=0
until modetest -M virtio_gpu -c | awk '/^[0-9]+\\t/ {n++} n == ${n + 1} && $1 == "#0" {print $2}' | grep -qx ${width}x${height}; do
  i=$((i + 1)); [ $i -lt 40 ] || { modetest -M virtio_gpu -c; exit 1; }
  sleep 0.5
done
`;

const HEADS_SCRIPT = `
step heads-asked
${awaitMode(0, SIZES[0])}
${awaitMode(1, SIZES[1])}
kms-heads || exit 1
step resize-asked
${awaitMode(0, RESIZED)}
echo GUEST-RESIZED
kms-cursor || exit 1
`;

export function headsRow(kernel: Suite): MatrixRow {
  return {
    ...{ kernel, guest: "two heads (bookworm)", what: "two heads, resize, cursor", backEnd: "virtgpu" },
    async run() {
      const bus = await DisplayBus.start();
      try {
        let cursor = "";
        await bootRow({
          ...{ kernel, userland: USERLAND_2D, backEnd: () => tappedBackEnd(), programs: ["kms-heads", "kms-cursor"] },
          command: HEADS_SCRIPT,
          options: { display: `dbus,addr=${bus.address}`, deviceProperties: "max_outputs=2" },
          async watch(qmp, guest) {
            await watchHeads(bus, qmp, guest);
            await guest.step("resize-asked");
            await bus.resize(0, RESIZED.width, RESIZED.height);
            guest.answer();
            cursor = await watchCursor(qmp, guest);
          },
        });
        const [a, b] = SIZES.map(({ width, height }) => `${width}x${height}`);
        const resized = `${RESIZED.width}x${RESIZED.height}`;
        return `${a} and ${b} by SetUIInfo; a picture each, one resource with two parts: pixel by pixel; resized to ${resized}; ${cursor}`;
      } finally {
        await bus.close();
      }
    },
  };
}

async function watchHeads(bus: DisplayBus, qmp: Qmp, guest: GuestWatch): Promise<void> {
  await guest.step("heads-asked");
  for (const [head, { width, height }] of SIZES.entries()) await bus.resize(head, width, height);
  guest.answer();
  await guest.step("two-pictures");
  for (const [head] of SIZES.entries()) await assertPattern(qmp, guest, head, head + 1, 0);
  guest.answer();
  await guest.step("one-picture");
  for (const [head] of SIZES.entries()) await assertPattern(qmp, guest, head, 3, head === 0 ? 0 : SIZES[0].width);
  guest.answer();
}

/** A head shows the pattern from column `left` on. The flush may come a moment after the guest's call. */
async function assertPattern(qmp: Qmp, guest: GuestWatch, head: number, seed: number, left: number): Promise<void> {
  const { width, height } = SIZES[head]!;
  const expected = (x: number, y: number): number => patternColour(seed, left + x, y);
  let differing = -1;
  try {
    await pictureWhen(
      qmp,
      guest,
      (screen) => {
        if (screen.width !== width || screen.height !== height) return false;
        differing = compareWith(screen, expected).differing;
        return differing === 0;
      },
      head,
    );
  } catch (error) {
    throw new Error(`head ${head}, picture ${seed}: ${differing} pixels differ`, { cause: error });
  }
}

/** Image, hot spot, moves and end of the cursor of programs/kms-cursor.c, as the back-end sends them over the GPU socket. */
async function watchCursor(qmp: Qmp, guest: GuestWatch): Promise<string> {
  await guest.step("cursor-shown");
  const [, place, image] = await tapped(guest, /^TAP cursor 0 (\d+ \d+) 5 9 ([0-9a-f]{32768})$/m);
  if (place !== "100 50") throw new Error(`the cursor is at ${place}, not at 100 50`);
  const bytes = Buffer.from(image!, "hex");
  for (let y = 0; y < 64; y++) {
    for (let x = 0; x < 64; x++) {
      const seen = bytes.readUInt32LE((y * 64 + x) * 4);
      const wanted = ((x + y < 64 ? 0xff000000 : 0) | patternColour(7, x, y)) >>> 0;
      if (seen !== wanted) throw new Error(`cursor pixel ${x},${y}: ${seen.toString(16)} not ${wanted.toString(16)}`);
    }
  }
  guest.answer();
  await guest.step("cursor-moved");
  await tapped(guest, /^TAP move 0 321 234$/m);
  guest.answer();
  await guest.step("cursor-hidden");
  await tapped(guest, /^TAP hide 0 /m);
  await pictureWhen(qmp, guest, ({ width, height }) => width === RESIZED.width && height === RESIZED.height);
  guest.answer();
  return "cursor image 64x64 pixel by pixel, hot spot, position, hidden: bytes on the GPU socket";
}

/** Waits for a line of the tap. */
async function tapped(guest: GuestWatch, pattern: RegExp): Promise<RegExpExecArray> {
  for (let i = 0; i < 1200; i++) {
    const match = pattern.exec(guest.backEnd!.output());
    if (match !== null) return match;
    await delay(100);
  }
  throw new Error(`the back-end did not say ${pattern} on the GPU socket`);
}
