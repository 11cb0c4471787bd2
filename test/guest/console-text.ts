/** Text on the framebuffer console, checked glyph by glyph: the guest tells the font, the host draws the same and compares. */
import { type Difference, assertSame, compareWith, pictureWhen, pixelAt, type Screens } from "./picture.js";
import { countColours, type Screen } from "./qmp.js";
import type { GuestWatch } from "./guest-watch.js";

const TEXT = "virtgpu guest console 0123456789";

/** Clears the console, then writes a line of known text; needs the program `console-font`. */
export const CONSOLE_TEXT_SCRIPT = `
printf '\\033[2J\\033[H\\033[?25l' > /dev/tty1
step console-empty
printf '${TEXT}' > /dev/tty1
console-font '${TEXT}'
step console-text
`;

/** @returns how many glyph pixels were seen. @throws {Error} when a pixel of the whole screen is not as it should be */
export async function watchConsoleText(qmp: Screens, guest: GuestWatch): Promise<number> {
  await guest.step("console-empty");
  await pictureWhen(qmp, guest, (screen) => screen.width > 640 && countColours(screen).size === 1);
  guest.answer();
  await guest.step("console-text");
  const font = readFont(guest.console());
  let difference: Difference | null = null;
  let screen: Screen;
  try {
    screen = await pictureWhen(qmp, guest, (picture) => {
      difference = compareWithText(picture, font);
      return difference.differing === 0;
    });
  } catch (error) {
    if (difference !== null) assertSame("console text", difference);
    throw error;
  }
  guest.answer();
  const [, glyphs] = countColours(screen).values();
  return glyphs ?? 0;
}

interface Font {
  readonly width: number;
  readonly height: number;
  /** Rows of a character, each `width` bits in whole bytes, the leftmost pixel in the highest bit. */
  readonly glyphs: ReadonlyMap<number, Uint8Array>;
}

function readFont(text: string): Font {
  const size = [...text.matchAll(/^FONT:(\d+)x(\d+)/gm)].at(-1);
  if (size === undefined) throw new Error("the guest did not tell the console's font");
  const glyphs = new Map<number, Uint8Array>();
  for (const [, code, rows] of text.matchAll(/^GLYPH:(\d+):([0-9a-f]+)/gm))
    glyphs.set(Number(code), Buffer.from(rows!, "hex"));
  return { width: Number(size[1]), height: Number(size[2]), glyphs };
}

function compareWithText(screen: Screen, font: Font): Difference {
  const background = pixelAt(screen, screen.width - 1, screen.height - 1);
  const foreground = Number.parseInt([...countColours(screen).keys()][1] ?? "ffffff", 16);
  const rowBytes = (font.width + 7) >> 3;
  return compareWith(screen, (x, y) => {
    const glyph = y < font.height ? font.glyphs.get(TEXT.charCodeAt(Math.floor(x / font.width))) : undefined;
    if (glyph === undefined) return background;
    const column = x % font.width;
    const byte = glyph[y * rowBytes + (column >> 3)]!;
    return (byte & (0x80 >> (column & 7))) === 0 ? background : foreground;
  });
}
