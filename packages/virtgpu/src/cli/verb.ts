/** What every verb has in common: help with one example, logging flags, and an exit status. */
import { Command } from "commander";
import { createLogger, type ScopedLogger } from "../host/log.js";
import type { ExitStatusCode } from "./exit-status.js";
import { commonOptions, declareOptions, readOptions, type OptionTable, type OptionValues } from "./options.js";

export interface VerbSpec<T extends OptionTable> {
  readonly name: string;
  readonly summary: string;
  /** Positional arguments as commander writes them: `<file>`, `[name]`. */
  readonly args?: readonly { readonly name: string; readonly help: string }[];
  readonly options: T;
  /** A whole command line, shown under `--help` and in the man page. */
  readonly example: string;
  /** Does the work. Results go to stdout through `print`; returns the exit status. */
  run(call: VerbCall<T>): Promise<ExitStatusCode>;
}

export interface VerbCall<T extends OptionTable> {
  readonly options: OptionValues<T & typeof commonOptions>;
  readonly args: readonly string[];
  readonly log: ScopedLogger;
  readonly print: (line: string) => void;
}

/** A `VerbSpec` with its option types forgotten, so that verbs can stand in one list. */
export interface Verb {
  readonly name: string;
  readonly summary: string;
  readonly example: string;
  readonly args: readonly { readonly name: string; readonly help: string }[];
  readonly options: OptionTable;
  /** Makes the commander command; `done` gets the exit status. */
  command(done: (status: ExitStatusCode) => void): Command;
}

export function defineVerb<T extends OptionTable>(spec: VerbSpec<T>): Verb {
  const table: T & typeof commonOptions = { ...spec.options, ...commonOptions };
  const args = spec.args ?? [];
  return {
    name: spec.name,
    summary: spec.summary,
    example: spec.example,
    args,
    options: table,
    command(done) {
      const command = declareOptions(new Command(spec.name).description(spec.summary), table);
      for (const arg of args) command.argument(arg.name, arg.help);
      command.addHelpText("after", `\nExample:\n  ${spec.example}`);
      command.action(async () => {
        const options = readOptions(command, table);
        const log = createLogger({ level: options["log-level"], json: options["log-json"] });
        done(
          await spec.run({ options, args: command.args, log, print: (line) => void process.stdout.write(`${line}\n`) }),
        );
      });
      return command;
    },
  };
}
