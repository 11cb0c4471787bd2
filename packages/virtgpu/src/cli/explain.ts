/** `virtgpu explain`: what a running device copied, what it did not, and why. */
import * as v from "valibot";
import { HostError } from "@virtgpu/core/base";
import { askDevice, deviceNames } from "../host/control-client.js";
import { controlPath } from "../host/control-socket.js";
import type { Explanation } from "../host/explanation.js";
import { deviceName } from "./device-options.js";
import { ExitStatus, FailedError, UsageError, type ExitStatusCode } from "./exit-status.js";
import { explanationLines } from "./explain-text.js";
import { jsonOption, text } from "./options.js";
import { defineVerb } from "./verb.js";

export const explain = defineVerb({
  name: "explain",
  summary: "say per resource of a running device how guest memory is reached, what was copied, why, and the cure",
  args: [{ name: "[name]", help: "name of the device (serve --name); not needed when only one runs" }],
  options: {
    control: {
      value: "<path>",
      help: "path of the device's control socket, instead of a name",
      schema: v.optional(text),
    },
    ...jsonOption,
  },
  example: "virtgpu explain",
  async run({ options, args, print }): Promise<ExitStatusCode> {
    const path = options.control ?? (await pathOf(args[0]));
    const explanation = (await askDevice(path, "explain")) as Explanation;
    if (options.json) print(JSON.stringify(explanation, null, 2));
    else for (const line of explanationLines(explanation)) print(line);
    return ExitStatus.DONE;
  },
});

/** The control socket of the device called `name`, or of the only one that runs. */
async function pathOf(name: string | undefined): Promise<string> {
  if (name !== undefined) {
    if (!v.safeParse(deviceName, name).success)
      throw new UsageError(`a name is up to 64 letters, digits, dots, dashes, not "${name}"`);
    return controlPath(name);
  }
  const living = await livingDevices();
  const [only, ...others] = living;
  if (only === undefined) {
    throw new FailedError(
      "no device of yours runs\n  cure: start one (virtgpu serve --vtest), or give --control=PATH of one that has its control socket elsewhere",
    );
  }
  if (others.length > 0) throw new UsageError(`several devices run, name one: ${living.join(", ")}`);
  return controlPath(only);
}

async function livingDevices(): Promise<string[]> {
  const answers = await Promise.all(
    deviceNames().map(async (name) => {
      try {
        await askDevice(controlPath(name), "status");
        return [name];
      } catch (error) {
        // One that hangs is still one to choose from.
        return error instanceof HostError && error.code === "CONTROL_NO_DEVICE" ? [] : [name];
      }
    }),
  );
  return answers.flat();
}
