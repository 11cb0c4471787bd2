/**
 * A client's own process: warms up as a spare, receives one client's socket, speaks vtest with it until it ends, exits.
 * Everything runs blocking on the main thread. Keep what this imports small: it is the start-up time of a client.
 */
import { HostError } from "@virtgpu/core/base";
import { VtestSession } from "@virtgpu/core/vtest";
import { closeFd } from "../native/memory.js";
import { SocketChannel } from "../transport/socket-channel.js";
import { CHILD_SOCKET_FD, type ClientReport } from "./child-messages.js";
import type { ChildSettings } from "./child-settings.js";
import type { DeviceReport } from "./device-report.js";
import { ServerLink } from "./server-link.js";
import { warmUp } from "./warm-up.js";
import { collectTotals, GlesDevice, reportSession } from "./gles-device.js";

/** Exit statuses of a client process; the server reads them only in its log. */
const EXIT_DONE = 0;
const EXIT_FAILED = 1;
const EXIT_HOST_CANNOT = 3;
/** Shared memory that this client has dropped and that serves its next resources. */
const REUSED_BYTES = 16 << 20;

function main(settings: ChildSettings): number {
  const link = new ServerLink(CHILD_SOCKET_FD, settings.logLevel);
  let device: GlesDevice;
  try {
    device = GlesDevice.open(settings, link.logger, { endsWithReset: true });
  } catch (error) {
    link.sendFailure(error);
    return EXIT_HOST_CANNOT;
  }
  link.send({
    type: "ready",
    renderer: device.renderer,
    version: device.version,
    startMs: Math.round(performance.now()),
  });
  warmUp(device, () => link.hasInput());
  const assignment = link.receiveClient();
  if (assignment === null) return EXIT_DONE;
  link.send({ type: "serving" });
  return serve(link, device, assignment.fd);
}

function serve(link: ServerLink, device: GlesDevice, clientFd: number): number {
  const atStart = process.cpuUsage();
  device.memory.reuse(REUSED_BYTES);
  const channel = new SocketChannel(clientFd, CHILD_SOCKET_FD, () => link.answer({ status, report }));
  const session = new VtestSession({
    channel,
    renderer: device.gles,
    memory: device.memory,
    logger: link.logger,
    ledger: device.ledger,
  });
  const status = (): ClientReport => {
    const { user, system } = process.cpuUsage(atStart);
    return {
      name: session.clientName,
      totals: collectTotals(device, session.counters),
      peakRssBytes: process.resourceUsage().maxRSS * 1024,
      cpuMs: (user + system) / 1000,
    };
  };
  const report = (maxListed: number): DeviceReport => reportSession(device, session, maxListed);
  const end = runSession(session, link);
  const last = status();
  device.destroy();
  closeFd(clientFd);
  link.send({ type: "end", ...last });
  return end ? EXIT_DONE : EXIT_FAILED;
}

/** @returns whether it ended as sessions should. A GPU that was reset ends it: the client sees its socket closed. */
function runSession(session: VtestSession, link: ServerLink): boolean {
  try {
    return session.run().reason !== "host-error";
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    link.logger.error("the host failed this client", { reason: error.message, code: error.code });
    return false;
  }
}

// A throw ends the process with status 1 and its stack on stderr, which the server logs: a bug of ours costs one client.
process.exit(main(JSON.parse(process.argv[2] ?? "{}") as ChildSettings));
