// Stands between a client and a vtest server and writes down what both say, from a program of your own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createLogger, RecordServer } from "virtgpu";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "virtgpu-example-"));
const upstream = join(directory, "server.sock");
const listen = join(directory, "recorder.sock");

const server = spawn(here("../bin/virtgpu"), ["serve", `--vtest=${upstream}`, "--control=none"], {
  stdio: ["ignore", "ignore", "pipe"],
});
await once(server.stderr, "data"); // its first line says that it is ready

const log = createLogger({ level: "warn", json: false });
const recorder = RecordServer.start({ listen, upstream, file: join(directory, "session.vgs.gz"), log });

// Any Mesa program with GALLIUM_DRIVER=virpipe could be the client; here a recording is played once more.
const known = here("../test/captures/known/stream.vgs.gz");
const client = spawn(here("../bin/virtgpu"), ["replay", `--vtest=${listen}`, known], { stdio: "inherit" });
await Promise.all([recorder.firstRecording(), once(client, "exit")]);
await recorder.drain();
server.kill();

for (const { messages, frames } of recorder.recordings) console.log(`recorded ${messages} messages, ${frames} frames`);
rmSync(directory, { recursive: true });
