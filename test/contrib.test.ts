/** The files that others install: units that systemd takes, a libvirt domain that names what matters. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const contrib = fileURLToPath(new URL("../../contrib", import.meta.url));
const hasSystemd = spawnSync("systemd-analyze", ["--version"]).status === 0;
const skip = hasSystemd ? false : "systemd-analyze (package systemd) is not installed";

/** Its complaints; the man page is not installed where the tests run. */
function verify(...units: string[]): { status: number | null; words: string } {
  const result = spawnSync("systemd-analyze", ["verify", "--man=no", ...units], { encoding: "utf8" });
  return { status: result.status, words: result.stderr + result.stdout };
}

for (const unit of ["virtgpu-vhost-user@.service", "virtgpu-vtest.service"]) {
  test(`systemd-analyze verify passes on ${unit}`, { skip }, () => {
    const { status, words } = verify(join(contrib, "systemd", unit));
    assert.equal(status, 0, words);
    assert.equal(words, "");
  });
}

test("systemd-analyze verify fails on a unit whose program is missing: passing means something", { skip }, (t) => {
  const folder = mkdtempSync(join(tmpdir(), "virtgpu-unit-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const unit = join(folder, "virtgpu-broken.service");
  writeFileSync(unit, "[Service]\nExecStart=/nonexistent/virtgpu\n");
  assert.notEqual(verify(unit).status, 0);
});

test("the libvirt domain shares its memory and has the vhost-user driver", () => {
  const xml = readFileSync(join(contrib, "libvirt", "domain.xml"), "utf8");
  assert.match(xml, /<source type="memfd"\/>\s*<access mode="shared"\/>/);
  assert.match(xml, /<driver name="vhostuser"\/>/);
});
