/** Options of a VM's displays, for `serve --vhost-user` and `vhost-user-virtgpu`. */
import * as v from "valibot";
import { strideMultipleFor, type HostProfile } from "@virtgpu/core/memory";
import { fitsEdid } from "@virtgpu/core/virtio-gpu";
import type { DisplaySettings } from "../display/create-display.js";
import { GPU_SOCKET_FRAMES, type GpuSocketFrames } from "../display/gpu-socket-display.js";
import { UsageError } from "./exit-status.js";
import { maybeWholeNumber, oneOf, type OptionValues, text, wholeNumber } from "./options.js";

const MODES = ["aligned", "all"] as const;
const SCREEN_BYTES_PER_PIXEL = 4;

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
    schema: maybeWholeNumber(1, 65_536),
    byDefault: "as virtgpu probe found; else 64",
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

const USUAL_STRIDE_MULTIPLE = 64;

/**
 * @param profile what `virtgpu probe` found on this host
 * @throws {UsageError} that names the flag which is wrong.
 */
export function readDisplayOptions(options: OptionValues<typeof displayOptions>, profile?: HostProfile): DisplayChoice {
  const [width, height] = options.mode.split("x").map(Number) as [number, number];
  const mode = { width, height, refresh: 60 };
  if (!fitsEdid(mode)) throw new UsageError(`--mode=${options.mode} is more than a monitor can describe (EDID)`);
  const monitors = { heads: options.heads, mode };
  return {
    display: { ...readKind(options.display), ...monitors },
    gpuSocketFrames: options["gpu-socket"],
    strideMultipleBytes: options.modes === "all" ? 1 : (options["stride-multiple"] ?? probedMultiple(profile)),
  };
}

/** Of the rows of screens; a host that imports nothing has no rule, but the next one may have. */
function probedMultiple(profile: HostProfile | undefined): number {
  const images = profile?.images ?? null;
  return images === null ? USUAL_STRIDE_MULTIPLE : strideMultipleFor(images, SCREEN_BYTES_PER_PIXEL);
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
