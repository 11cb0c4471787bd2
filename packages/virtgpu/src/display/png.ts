/** Frames to PNG files. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { PNG } from "pngjs";
import { makeOutputFolder } from "../native/make-folder.js";

/** One picture: RGBA, 4 bytes a texel, rows tight, top row first. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

/** Writes `picture` to `path`; the folder must exist. */
export function writePng(path: string, picture: Picture): void {
  const png = new PNG({ width: picture.width, height: picture.height });
  png.data.set(picture.rgba.subarray(0, picture.width * picture.height * 4));
  writeFileSync(path, PNG.sync.write(png, { deflateLevel: 1, filterType: 0 }));
}

/** Writes pictures as `frame-000000.png`, `frame-000001.png`, … into a folder, which is made. */
export class PngSequence {
  readonly #folder: string;
  /** Number of the next file. */
  count = 0;

  /** @throws {HostError} FOLDER_UNUSABLE when the folder cannot be made or takes no files */
  constructor(folder: string) {
    makeOutputFolder(folder, "frames");
    this.#folder = folder;
  }

  /** @param number goes into the name; by default pictures are counted. @returns the file's path. */
  add(picture: Picture, number = this.count): string {
    const path = join(this.#folder, `frame-${String(number).padStart(6, "0")}.png`);
    writePng(path, picture);
    this.count += 1;
    return path;
  }
}
