import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, existsSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { HostError } from "@virtgpu/core/base";
import { askDevice } from "./control-client.js";
import { ControlSocket, type ControlAnswers } from "./control-socket.js";
import { createLogger } from "./log.js";

interface Running {
  readonly path: string;
  readonly folder: string;
  readonly warnings: string[];
}

async function withControl(answers: Partial<ControlAnswers>, run: (running: Running) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "virtgpu-control-"));
  const warnings: string[] = [];
  const log = createLogger({ level: "warn", json: true, write: (line) => void warnings.push(line) });
  const path = join(folder, "made", "virtgpu.sock");
  const nothing = async (): Promise<unknown> => ({});
  const all = { status: nothing, explain: nothing, metrics: nothing, ...answers };
  const control = await ControlSocket.start(path, all, log);
  try {
    await run({ path, folder, warnings });
  } finally {
    control.close();
    assert.ok(!existsSync(path));
    rmSync(folder, { recursive: true });
  }
}

/** Everything that comes until `lines` lines are there or the connection is closed. */
async function ask(path: string, text: string, lines = 1): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(path, () => socket.write(text));
    socket.on("data", (bytes) => {
      answer += bytes.toString();
      if (answer.split("\n").length > lines) socket.destroy();
    });
    socket.once("close", () => resolve(answer));
    socket.once("error", reject);
  });
}

test("the control socket is private, answers, and refuses what it does not know", () =>
  withControl({ status: async () => ({ clients: [] }) }, async ({ path, folder, warnings }) => {
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(statSync(join(folder, "made")).mode & 0o777, 0o700);
    assert.deepEqual(JSON.parse(await ask(path, '{"command":"status"}\n')), { clients: [] });
    assert.match(await ask(path, '{"command":"explode"}\n'), /^\{"error":/);
    assert.match(await ask(path, "not json\n"), /^\{"error":/);
    assert.equal(warnings.length, 2);
  }));

test("requests of one connection are answered in their order, one after the other", () => {
  let running = 0;
  let most = 0;
  let count = 0;
  const explain = async (): Promise<unknown> => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 5));
    running--;
    return { count: ++count };
  };
  return withControl({ explain }, async ({ path }) => {
    const answer = await ask(path, '{"command":"explain"}\n'.repeat(4), 4);
    assert.deepEqual(
      answer.trim().split("\n"),
      [1, 2, 3, 4].map((n) => JSON.stringify({ count: n })),
    );
    assert.equal(most, 1);
  });
});

test("a connection that asks without end is closed; others are served", () =>
  withControl({ status: () => new Promise(() => {}) }, async ({ path, warnings }) => {
    assert.equal(await ask(path, '{"command":"status"}\n'.repeat(50)), "");
    assert.equal(await ask(path, "x".repeat(10_000)), "");
    assert.equal(warnings.length, 2);
    assert.deepEqual(await askDevice(path, "explain"), {});
  }));

test("who asks and does not read is not answered for ever", () => {
  let answered = 0;
  const big = "x".repeat(4 << 20);
  const explain = async (): Promise<unknown> => {
    answered++;
    return big;
  };
  return withControl({ explain }, async ({ path }) => {
    const socket = connect(path);
    socket.pause();
    for (let i = 0; i < 8; i++) socket.write('{"command":"explain"}\n');
    while (answered === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    for (let i = 0; i < 20; i++) assert.equal(JSON.stringify(await askDevice(path, "status")), "{}");
    assert.equal(answered, 1, "the first answer is still on its way");
    socket.destroy();
    assert.deepEqual(await askDevice(path, "status"), {});
  });
});

test("an error of the device is an answer, not an end", () =>
  withControl(
    {
      explain: async () => {
        throw new Error("the device is busy");
      },
    },
    async ({ path }) => {
      await assert.rejects(askDevice(path, "explain"), /refused: the device is busy/);
      assert.deepEqual(await askDevice(path, "status"), {});
    },
  ));

test("who asks a device that is not there is told what to do", async () => {
  const folder = mkdtempSync(join(tmpdir(), "virtgpu-control-"));
  const path = join(folder, "nobody.sock");
  await assert.rejects(askDevice(path, "explain"), (error: unknown) => {
    assert.ok(error instanceof HostError);
    assert.equal(error.code, "CONTROL_NO_DEVICE");
    assert.match(error.message, /no device listens at .*nobody\.sock/);
    assert.match(error.cure ?? "", /virtgpu serve/);
    return true;
  });
  rmSync(folder, { recursive: true });
});
