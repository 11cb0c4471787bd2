import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { GuestWatch } from "./guest-watch.js";
import type { Qmp, Screen } from "./qmp.js";

const PATIENCE_MS = 300_000;

/** Whoever can take a picture of what a guest's display shows. */
export type Screens = Pick<Qmp, "screendump">;

/**
 * Takes pictures of the display until one satisfies `isDone`; `head` 0 is the device's first scanout. Fails when the guest ends
 * first or after a minute.
 */
export async function pictureWhen(
  qmp: Screens,
  guest: GuestWatch,
  isDone: (screen: Screen) => boolean,
  head = 0,
): Promise<Screen> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const screen = await qmp.screendump(join(guest.folder, "screen.ppm"), { device: "video0", head });
    if (isDone(screen)) return screen;
    const last = `the last picture has ${screen.width}x${screen.height} pixels`;
    if (!guest.isRunning()) throw new Error(`the guest ended before its display showed what was waited for; ${last}`);
    if (performance.now() > end)
      throw new Error(`head ${head} did not show what was waited for within ${PATIENCE_MS / 1000} s; ${last}`);
    await delay(200);
  }
}

/** 0xrrggbb of a pixel. */
export function pixelAt(screen: Screen, x: number, y: number): number {
  const at = (y * screen.width + x) * 3;
  return (screen.rgb[at]! << 16) | (screen.rgb[at + 1]! << 8) | screen.rgb[at + 2]!;
}

/** How a picture differs from the one that it should be. */
export interface Difference {
  readonly differing: number;
  /** Place and colours of the first pixel that differs, or null. */
  readonly first: string | null;
}

export function compareWith(screen: Screen, expected: (x: number, y: number) => number): Difference {
  const name = (colour: number): string => colour.toString(16).padStart(6, "0");
  let differing = 0;
  let first: string | null = null;
  for (let y = 0; y < screen.height; y++) {
    for (let x = 0; x < screen.width; x++) {
      const seen = pixelAt(screen, x, y);
      const wanted = expected(x, y);
      if (seen === wanted) continue;
      differing++;
      first ??= `${x},${y}: ${name(seen)} instead of ${name(wanted)}`;
    }
  }
  return { differing, first };
}

/** @throws {Error} when a pixel differs */
export function assertSame(what: string, { differing, first }: Difference): void {
  if (differing > 0) throw new Error(`${what}: ${differing} pixels differ, the first at ${first}`);
}

/** The pictures of programs/kms-common.h: every pixel follows from its place. */
export function patternColour(seed: number, x: number, y: number): number {
  return (((x * 3 + seed * 70) & 0xff) << 16) | (((y * 5 + seed * 30) & 0xff) << 8) | (((x ^ y) + seed) & 0xff);
}
