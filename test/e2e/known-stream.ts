/** The committed stream whose frames are known: test/captures/known. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compareFrames, isOneColour, readFrame, type Frame } from "./frames.js";
import { repositoryRoot } from "./paths.js";

const DIRECTORY = join(repositoryRoot(), "test/captures/known");
export const KNOWN_STREAM = join(DIRECTORY, "stream.vgs.gz");

/** An entry of frames.json. */
interface KnownFrame {
  readonly index: number;
  readonly file: string;
}

/** What is wrong with `frames`, one sentence each; empty when they are the known ones. */
export function differencesFromKnown(frames: readonly Frame[]): string[] {
  const wrong: string[] = [];
  const known = JSON.parse(readFileSync(join(DIRECTORY, "frames.json"), "utf8")) as KnownFrame[];
  for (const { index, file } of known) {
    const frame = frames[index];
    if (frame === undefined) {
      wrong.push(`frame ${index} of ${frames.length} is missing`);
      continue;
    }
    const difference = compareFrames(frame, readFrame(join(DIRECTORY, file)));
    if (isOneColour(frame)) wrong.push(`frame ${index} has one colour`);
    if (!difference.equal) wrong.push(`frame ${index}: ${difference.reason}`);
  }
  return wrong;
}
