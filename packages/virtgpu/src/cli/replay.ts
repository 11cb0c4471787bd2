/** `virtgpu replay`: plays a recorded stream to any vtest server. */
import * as v from "valibot";
import { CaptureFormatError, frameToRgba, type CapturedFrame } from "@virtgpu/core/capture";
import { readCaptureFile } from "../host/capture-file.js";
import { PngSequence } from "../display/png.js";
import { replayStream } from "../host/replay-stream.js";
import { ExitStatus, FailedError, type ExitStatusCode } from "./exit-status.js";
import { jsonOption, text, wholeNumber } from "./options.js";
import { DEFAULT_VTEST_PATH } from "./serve.js";
import { defineVerb } from "./verb.js";

export const replay = defineVerb({
  name: "replay",
  summary: "play a recorded stream to any vtest server, as fast as it answers",
  args: [{ name: "<file>", help: "capture file, gzipped or not" }],
  options: {
    vtest: {
      value: "<socket>",
      help: "the server's socket",
      schema: v.optional(text, DEFAULT_VTEST_PATH),
      byDefault: DEFAULT_VTEST_PATH,
    },
    frames: {
      value: "<dir>",
      help: "write presented frames there as frame-000000.png, frame-000001.png, …",
      schema: v.optional(text),
    },
    every: {
      value: "<n>",
      help: "of the frames, write each n-th",
      schema: wholeNumber(1, 1_000_000, 1),
      byDefault: "1",
    },
    "max-frames": {
      value: "<n>",
      help: "stop after this many presented frames (0: play all)",
      schema: wholeNumber(0, 100_000_000, 0),
      byDefault: "0",
    },
    ...jsonOption,
  },
  example: "virtgpu replay --vtest=/tmp/.virgl_test --frames=frames es2gears.vgs.gz",
  async run({ options, args, print }): Promise<ExitStatusCode> {
    const sequence = options.frames === undefined ? null : new PngSequence(options.frames);
    const capture = readCaptureFile(args[0] ?? "");
    const onFrame = (frame: CapturedFrame): boolean => {
      if (sequence !== null && frame.index % options.every === 0) writeFrame(sequence, frame);
      return options["max-frames"] === 0 || frame.index + 1 < options["max-frames"];
    };
    const result = play(() => replayStream({ capture, socket: options.vtest, onFrame }));
    const fps = result.seconds > 0 ? result.frames / result.seconds : 0;
    if (options.json) print(JSON.stringify({ ...result, fps, written: sequence?.count ?? 0 }));
    else
      print(
        `${result.frames} frames in ${result.seconds.toFixed(3)} s (${fps.toFixed(1)} fps), ${result.submissions} submissions, ${result.memoryBytes} bytes of shared memory written`,
      );
    if (result.failure !== null) throw new FailedError(`replay stopped: ${result.failure}`);
    return ExitStatus.DONE;
  },
});

function writeFrame(sequence: PngSequence, frame: CapturedFrame): void {
  const rgba = new Uint8Array(frame.width * frame.height * 4);
  frameToRgba(frame, rgba);
  sequence.add({ width: frame.width, height: frame.height, rgba }, frame.index);
}

function play<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof CaptureFormatError) throw new FailedError(`damaged capture: ${error.message}`);
    throw error;
  }
}
