/** Asks a running device over its control socket. */
import { readdirSync } from "node:fs";
import { connect } from "node:net";
import { HostError } from "@virtgpu/core/base";
import { controlFolder, type ControlCommand } from "./control-socket.js";

/** A device that draws answers between two submissions. */
const ANSWER_WAIT_MS = 5_000;
const MAX_ANSWER_CHARS = 64 << 20;

/**
 * Sends one command and resolves with the answer.
 * @throws {HostError} CONTROL_NO_DEVICE when nobody listens there, CONTROL_NO_ANSWER, CONTROL_REFUSED.
 */
export async function askDevice(path: string, command: ControlCommand): Promise<unknown> {
  const line = await new Promise<string>((resolve, reject) => {
    let text = "";
    const socket = connect(path, () => socket.write(`${JSON.stringify({ command })}\n`));
    const fail = (error: HostError): void => {
      socket.destroy();
      reject(error);
    };
    socket.setEncoding("utf8");
    socket.setTimeout(ANSWER_WAIT_MS, () =>
      fail(
        new HostError("CONTROL_NO_ANSWER", `the device at ${path} did not answer within ${ANSWER_WAIT_MS / 1000} s`, {
          cure: "try again; if it stays so, the device hangs in its driver: see its log",
        }),
      ),
    );
    socket.on("error", (error: NodeJS.ErrnoException) => fail(noDevice(path, error)));
    socket.on("close", () => fail(new HostError("CONTROL_NO_ANSWER", `the device at ${path} closed the connection`)));
    socket.on("data", (chunk: string) => {
      text += chunk;
      const end = text.indexOf("\n");
      if (end >= 0) {
        resolve(text.slice(0, end));
        socket.destroy();
      } else if (text.length > MAX_ANSWER_CHARS) {
        fail(new HostError("CONTROL_NO_ANSWER", `the device at ${path} answers without end`));
      }
    });
  });
  const answer = JSON.parse(line) as unknown;
  if (typeof answer === "object" && answer !== null && "error" in answer)
    throw new HostError("CONTROL_REFUSED", `the device at ${path} refused: ${String(answer.error)}`);
  return answer;
}

function noDevice(path: string, error: NodeJS.ErrnoException): HostError {
  if (error.code === "EACCES") {
    return new HostError("CONTROL_NO_ACCESS", `${path} is another user's`, {
      cause: error,
      cure: "run as the user that runs the device, or as root",
    });
  }
  const isDead = error.code === "ECONNREFUSED";
  const what = isDead ? `the device that listened at ${path} is gone` : `no device listens at ${path}`;
  return new HostError("CONTROL_NO_DEVICE", what, {
    cause: error,
    cure: "start one (virtgpu serve), or name another: virtgpu explain NAME",
  });
}

/** Names of the devices whose sockets lie in the usual folder, also of such as are gone. */
export function deviceNames(): string[] {
  try {
    return readdirSync(controlFolder())
      .filter((file) => file.endsWith(".sock"))
      .map((file) => file.slice(0, -".sock".length))
      .toSorted();
  } catch {
    return [];
  }
}
