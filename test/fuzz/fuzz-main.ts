/**
 * One fuzz run in a process of its own, so that a crash of the driver or the addon is a finding and not the end of the tests:
 * `node fuzz-main.js SEED STREAMS [CANARY_EVERY [gles|gl]]`. Prints a report as JSON on the last line. What it does depends on its
 * arguments and the driver, not on time. With VIRTGPU_FUZZ_LOG=1 what the renderer logs goes to stderr, with VIRTGPU_GL_DEBUG=1 the GL
 * errors by op.
 */
import { GuestError, silentLogger, type Logger } from "@virtgpu/core/base";
import { RendererFuzz } from "./renderer-fuzz.js";

const [seed = 1, streams = 64, canaryEvery = 0] = process.argv.slice(2, 5).map(Number);
const api = process.argv[5] === "gl" ? "gl" : "gles";

function print(message: string, fields?: object): void {
  console.error(message, JSON.stringify(fields ?? {}));
}
const printingLogger: Logger = { debug: print, info: print, warn: print, error: print };

function main(): number {
  const logger = process.env["VIRTGPU_FUZZ_LOG"] === "1" ? printingLogger : silentLogger;
  const fuzz = new RendererFuzz(seed, logger, api);
  const scene = fuzz.checkScene();
  if (scene !== GuestError.NONE) {
    console.error(`the scene that streams start from was refused: error ${scene}`);
    return 1;
  }
  const start = performance.now();
  for (let done = 1; done <= streams; done++) {
    fuzz.step();
    if (canaryEvery === 0 || done % canaryEvery !== 0) continue;
    const wrong = fuzz.checkCanary();
    if (wrong !== null) {
      console.error(`after ${done} streams of seed ${seed}: ${wrong}`);
      return 1;
    }
  }
  console.log(JSON.stringify(fuzz.report((performance.now() - start) / 1000)));
  fuzz.destroy();
  return 0;
}

process.exitCode = main();
