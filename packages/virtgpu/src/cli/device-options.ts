/** Options of everything that runs a device: its name, control socket and metrics. */
import * as v from "valibot";
import type { ServiceOptions } from "../host/device-services.js";
import { parseMetricsAddress } from "../host/metrics-server.js";
import { text, type OptionTable, type OptionValues } from "./options.js";
import { packageVersion } from "./version.js";

const METRICS_RULE = "is a port, ADDR:PORT or the absolute path of a socket";

export const deviceName = v.pipe(v.string(), v.regex(/^[\w.-]{1,64}$/, "is up to 64 letters, digits, dots, dashes"));

export const deviceOptions = {
  name: {
    value: "<name>",
    help: "name of this device, for its control socket",
    schema: v.optional(deviceName, "virtgpu"),
    byDefault: "virtgpu",
  },
  control: {
    value: "<path>",
    help: "path of the control socket (default: $XDG_RUNTIME_DIR/virtgpu/NAME.sock, /run/virtgpu for root); none: no control socket",
    schema: v.optional(text),
  },
  metrics: {
    value: "<address>",
    help: "serve Prometheus metrics over HTTP at [ADDR:]PORT (ADDR 127.0.0.1 if none is given) or at the path of a socket",
    schema: v.optional(
      v.pipe(
        v.union([v.pipe(v.number(), v.transform(String)), v.string()], METRICS_RULE),
        v.transform(parseMetricsAddress),
        v.check((address) => address !== null, METRICS_RULE),
      ),
    ),
  },
} satisfies OptionTable;

/** The services that the options ask for. */
export function serviceOptions(options: OptionValues<typeof deviceOptions>): ServiceOptions {
  const { name, control, metrics } = options;
  return { name, control: control ?? null, metrics: metrics ?? null, version: packageVersion() };
}
