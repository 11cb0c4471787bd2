/** `npm run demo`: a real Mesa program draws through virtgpu, and the frames are proved right. Exit 0 only then. */
import { mkdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { isOneColour, listFrames, readFrame } from "./frames.js";
import { parseEs2Info } from "./es2-info.js";
import { explainStreaming, sayMoved, showInPlace } from "./demo-ledger.js";
import { parseScenes, parseValidation } from "./glmark2.js";
import {
  Bench,
  buildDir,
  finishedClients,
  logLines,
  raisedCounters,
  repositoryRoot,
  sandboxRefusal,
  waitUntil,
  type FinishedClient,
  type RunningServer,
} from "./harness.js";
import { differencesFromKnown, KNOWN_STREAM } from "./known-stream.js";
import { Recorder, replay } from "./recordings.js";

const root = repositoryRoot();
const OUTPUT = join(buildDir(), "demo");
const SCENES = [
  "build:use-vbo=true",
  "texture:texture-filter=mipmap",
  "bump:bump-render=normals",
  "desktop:effect=shadow:windows=4",
  "shading:shading=phong",
  "jellyfish",
];
const SECONDS_PER_SCENE = 2;
const FRAMES_PER_SCENE = 10;

const problems: string[] = [];
const ledgerClients: FinishedClient[] = [];
const say = (text: string): void => console.log(text);
const fail = (text: string): void => {
  problems.push(text);
  say(`  WRONG: ${text}`);
};

const refusal = await sandboxRefusal();
if (refusal !== undefined) {
  console.error(`the demo needs a private mount namespace (root, or unprivileged user namespaces): ${refusal}`);
  process.exit(3);
}
rmSync(OUTPUT, { recursive: true, force: true });
mkdirSync(OUTPUT, { recursive: true });

try {
  await drawLive();
  await writeFrames();
  await validate();
  await replayKnownStream();
  await endWithTheLedger();
} catch (error) {
  fail(error instanceof Error ? error.message : String(error));
}
if (problems.length > 0) {
  console.error(`\ndemo: ${problems.length} problem${problems.length === 1 ? "" : "s"}`);
  process.exit(1);
}
say("\ndemo: everything drawn and right");

/** What was copied in all parts of the demo, what was not, and why. */
async function endWithTheLedger(): Promise<void> {
  say("5. the ledger: what was copied, what was not, and why");
  sayMoved(ledgerClients, say);
  say("");
  const wrong = await showInPlace(say);
  if (wrong !== null) fail(wrong);
  say("");
  say("   virtgpu explain, beside a client that sends a new texture every frame:");
  await explainStreaming(say);
}

type BenchWithServer = Bench & { readonly server: RunningServer };

async function startOurs(options: { readonly x11?: boolean }): Promise<BenchWithServer> {
  const bench = await Bench.create({ ...options, server: { kind: "ours" } });
  if (bench.server === undefined) throw new Error("no server");
  return bench as BenchWithServer;
}

/** glmark2-es2 under Xvfb, live: what the guest sees and how fast it is. */
async function drawLive(): Promise<void> {
  say("1. an unmodified Mesa program draws through the device");
  await using bench = await startOurs({ x11: true });
  const info = parseEs2Info((await bench.client("es2_info", [])).stdout);
  const ready = logLines(bench.server).find((line) => line.msg === "vtest server is ready");
  say(`   host driver: ${JSON.stringify(ready).match(/"renderer":"([^"]*)"/)?.[1] ?? "unknown"}`);
  say(`   the guest sees ${info.renderer}, ${info.version}`);
  if (!/virgl/i.test(info.renderer)) fail("the guest's renderer is not virgl");
  for (const scene of SCENES) {
    const args = ["--size", "400x300", "-b", `${scene}:duration=${SECONDS_PER_SCENE}`];
    const result = await bench.client("glmark2-es2", args, { timeoutMs: 300_000 });
    const [done] = parseScenes(result);
    if (result.code === 0 && done !== undefined) {
      say(`   glmark2-es2 ${done.scene.padEnd(45)} ${String(done.fps).padStart(5)} frames/s`);
    } else {
      fail(`glmark2-es2 ${scene} ended with ${result.code ?? result.signal}`);
      say(bench.server.log().split("\n").slice(-4).join("\n"));
    }
  }
  await waitUntil(() => finishedClients(bench.server).length > SCENES.length, "the clients' ends in the log");
  reportClients(bench.server);
}

/** The same scenes, a few frames each, recorded on their way; the recording is replayed and its frames written as PNG. */
async function writeFrames(): Promise<void> {
  say("2. the same scenes, recorded and replayed: every frame as PNG");
  const stream = join(OUTPUT, "glmark2.vgs.gz");
  {
    await using recorder = await Recorder.create({ kind: "ours" });
    const args = ["--size", "400x300", "-b", `:nframes=${FRAMES_PER_SCENE}:duration=60`];
    for (const scene of SCENES) args.push("-b", scene);
    const run = async (bench: Bench): Promise<void> => {
      const result = await bench.client("glmark2-es2", args, { timeoutMs: 300_000 });
      if (result.code !== 0) throw new Error(`glmark2-es2 ended with ${result.code ?? result.signal}`);
    };
    await recorder.record({ name: "glmark2", run }, stream);
  }
  await using bench = await startOurs({});
  const framesDir = join(OUTPUT, "frames");
  const played = await replay(bench.sandbox, bench.server, stream, { framesDir });
  const frames = listFrames(framesDir);
  if (frames.length < SCENES.length * FRAMES_PER_SCENE) fail(`only ${frames.length} frames`);
  for (const path of frames.filter((_, index) => index % FRAMES_PER_SCENE === FRAMES_PER_SCENE - 1)) {
    if (isOneColour(readFrame(path))) fail(`${relative(root, path)} has one colour`);
  }
  say(`   ${played.frames} frames in ${played.seconds.toFixed(1)} s: ${relative(root, framesDir)}`);
}

function reportClients(server: RunningServer): void {
  const clients = finishedClients(server);
  const frames = clients.reduce((sum, client) => sum + client.frames, 0);
  say(`   ${clients.length} clients, ${frames} frames shown`);
  ledgerClients.push(...clients);
  for (const raised of raisedCounters(clients)) fail(`error counter ${raised}`);
}

/** glmark2's own check of known pixels in every scene that has one. */
async function validate(): Promise<void> {
  say("3. glmark2's own validation, every default scene");
  await using bench = await startOurs({ x11: true });
  const result = await bench.client("glmark2-es2", ["--validate"], { timeoutMs: 120_000 });
  const verdicts = [...parseValidation(result)];
  const count = (wanted: string): number => verdicts.filter(([, verdict]) => verdict === wanted).length;
  say(`   ${count("Success")} right, ${count("Failure")} wrong, ${count("Unknown")} without a check of their own`);
  if (result.code !== 0) fail(`glmark2-es2 --validate ended with ${result.code ?? result.signal}`);
  if (count("Success") < 20) fail("fewer than 20 scenes validated");
  for (const [scene, verdict] of verdicts) if (verdict === "Failure") fail(`validation of ${scene}`);
  await waitUntil(() => finishedClients(bench.server).length > 0, "the client's end in the log");
  reportClients(bench.server);
}

/** A committed stream, whose frames are known, on this machine's driver. */
async function replayKnownStream(): Promise<void> {
  say("4. a recorded stream gives its known frames");
  await using bench = await startOurs({});
  const framesDir = join(OUTPUT, "known-stream");
  const played = await replay(bench.sandbox, bench.server, KNOWN_STREAM, { framesDir });
  const wrong = differencesFromKnown(listFrames(framesDir).map(readFrame));
  for (const text of wrong) fail(text);
  say(
    `   ${played.frames} frames in ${relative(root, framesDir)}, ${wrong.length === 0 ? "as known" : "not as known"}`,
  );
}
