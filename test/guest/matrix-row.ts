/** One row of the matrix: boots what it needs by itself and says in words what it saw, or throws. */
import { bootGuest, type BootOptions, type BootResult } from "./boot.js";
import type { BackEnd, BackEndCommand } from "./back-end.js";
import type { Suite } from "./debian.js";
import { type GuestMachine, prepareMachine } from "./guests.js";
import { prepareProgram, type ProgramName } from "./programs.js";
import { prepareUserland, type UserlandRecipe } from "./userland.js";

export interface MatrixRow {
  readonly kernel: Suite;
  readonly guest: string;
  readonly what: string;
  readonly backEnd: string;
  /** @returns what was seen. @throws {Error} what was not */
  readonly run: () => Promise<string>;
}

/** What a row boots. */
export interface RowGuest {
  readonly kernel: Suite;
  readonly userland: UserlandRecipe;
  readonly command: string;
  readonly backEnd: BackEnd | ((machine: GuestMachine) => BackEndCommand) | null;
  readonly programs?: readonly ProgramName[];
  readonly options?: Partial<BootOptions>;
  readonly watch: NonNullable<BootOptions["watch"]>;
}

/** How much of a console a failure shows. */
const TAIL_LINES = 40;

/** Boots the guest; it must end well by itself, with a back-end that ends well and warns of nothing. */
export async function bootRow(guest: RowGuest): Promise<BootResult> {
  const machine = prepareMachine(guest.kernel);
  const backEnd = typeof guest.backEnd === "function" ? guest.backEnd(machine) : guest.backEnd;
  const result = await bootGuest({
    ...machine,
    backEnd,
    userland: prepareUserland(guest.userland),
    command: guest.command,
    programs: (guest.programs ?? []).map(prepareProgram),
    watch: guest.watch,
    timeoutMs: 900_000,
    ...guest.options,
  });
  const problem = problemOf(result);
  if (problem !== null) throw new Error(`${problem}\n${storyOf(result)}`);
  return result;
}

function problemOf(result: BootResult): string | null {
  if (result.failure !== null) return result.failure;
  if (result.status !== 0) return `the guest's command ended with ${result.status}`;
  if (result.backEndEnd !== "" && result.backEndEnd !== "status 0")
    return `the back-end ended with ${result.backEndEnd}`;
  const complaint = / (?:warn|error) .*/i.exec(result.backEndLog);
  return complaint === null ? null : `the back-end complains: ${complaint[0]}`;
}

function storyOf(result: BootResult): string {
  const tail = (text: string): string => text.trimEnd().split("\n").slice(-TAIL_LINES).join("\n");
  return `--- console\n${tail(result.console)}\n--- back-end\n${tail(result.backEndLog)}`;
}
