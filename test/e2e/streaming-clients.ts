/** Clients that stream data every frame, for figures of copies and processor time: test/clients/streaming. */
import { execFile } from "node:child_process";
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildDir, repositoryRoot } from "./paths.js";

export const STREAMING_CLIENTS = ["stream-texture", "stream-vertices"] as const;
export type StreamingClient = (typeof STREAMING_CLIENTS)[number];

/** Bytes that a frame of each brings anew: the texture's texels, the vertices. As in the clients' sources. */
export const STREAMED_BYTES: Readonly<Record<StreamingClient, number>> = {
  "stream-texture": 1280 * 720 * 4,
  "stream-vertices": 8192 * 3 * 12,
};

/** Compiles a client if its sources are newer. @returns its path */
export async function buildStreamingClient(name: StreamingClient): Promise<string> {
  const sources = join(repositoryRoot(), "test/clients");
  const output = join(buildDir(), "clients", name);
  const inputs = [
    join(sources, "streaming", `${name}.c`),
    join(sources, "streaming/streaming.h"),
    join(sources, "common.h"),
  ];
  const modifiedMs = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (modifiedMs(output) >= Math.max(...inputs.map(modifiedMs))) return output;
  mkdirSync(join(buildDir(), "clients"), { recursive: true });
  const flags = ["-std=c11", "-D_GNU_SOURCE", "-O1", "-Wall", "-Wextra", "-Werror", "-Wno-unused-function"];
  const libraries = ["-lEGL", "-lGLESv2", "-lm"];
  await promisify(execFile)(process.env["CC"] ?? "cc", [...flags, "-o", output, inputs[0]!, ...libraries]);
  return output;
}

/** What a client prints at its end. */
export function parseStreamed(stdout: string): { readonly frames: number; readonly fps: number } {
  const match = /^frames (\d+) fps ([\d.]+)$/m.exec(stdout);
  if (match === null) throw new Error(`the client did not tell its frames: ${stdout}`);
  return { frames: Number(match[1]), fps: Number(match[2]) };
}
