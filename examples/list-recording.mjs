// What is in a recording that `virtgpu record` made: its messages and commands, counted. Needs no GPU.
//
//     node examples/list-recording.mjs [FILE]
import { fileURLToPath } from "node:url";
import { dumpCapture } from "@virtgpu/core/capture";
import { readCaptureFile, summarizeCapture } from "virtgpu";

const known = fileURLToPath(new URL("../test/captures/known/stream.vgs.gz", import.meta.url));
const capture = readCaptureFile(process.argv[2] ?? known);

const { info, frames, seconds, commands } = summarizeCapture(capture);
console.log(`${JSON.stringify(info)}: ${frames} frames in ${seconds.toFixed(2)} s`);
const sorted = Object.entries(commands).sort(([, a], [, b]) => b - a);
for (const [name, count] of sorted.slice(0, 8)) console.log(`${String(count).padStart(6)}  ${name}`);

// In full, one line per message and command:
let lines = 0;
dumpCapture(capture, (line) => {
  if (lines++ < 12) console.log(line);
});
console.log(`… ${lines} lines in all`);
