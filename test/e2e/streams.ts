/**
 * Streams of whole programs, recorded under our caps and under the C server's, each replayed on both servers in the same
 * pass on the same host driver: at least 30 frames spread over the stream, the last included, must be equal. Frames of
 * one colour show nothing and are not among the 30.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { IS_LONG } from "../amount.js";
import { compareFrames, isOneColour, spread, writeFrame, type Frame } from "./frames.js";
import {
  buildDir,
  finishedClients,
  raisedCounters,
  Sandbox,
  sandboxRefusal,
  startServer,
  waitUntil,
  type RunningServer,
} from "./harness.js";
import { PROGRAMS } from "./programs.js";
import { Recorder, replayFrames } from "./recordings.js";
import type { Variant } from "./variants.js";

const MIN_FRAMES = 30;
const skip = (await sandboxRefusal()) ?? false;
/** Where the pictures of a failed comparison are left. */
const FAILURES = join(buildDir(), "failures");

/** How much longer a timed program may draw until it has drawn enough. */
const MOST_TIMES = 64;

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

  /** Records a program under `origin`, plays it on both, compares. */
  async compare(programName: string, origin: Origin): Promise<void> {
    const program = PROGRAMS.find(({ name }) => name === programName);
    assert.ok(program !== undefined && this.#recorders !== undefined && this.#players !== undefined);
    const name = `${program.name}-${origin}`;
    const file = join(this.workDir, `${name}.vgs`);
    const { sandbox, ours, c } = this.#players;
    // What is stopped after a time has drawn few frames, or none yet, where the machine is slow or busy: then it gets more.
    let theirs: Frame[] = [];
    for (let times = 1; ; times *= 4) {
      const isLast = program.isTimed !== true || times >= MOST_TIMES;
      try {
        await this.#recorders[origin].record(program, file, times);
        theirs = replayFrames(sandbox.outsidePath(c.socketPath), file);
        if (isLast || theirs.filter((frame) => !isOneColour(frame)).length >= MIN_FRAMES) break;
      } catch (error) {
        if (isLast) throw error;
      }
    }
    const ends = finishedClients(ours).length;
    try {
      const mine = replayFrames(sandbox.outsidePath(ours.socketPath), file);
      compareAll(mine, theirs, `${this.variant.slug}/${name}`);
    } catch (error) {
      throw new Error(`${String(error)}\n-- our server:\n${ours.log().slice(-4000)}`, { cause: error });
    }
    await waitUntil(() => finishedClients(ours).length > ends, "the end of the replay in our log");
    assert.deepEqual(raisedCounters(finishedClients(ours).slice(ends)), [], ours.log().slice(-4000));
    if (process.env["VIRTGPU_KEEP_LOGS"] !== "1") rmSync(file, { force: true });
  }

  async stop(): Promise<void> {
    await this.#recorders?.ours[Symbol.asyncDispose]();
    await this.#recorders?.c[Symbol.asyncDispose]();
    await this.#players?.sandbox.dispose();
    if (process.env["VIRTGPU_KEEP_LOGS"] !== "1") rmSync(this.workDir, { recursive: true, force: true });
  }
}

function compareAll(ours: readonly Frame[], c: readonly Frame[], name: string): void {
  assert.equal(ours.length, c.length, "both servers present the same number of frames");
  const colourful = c.flatMap((frame, index) => (isOneColour(frame) ? [] : [index]));
  assert.ok(
    colourful.length >= MIN_FRAMES,
    `${colourful.length} frames of more than one colour, ${MIN_FRAMES} are needed`,
  );
  assert.equal(colourful.at(-1), c.length - 1, "the last frame has more than one colour");
  for (const at of spread(colourful.length, MIN_FRAMES)) {
    const index = colourful[at] ?? 0;
    const [mine, theirs] = [ours[index], c[index]];
    assert.ok(mine !== undefined && theirs !== undefined);
    const difference = compareFrames(mine, theirs);
    if (difference.equal) continue;
    writeFrame(join(FAILURES, name, `${index}-ours.png`), mine);
    writeFrame(join(FAILURES, name, `${index}-c.png`), theirs);
    assert.fail(`frame ${index} of ${ours.length}: ${difference.reason}; pictures in build/failures/${name}`);
  }
}

/** Under whose caps a program is recorded. */
type Origin = "ours" | "c";
const ORIGINS: readonly Origin[] = ["ours", "c"];

/**
 * What is recorded of the programs, in their order: every program under both servers' caps in `npm run test:long`. `npm test` gives each
 * program `share`'s letters in turn: o ours, c the C server's, - neither.
 */
function recordingsOf(share: string): { name: string; origin: Origin }[] {
  return PROGRAMS.flatMap(({ name }, index) => {
    const letter = share[index % share.length];
    const origins = IS_LONG ? ORIGINS : ORIGINS.filter((origin) => origin.startsWith(letter ?? "-"));
    return origins.map((origin) => ({ name, origin }));
  });
}

/** Registers the tests of one host configuration. One test file each, so that they share the machine's cores. */
export function testStreams(variant: Variant, share: string): void {
  describe(`streams, ${variant.name}`, { skip }, () => {
    const pass = new Pass(variant);
    before(() => pass.start());
    after(() => pass.stop());
    for (const { name, origin } of recordingsOf(share)) {
      const whose = origin === "ours" ? "our caps" : "the C server's caps";
      test(`${name}, recorded under ${whose}: frames equal`, () => pass.compare(name, origin));
    }
  });
}
