/** Options of a VM's displays, for `serve --vhost-user` and `vhost-user-virtgpu`. */
import * as v from "valibot";
import type { DisplaySettings } from "../display/create-display.js";
import { GPU_SOCKET_FRAMES, type GpuSocketFrames } from "../display/gpu-socket-display.js";
import { UsageError } from "./exit-status.js";
import { oneOf, type OptionValues, text, wholeNumber } from "./options.js";

const MODES = ["aligned", "all"] as const;

export const displayOptions = {
  display: {
    value: "<kind>",
    help: "display of our own beside the VMM's window: none, png:FOLDER[,every=N] or wayland[:SOCKET]",
    schema: v.optional(text, "none"),
    byDefault: "none",
  },
  heads: {
    value: "<count>",
    help: "monitors of our own display",
    schema: wholeNumber(1, 16, 1),
    byDefault: "1",
  },
  mode: {
    value: "<size>",
    help: "size of these monitors, WIDTHxHEIGHT",
    schema: v.optional(
      v.pipe(v.string(), v.regex(/^[1-9]\d{0,3}x[1-9]\d{0,3}$/, "is a size such as 1280x800")),
      "1280x800",
    ),
    byDefault: "1280x800",
  },
  modes: {
    value: "<policy>",
    help: "modes offered to the guest: aligned (rows that the host can import) or all",
    schema: oneOf(MODES, "aligned"),
    byDefault: "aligned",
    choices: MODES,
  },
  "stride-multiple": {
    value: "<bytes>",
    help: "what the bytes of a row must be a multiple of for --modes=aligned",
    schema: wholeNumber(1, 65_536, 64),
    byDefault: "64",
  },
  "gpu-socket": {
    value: "<frames>",
    help: "what the VMM's window gets: pixels; dma-buf (only a window with GL can show it); shared-memory (for test front-ends); none",
    schema: oneOf(GPU_SOCKET_FRAMES, "pixels"),
    byDefault: "pixels",
    choices: GPU_SOCKET_FRAMES,
  },
} as const;

/** What a device needs to know of its displays. */
export interface DisplayChoice {
  readonly display: DisplaySettings;
  readonly gpuSocketFrames: GpuSocketFrames;
  /** 1: every mode is offered. */
  readonly strideMultipleBytes: number;
}

/** @throws {UsageError} that names the flag which is wrong. */
export function readDisplayOptions(options: OptionValues<typeof displayOptions>): DisplayChoice {
  const [width, height] = options.mode.split("x").map(Number) as [number, number];
  const monitors = { heads: options.heads, mode: { width, height, refresh: 60 } };
  return {
    display: { ...readKind(options.display), ...monitors },
    gpuSocketFrames: options["gpu-socket"],
    strideMultipleBytes: options.modes === "all" ? 1 : options["stride-multiple"],
  };
}

type Kind =
  | { kind: "none" }
  | { kind: "png"; folder: string; every: number }
  | { kind: "wayland"; socket: string | null };

function readKind(value: string): Kind {
  if (value === "none") return { kind: "none" };
  const png = /^png:(.+?)(?:,every=([1-9]\d{0,5}))?$/s.exec(value);
  if (png !== null) return { kind: "png", folder: png[1]!, every: Number(png[2] ?? 1) };
  const wayland = /^wayland(?::(.+))?$/s.exec(value);
  if (wayland !== null) return { kind: "wayland", socket: wayland[1] ?? null };
  throw new UsageError(`--display is none, png:FOLDER[,every=N] or wayland[:SOCKET], not ${JSON.stringify(value)}`);
}
