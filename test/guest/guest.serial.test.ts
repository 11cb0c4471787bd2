/** A real Debian guest under a real QEMU, with our process as its GPU. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { bootGuest, type BootResult } from "./boot.js";
import { guestRefusal, installedBackEnd, ourBackEnd, prepareMachine } from "./guests.js";
import { countColours } from "./qmp.js";
import { pictureWhen } from "./picture.js";
import { compareWithSmpte } from "./smpte.js";
import { USERLAND_2D, prepareUserland, virglUserland } from "./userland.js";

const refusal = guestRefusal();
const skip = refusal === null ? false : refusal;

function assertEndedWell(result: BootResult): void {
  const story = `${result.console}\n--- back-end\n${result.backEndLog}`;
  assert.equal(result.failure, null, story);
  assert.equal(result.status, 0, story);
  assert.equal(result.backEndEnd, "status 0", story);
  assert.doesNotMatch(result.backEndLog, / (warn|error) /, story);
}

/** First connected connector. */
const CONNECTOR = `$(modetest -M virtio_gpu -c | awk '$3 == "connected" {print $1; exit}')`;

test("a 2D guest: console, mode setting, the picture pixel by pixel", { skip, timeout: 300_000 }, async (t) => {
  const machine = prepareMachine();
  const userland = prepareUserland(USERLAND_2D);
  let consoleColours = 0;
  let differing = -1;
  let first: string | null = null;
  const result = await bootGuest({
    ...machine,
    userland,
    backEnd: ourBackEnd(),
    command: `echo virtgpu-guest-console > /dev/tty1; sleep 2; sleep 8 | modetest -M virtio_gpu -s ${CONNECTOR}:1024x768\n`,
    async watch(qmp, guest) {
      const text = await pictureWhen(qmp, guest, (screen) => screen.width === 1280 && countColours(screen).size >= 2);
      consoleColours = countColours(text).size;
      const bars = await pictureWhen(qmp, guest, (screen) => screen.width === 1024 && countColours(screen).size >= 8);
      ({ differing, first } = compareWithSmpte(bars));
    },
  });
  assertEndedWell(result);
  assert.ok(consoleColours >= 2, "text on the framebuffer console");
  assert.equal(differing, 0, `pixels that differ from modetest's bars, the first at ${first}`);
  t.diagnostic(`${machine.qemu.version}, Linux ${machine.kernel.version}: ${result.seconds.toFixed(1)} s`);
});

test(
  "a virgl guest: started through its descriptor as libvirt does, Mesa 22.3 draws, kmscube is on the scanout",
  { skip, timeout: 300_000 },
  async (t) => {
    const machine = prepareMachine();
    const userland = prepareUserland(virglUserland("bookworm"));
    const folder = mkdtempSync(join(tmpdir(), "virtgpu-descriptor-"));
    t.after(() => rmSync(folder, { recursive: true }));
    let colours = 0;
    const result = await bootGuest({
      ...machine,
      userland,
      backEnd: installedBackEnd(folder),
      command: "kmscube -D /dev/dri/card0 -c 400 2>&1\n",
      async watch(qmp, guest) {
        const cube = await pictureWhen(qmp, guest, (screen) => countColours(screen).size > 1000);
        colours = countColours(cube).size;
      },
    });
    assertEndedWell(result);
    assert.match(result.console, /renderer: "virgl \(/);
    assert.match(result.console, /Rendered \d+ frames/);
    assert.ok(colours > 1000, `a shaded cube has many colours, not ${colours}`);
    t.diagnostic(
      `Linux ${machine.kernel.version}: ${/Rendered .*/.exec(result.console)?.[0]}; ${result.seconds.toFixed(1)} s in all`,
    );
  },
);
