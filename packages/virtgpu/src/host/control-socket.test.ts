import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, existsSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ControlSocket } from "./control-socket.js";
import { createLogger } from "./log.js";

async function ask(path: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(path, () => socket.write(text));
    socket.once("data", (bytes) => {
      resolve(bytes.toString());
      socket.destroy();
    });
    socket.once("error", reject);
  });
}

test("the control socket is private, answers status, and refuses what it does not know", async () => {
  const folder = mkdtempSync(join(tmpdir(), "virtgpu-control-"));
  const warnings: string[] = [];
  const log = createLogger({ level: "warn", json: true, write: (line) => void warnings.push(line) });
  const path = join(folder, "made", "virtgpu.sock");
  const control = await ControlSocket.start(path, async () => ({ clients: [] }), log);
  try {
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(statSync(join(folder, "made")).mode & 0o777, 0o700);
    assert.deepEqual(JSON.parse(await ask(path, '{"command":"status"}\n')), { clients: [] });
    assert.match(await ask(path, '{"command":"explode"}\n'), /^\{"error":/);
    assert.match(await ask(path, "not json\n"), /^\{"error":/);
    assert.equal(warnings.length, 2);
  } finally {
    control.close();
  }
  assert.ok(!existsSync(path));
  rmSync(folder, { recursive: true });
});
