/** A real Debian guest under a real QEMU, with our process as its GPU. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { bootGuest, type BootResult } from "./boot.js";
import { guestRefusal, installedBackEnd, ourBackEnd, prepareMachine } from "./guests.js";
import { countColours } from "./qmp.js";
import { CONSOLE_TEXT_SCRIPT, watchConsoleText } from "./console-text.js";
import { pictureWhen } from "./picture.js";
import { prepareProgram } from "./programs.js";
import { MODES_SCRIPT, watchModes } from "./rows-2d.js";
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

test(
  "a 2D guest: console text, mode setting, page flips, every pixel compared",
  { skip, timeout: 1_200_000 },
  async (t) => {
    const machine = prepareMachine();
    let glyphPixels = 0;
    let flips = "";
    const result = await bootGuest({
      ...machine,
      userland: prepareUserland(USERLAND_2D),
      programs: [prepareProgram("console-font")],
      backEnd: ourBackEnd(),
      command: CONSOLE_TEXT_SCRIPT + MODES_SCRIPT,
      async watch(qmp, guest) {
        glyphPixels = await watchConsoleText(qmp, guest);
        flips = await watchModes(qmp, guest);
      },
    });
    assertEndedWell(result);
    assert.ok(glyphPixels > 100, "text on the framebuffer console");
    t.diagnostic(
      `${machine.qemu.version}, Linux ${machine.kernel.version}: flips ${flips} Hz; ${result.seconds.toFixed(1)} s`,
    );
  },
);

test(
  "a virgl guest: started through its descriptor as libvirt does, Mesa 22.3 draws, kmscube is on the scanout",
  { skip, timeout: 1_200_000 },
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
