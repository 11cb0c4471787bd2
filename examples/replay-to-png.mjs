// Plays a recording on this machine's GL driver and writes every 20th frame as PNG.
//
//     node examples/replay-to-png.mjs [FILE [DIRECTORY]]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { frameToRgba } from "@virtgpu/core/capture";
import { PngSequence, readCaptureFile, replayStream } from "virtgpu";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const capture = readCaptureFile(process.argv[2] ?? here("../test/captures/known/stream.vgs.gz"));
const directory = process.argv[3] ?? mkdtempSync(join(tmpdir(), "virtgpu-frames-"));
const socket = join(directory, "vtest.sock");

// A process of its own: replayStream blocks this one.
const server = spawn(here("../bin/virtgpu"), ["serve", `--vtest=${socket}`, "--control=none"], {
  stdio: ["ignore", "ignore", "pipe"],
});
await once(server.stderr, "data"); // its first line says that it is ready

const pictures = new PngSequence(directory);
const result = replayStream({
  capture,
  socket,
  onFrame(frame) {
    if (frame.index % 20 !== 0) return;
    const rgba = new Uint8Array(frame.width * frame.height * 4);
    frameToRgba(frame, rgba);
    pictures.add({ width: frame.width, height: frame.height, rgba }, frame.index);
  },
});
server.kill();
console.log(
  `${result.frames} frames played in ${result.seconds.toFixed(2)} s, ${pictures.count} written to ${directory}`,
);
