/** The command line as a whole: verbs, version, and how errors become messages and exit statuses. */
import { Command, CommanderError } from "commander";
import { describeError, exitStatusOf, ExitStatus, type ExitStatusCode } from "./exit-status.js";
import { doctor } from "./doctor.js";
import { dump } from "./dump.js";
import { explain } from "./explain.js";
import { installDescriptor } from "./install-descriptor.js";
import { probe } from "./probe.js";
import { record } from "./record.js";
import { replay } from "./replay.js";
import { serve } from "./serve.js";
import { translate } from "./translate.js";
import type { Verb } from "./verb.js";
import { describeVersions } from "./version.js";

/** Every verb, in the order of the help. */
export const VERBS: readonly Verb[] = [
  serve,
  record,
  replay,
  dump,
  translate,
  explain,
  probe,
  doctor,
  installDescriptor,
];

export const PROGRAM_SUMMARY = "virtio-gpu device in user space: draws for Mesa clients on this host's GL driver";

/** Runs one command line (without node and script). Never throws; writes messages to stderr. */
export async function runCli(argv: readonly string[]): Promise<ExitStatusCode> {
  let status: ExitStatusCode = ExitStatus.DONE;
  // `virtgpu dump FILE | head`: the reader has seen enough.
  process.stdout.once("error", () => process.exit(ExitStatus.DONE));
  const program = new Command("virtgpu").description(PROGRAM_SUMMARY);
  program.option("-V, --version", "versions of virtgpu, Node and the GL driver");
  program.addHelpText("after", "\nExample:\n  virtgpu serve --vtest");
  program.exitOverride().showHelpAfterError("(--help shows what is possible)");
  program.on("option:version", () => {
    process.stdout.write(`${describeVersions()}\n`);
    throw new CommanderError(0, "virtgpu.version", "");
  });
  for (const verb of VERBS) {
    const command = verb.command((s) => (status = s));
    command.copyInheritedSettings(program);
    program.addCommand(command);
  }
  try {
    await program.parseAsync(argv, { from: "user" });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitStatus.DONE : ExitStatus.WRONG_USAGE;
    process.stderr.write(`virtgpu: ${describeError(error)}\n`);
    return exitStatusOf(error);
  }
}
