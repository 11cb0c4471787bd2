/**
 * One fuzz run in a process of its own, so that a crash of the driver or the addon is a finding and not the end of the tests:
 * `node fuzz-main.js SEED MIN_SECONDS MIN_STREAMS MAX_SECONDS CANARY_EVERY`. Prints a report as JSON on the last line.
 * With VIRTGPU_FUZZ_LOG=1 what the renderer logs goes to stderr.
 */
import { GuestError, silentLogger, type Logger } from "@virtgpu/core/base";
import { RendererFuzz } from "./renderer-fuzz.js";

const [seed = 1, minSeconds = 1, minStreams = 1, maxSeconds = 10, canaryEvery = 0] = process.argv.slice(2).map(Number);

function print(message: string, fields?: object): void {
  console.error(message, JSON.stringify(fields ?? {}));
}
const printingLogger: Logger = { debug: print, info: print, warn: print, error: print };

function main(): number {
  const fuzz = new RendererFuzz(seed, process.env["VIRTGPU_FUZZ_LOG"] === "1" ? printingLogger : silentLogger);
  const scene = fuzz.checkScene();
  if (scene !== GuestError.NONE) {
    console.error(`the scene that streams start from was refused: error ${scene}`);
    return 1;
  }
  const start = performance.now();
  let seconds = 0;
  let streams = 0;
  while ((seconds < minSeconds || streams < minStreams) && seconds < maxSeconds) {
    for (let n = 0; n < 64; n++) fuzz.step();
    streams += 64;
    seconds = (performance.now() - start) / 1000;
    if (canaryEvery === 0 || streams % canaryEvery !== 0) continue;
    const wrong = fuzz.checkCanary();
    if (wrong !== null) {
      console.error(`after ${streams} streams of seed ${seed}: ${wrong}`);
      return 1;
    }
  }
  console.log(JSON.stringify(fuzz.report(seconds)));
  fuzz.destroy();
  return 0;
}

process.exitCode = main();
