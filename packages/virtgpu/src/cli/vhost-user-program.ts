/**
 * The program that QEMU and libvirt start. Its command line is that of every vhost-user-gpu back-end. Source: QEMU
 * `docs/interop/vhost-user.rst`: Backend program conventions.
 */
import { Command, CommanderError } from "commander";
import type { DriverSettings } from "../host/driver.js";
import type { ImportSettings } from "../import/index.js";
import { createLogger, LOG_LEVELS, type LogLevel } from "../host/log.js";
import { serveVhostUser, type VhostUserEndpoint } from "../host/vhost-user-server.js";
import { deviceOptions, serviceOptions } from "./device-options.js";
import { displayOptions, readDisplayOptions } from "./display-options.js";
import { describeError, exitStatusOf, ExitStatus, UsageError, type ExitStatusCode } from "./exit-status.js";
import { importOptions, readImportOptions } from "./import-options.js";
import { declareOptions, readOptions } from "./options.js";

interface Flags {
  readonly socketPath?: string;
  readonly fd?: string;
  readonly renderNode?: string;
  readonly virgl?: boolean;
  readonly printCapabilities?: boolean;
  readonly logLevel: string;
  readonly logJson?: boolean;
}

/** What `--print-capabilities` answers: `features` lists the options that work here. */
export const VHOST_USER_CAPABILITIES = { type: "gpu", features: ["render-node", "virgl"] };

const backEndOptions = { ...deviceOptions, ...displayOptions, ...importOptions };

export function vhostUserCommand(): Command {
  const command = new Command("vhost-user-virtgpu")
    .description("virtio-gpu device as a vhost-user back-end; one process serves one VM")
    .option("--socket-path <path>", "listen for the front-end here")
    .option("--fd <number>", "connected socket that was inherited")
    .option("--render-node <path>", "DRM render node (only with --virgl)")
    .option("--virgl", "offer 3D")
    .option("--print-capabilities", "print what this back-end can do, as JSON")
    .option("--log-level <level>", LOG_LEVELS.join(", "), "info")
    .option("--log-json", "log lines as JSON");
  return declareOptions(command, backEndOptions).addHelpText(
    "after",
    "\nExample:\n  vhost-user-virtgpu --socket-path=/run/virtgpu/gpu.sock",
  );
}

/** Runs the back-end until it is stopped. Never throws. */
export async function runVhostUser(argv: readonly string[]): Promise<ExitStatusCode> {
  const command = vhostUserCommand().exitOverride().showHelpAfterError("(--help shows what is possible)");
  try {
    command.parse(argv, { from: "user" });
    const flags = command.opts<Flags>();
    if (flags.printCapabilities === true) {
      process.stdout.write(`${JSON.stringify(VHOST_USER_CAPABILITIES, null, 2)}\n`);
      return ExitStatus.DONE;
    }
    const endpoint = readEndpoint(flags);
    const log = createLogger({ level: flags.logLevel as LogLevel, json: flags.logJson === true });
    const options = readOptions(command, backEndOptions);
    const imports = readImportOptions(options, log);
    const displays = readDisplayOptions(options, imports.profile);
    const services = serviceOptions(options);
    const driver = readDriver(flags, imports);
    const end = await serveVhostUser({ endpoint, driver, imports, displays, services }, log);
    log.info("ended", { reason: end });
    return end === "protocol error" ? ExitStatus.FAILED : ExitStatus.DONE;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitStatus.DONE : ExitStatus.WRONG_USAGE;
    process.stderr.write(`vhost-user-virtgpu: ${describeError(error)}\n`);
    return exitStatusOf(error);
  }
}

function readEndpoint(flags: Flags): VhostUserEndpoint {
  if (!LOG_LEVELS.includes(flags.logLevel as LogLevel))
    throw new UsageError(`--log-level is one of ${LOG_LEVELS.join(", ")}`);
  if ((flags.socketPath === undefined) === (flags.fd === undefined))
    throw new UsageError("give --socket-path=PATH or --fd=N");
  if (flags.socketPath !== undefined) return { path: flags.socketPath };
  if (!/^\d{1,6}$/.test(flags.fd!)) throw new UsageError("--fd is the number of an open descriptor");
  return { fd: Number(flags.fd) };
}

function readDriver(flags: Flags, imports: ImportSettings): DriverSettings | null {
  if (flags.virgl !== true) return null;
  const node = flags.renderNode === undefined ? {} : { renderNode: flags.renderNode };
  return { eglPlatform: "auto", api: "gles", imports, ...node };
}
