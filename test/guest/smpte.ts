import { compareWith, type Difference } from "./picture.js";
import type { Screen } from "./qmp.js";

/** The colour bars that libdrm's `modetest` draws by default (libdrm tests/util/pattern.c: fill_smpte_rgb32), as 0xrrggbb. */
const TOP = [0xc0c0c0, 0xc0c000, 0x00c0c0, 0x00c000, 0xc000c0, 0xc00000, 0x0000c0];
const MIDDLE = [0x0000c0, 0x131313, 0xc000c0, 0x131313, 0x00c0c0, 0x131313, 0xc0c0c0];
const BOTTOM = [0x00214c, 0xffffff, 0x32006a, 0x131313, 0x090909, 0x131313, 0x1d1d1d, 0x131313];

/** The colour at a pixel of a width × height pattern. */
export function smpteColour(x: number, y: number, width: number, height: number): number {
  const column = Math.floor((x * 7) / width);
  if (y < Math.floor((height * 6) / 9)) return TOP[column]!;
  if (y < Math.floor((height * 7) / 9)) return MIDDLE[column]!;
  const left = Math.floor((width * 5) / 7);
  if (x < left) return BOTTOM[Math.floor((x * 4) / left)]!;
  if (x < Math.floor((width * 6) / 7)) return BOTTOM[Math.floor(((x - left) * 3) / Math.floor(width / 7)) + 4]!;
  return BOTTOM[7]!;
}

export function compareWithSmpte(screen: Screen): Difference {
  return compareWith(screen, (x, y) => smpteColour(x, y, screen.width, screen.height));
}
