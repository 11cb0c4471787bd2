import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { HostError } from "@virtgpu/core/base";
import { askDevice, deviceNames } from "./control-client.js";
import { controlPath } from "./control-socket.js";
import { startServices, type ExplainedDevice } from "./device-services.js";
import { NO_ENDED_CLIENTS, type Explanation } from "./explanation.js";
import { createLogger } from "./log.js";

// Root's sockets lie in /run/virtgpu, whatever the environment says: the name is ours alone there too.
const runtime = mkdtempSync(join(tmpdir(), "virtgpu-services-"));
process.env["XDG_RUNTIME_DIR"] = runtime;
after(() => rmSync(runtime, { recursive: true }));
const NAME = `test-${process.pid}`;
const DEAD_PID = 2 ** 22 + 1; // above the largest that Linux gives

const silent = createLogger({ level: "silent", json: true });

function device(socket: string): ExplainedDevice {
  const common = { version: 1, kind: "vtest", pid: process.pid, uptimeMs: 0, renderer: "", processes: [] } as const;
  return {
    status: async () => ({ socket }),
    explain: async (name): Promise<Explanation> => ({ ...common, device: name, socket, ended: NO_ENDED_CLIENTS }),
  };
}

const options = { name: NAME, control: null, metrics: null, version: "1.0.0" };

test("a second device of a name is found by its process; sockets of killed ones are removed", async () => {
  const first = await startServices(device("first"), options, silent);
  const dead = controlPath(`${NAME}-${DEAD_PID}`);
  writeFileSync(dead, "");
  const second = await startServices(device("second"), options, silent);
  try {
    assert.ok(!existsSync(dead));
    const ours = deviceNames().filter((name) => name.startsWith(NAME));
    assert.deepEqual(ours, [NAME, `${NAME}-${process.pid}`]);
    const sockets = await Promise.all(
      ours.map(async (name) => ((await askDevice(controlPath(name), "explain")) as Explanation).socket),
    );
    assert.deepEqual(sockets, ["first", "second"]);
    const { text } = (await askDevice(controlPath(NAME), "metrics")) as { text: string };
    assert.match(text, new RegExp(`virtgpu_info\\{device="${NAME}"`));
  } finally {
    first.close();
    second.close();
  }
  assert.deepEqual(
    deviceNames().filter((name) => name.startsWith(NAME)),
    [],
  );
});

test("a control socket that was asked for must be had; none can be asked for", async () => {
  const path = join(runtime, "asked.sock");
  const first = await startServices(device("first"), { ...options, control: path }, silent);
  try {
    await assert.rejects(startServices(device("second"), { ...options, control: path }, silent), (error: unknown) => {
      assert.ok(error instanceof HostError);
      assert.equal(error.code, "SOCKET_PATH_HELD");
      return true;
    });
  } finally {
    first.close();
  }
  assert.ok(!existsSync(path));
  const none = await startServices(device("none"), { ...options, control: "none" }, silent);
  assert.ok(!existsSync(controlPath(NAME)));
  none.close();
});
