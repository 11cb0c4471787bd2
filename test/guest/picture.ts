import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { GuestWatch } from "./boot.js";
import type { Qmp, Screen } from "./qmp.js";

/** Takes pictures of the display until one satisfies `isDone`; fails when the guest ends first. */
export async function pictureWhen(qmp: Qmp, guest: GuestWatch, isDone: (screen: Screen) => boolean): Promise<Screen> {
  for (;;) {
    const screen = await qmp.screendump(join(guest.folder, "screen.ppm"));
    if (isDone(screen)) return screen;
    if (!guest.isRunning()) throw new Error("the guest ended before its display showed what was waited for");
    await delay(250);
  }
}
