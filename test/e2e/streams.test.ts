/**
 * Streams of whole programs, recorded under our caps and under the C server's, each replayed on both servers in the same
 * pass on the same host driver: at least 30 frames spread over the stream, the last included, must be equal, and none
 * of one colour only throughout.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { compareFrames, isOneColour, listFrames, readFrame, spread } from "./frames.js";
import {
  finishedClients,
  raisedCounters,
  Sandbox,
  sandboxRefusal,
  startServer,
  type RunningServer,
} from "./harness.js";
import { PROGRAMS } from "./programs.js";
import { Recorder, replay } from "./recordings.js";
import { VARIANTS, type Variant } from "./variants.js";

const MIN_FRAMES = 30;
const skip = (await sandboxRefusal()) ?? false;

class Pass {
  readonly workDir = mkdtempSync("/var/tmp/virtgpu-streams-");
  readonly variant: Variant;
  #recorders: { ours: Recorder; c: Recorder } | undefined;
  #players: { sandbox: Sandbox; ours: RunningServer; c: RunningServer } | undefined;

  constructor(variant: Variant) {
    this.variant = variant;
  }

  async start(): Promise<void> {
    const { server } = this.variant;
    const c = { kind: "c", hostGl: server.hostGl ?? false } as const;
    this.#recorders = { ours: await Recorder.create(server), c: await Recorder.create(c) };
    const sandbox = await Sandbox.create();
    this.#players = {
      sandbox,
      ours: await startServer(sandbox, { ...server, socketPath: "/tmp/ours.sock" }),
      c: await startServer(sandbox, { ...c, socketPath: "/tmp/c.sock" }),
    };
  }

  /** Records `program` under `origin`, plays it on both, compares. */
  async compare(programName: string, origin: "ours" | "c"): Promise<void> {
    const program = PROGRAMS.find(({ name }) => name === programName);
    assert.ok(program !== undefined && this.#recorders !== undefined && this.#players !== undefined);
    const base = join(this.workDir, `${program.name}-${origin}`);
    const file = `${base}.vgs.gz`;
    await this.#recorders[origin].record(program, file);
    const { sandbox, ours, c } = this.#players;
    await replay(sandbox, ours, file, { framesDir: `${base}-on-ours` });
    await replay(sandbox, c, file, { framesDir: `${base}-on-c` });
    compareFolders(`${base}-on-ours`, `${base}-on-c`);
    assert.deepEqual(raisedCounters(finishedClients(ours)), [], ours.log());
    if (process.env["VIRTGPU_KEEP_LOGS"] !== "1") {
      for (const path of [file, `${base}-on-ours`, `${base}-on-c`]) rmSync(path, { recursive: true, force: true });
    }
  }

  async stop(): Promise<void> {
    await this.#recorders?.ours[Symbol.asyncDispose]();
    await this.#recorders?.c[Symbol.asyncDispose]();
    await this.#players?.sandbox.dispose();
    if (process.env["VIRTGPU_KEEP_LOGS"] !== "1") rmSync(this.workDir, { recursive: true, force: true });
  }
}

function compareFolders(oursDir: string, cDir: string): void {
  const ours = listFrames(oursDir);
  const c = listFrames(cDir);
  assert.equal(ours.length, c.length, "both servers present the same number of frames");
  assert.ok(ours.length >= MIN_FRAMES, `${ours.length} frames, at least ${MIN_FRAMES} are needed`);
  let oneColour = 0;
  const picked = spread(ours.length, MIN_FRAMES);
  for (const index of picked) {
    const mine = readFrame(ours[index] ?? "");
    const theirs = readFrame(c[index] ?? "");
    const difference = compareFrames(mine, theirs);
    assert.ok(difference.equal, `frame ${index} of ${ours.length}: ${difference.reason} (${ours[index]}, ${c[index]})`);
    if (isOneColour(mine)) oneColour++;
  }
  assert.equal(oneColour, 0, "frames of one colour show nothing");
}

for (const variant of VARIANTS) {
  describe(`streams, ${variant.name}`, { skip }, () => {
    const pass = new Pass(variant);
    before(() => pass.start());
    after(() => pass.stop());
    for (const { name } of PROGRAMS) {
      for (const origin of ["ours", "c"] as const) {
        const whose = origin === "ours" ? "our caps" : "the C server's caps";
        test(`${name}, recorded under ${whose}: frames equal`, () => pass.compare(name, origin));
      }
    }
  });
}
