/**
 * The flags of virgl_test_server (virglrenderer, vtest/vtest_server.c: `long_options`) on our server. Flags that change
 * nothing here are accepted and told in the log; flags for what we do not have are refused.
 */
import { Command, CommanderError } from "commander";
import { createLogger, LOG_LEVELS, type LogLevel, type ScopedLogger } from "../host/log.js";
import { VtestServer } from "../host/vtest-server.js";
import { describeError, exitStatusOf, ExitStatus, UsageError, type ExitStatusCode } from "./exit-status.js";
import { DEFAULT_VTEST_PATH } from "./serve.js";

interface TestServerFlags {
  readonly fork: boolean;
  readonly loopOrFork: boolean;
  readonly multiClients?: boolean;
  readonly useGlx?: boolean;
  readonly useEglSurfaceless?: boolean;
  readonly useGles?: boolean;
  readonly rendernode?: string;
  readonly socketPath?: string;
  readonly venus?: boolean;
  readonly renderServer?: boolean;
  readonly virgl: boolean;
  readonly compat?: boolean;
  readonly drm?: boolean;
  readonly spares: string;
  readonly logLevel: string;
  readonly logJson?: boolean;
}

export function testServerCommand(): Command {
  return new Command("virtgpu-test-server")
    .description("vtest server with the flags of virgl_test_server; every client has a process of its own")
    .option("--no-fork", "accepted; clients keep their own processes")
    .option("--no-loop-or-fork", "serve one client, then end")
    .option("--multi-clients", "accepted; several clients are always served")
    .option("--use-glx", "accepted; the driver is opened through EGL")
    .option("--use-egl-surfaceless", "open the driver without a display")
    .option("--use-gles", "draw with GLES; without it with desktop GL")
    .option("--rendernode <device>", "DRM render node")
    .option("--socket-path <path>", "where to listen", DEFAULT_VTEST_PATH)
    .option("--venus", "refused: no Vulkan")
    .option("--render-server", "refused: no Vulkan")
    .option("--no-virgl", "refused: virgl is all there is")
    .option("--compat", "refused: no compatibility profile on the host")
    .option("--drm", "refused: no native contexts")
    .option("--spares <count>", "warmed client processes kept ready", "1")
    .option("--log-level <level>", LOG_LEVELS.join(", "), "info")
    .option("--log-json", "log lines as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  virtgpu-test-server --use-egl-surfaceless --use-gles --socket-path=/tmp/.virgl_test",
    );
}

/** Runs the server until it is stopped. Never throws. */
export async function runTestServer(argv: readonly string[]): Promise<ExitStatusCode> {
  const command = testServerCommand().exitOverride().showHelpAfterError("(--help shows what is possible)");
  try {
    command.parse(argv, { from: "user" });
    const flags = command.opts<TestServerFlags>();
    refuseForeign(flags);
    return await serve(flags);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitStatus.DONE : ExitStatus.WRONG_USAGE;
    process.stderr.write(`virtgpu-test-server: ${describeError(error)}\n`);
    return exitStatusOf(error);
  }
}

function refuseForeign(flags: TestServerFlags): void {
  const foreign = [
    [flags.venus, "--venus"],
    [flags.renderServer, "--render-server"],
    [!flags.virgl, "--no-virgl"],
    [flags.compat, "--compat"],
    [flags.drm, "--drm"],
  ].filter(([given]) => given === true);
  if (foreign.length !== 0) throw new UsageError(`not supported: ${foreign.map(([, name]) => name).join(" ")}`);
  if (!LOG_LEVELS.includes(flags.logLevel as LogLevel))
    throw new UsageError(`--log-level is one of ${LOG_LEVELS.join(", ")}`);
  if (!/^\d{1,2}$/.test(flags.spares)) throw new UsageError("--spares is a whole number from 0 to 99");
  if (flags.useGlx === true && (flags.useEglSurfaceless === true || flags.useGles === true)) {
    throw new UsageError("--use-glx excludes --use-egl-surfaceless and --use-gles");
  }
}

async function serve(flags: TestServerFlags): Promise<ExitStatusCode> {
  const log = createLogger({ level: flags.logLevel as LogLevel, json: flags.logJson === true });
  if (flags.useGlx === true) log.info("--use-glx: the driver is opened through EGL instead");
  const server = await VtestServer.start({
    socket: { path: flags.socketPath ?? DEFAULT_VTEST_PATH, mode: 0o600 },
    child: {
      eglPlatform: flags.useEglSurfaceless === true ? "surfaceless" : "auto",
      api: flags.useGles === true ? "gles" : "gl",
      logLevel: flags.logLevel as LogLevel,
      ...(flags.rendernode === undefined ? {} : { renderNode: flags.rendernode }),
    },
    spares: Number(flags.spares),
    maxClients: flags.loopOrFork ? 64 : 1,
    log,
  });
  await Promise.race([untilSignal(server, log), ...(flags.loopOrFork ? [] : [server.whenServed(1)])]);
  await server.kill();
  return ExitStatus.DONE;
}

/** Like virgl_test_server this one has no drain: a signal ends it and its clients. */
async function untilSignal(server: VtestServer, log: ScopedLogger): Promise<void> {
  const signal = await new Promise<string>((resolve) => {
    process.once("SIGTERM", resolve);
    process.once("SIGINT", resolve);
  });
  log.info("stopping", { signal, socket: server.path });
}
