/** `virtgpu dump`: a capture in words. */
import { CaptureFormatError, dumpCapture } from "@virtgpu/core/capture";
import { readCaptureFile } from "../host/capture-file.js";
import { summarizeCapture } from "../host/capture-summary.js";
import { ExitStatus, FailedError, type ExitStatusCode } from "./exit-status.js";
import { flag, jsonOption, wholeNumber } from "./options.js";
import { defineVerb } from "./verb.js";

/** Lines are printed in pieces of about this many characters: one write a line is slow. */
const PIECE_CHARS = 1 << 16;

export const dump = defineVerb({
  name: "dump",
  summary: "list a recorded stream in words: messages, commands, shaders",
  args: [{ name: "<file>", help: "capture file, gzipped or not" }],
  options: {
    "messages-only": { value: "", help: "only vtest messages, not the commands in submissions", schema: flag },
    "hide-shaders": { value: "", help: "leave out shader texts", schema: flag },
    values: { value: "<n>", help: "data values shown per command", schema: wholeNumber(0, 100_000, 8), byDefault: "8" },
    json: { ...jsonOption.json, help: "print counts by message and command as JSON instead" },
  },
  example: "virtgpu dump es2gears.vgs.gz | less",
  async run({ options, args, print }): Promise<ExitStatusCode> {
    const capture = readCaptureFile(args[0] ?? "");
    let piece = "";
    const write = (line: string): void => {
      piece += piece === "" ? line : `\n${line}`;
      if (piece.length < PIECE_CHARS) return;
      print(piece);
      piece = "";
    };
    try {
      if (options.json) print(JSON.stringify(summarizeCapture(capture), null, 2));
      else
        dumpCapture(capture, write, {
          streams: !options["messages-only"],
          shaders: !options["hide-shaders"],
          maxValues: options.values,
        });
    } catch (error) {
      if (error instanceof CaptureFormatError) throw new FailedError(`damaged capture: ${error.message}`);
      throw error;
    } finally {
      if (piece !== "") print(piece);
    }
    return ExitStatus.DONE;
  },
});
