/** Asks a driver one question at a time: would this picture be imported, and would it be right? */
import type { TrialFormat } from "./trial-format.js";
import type { ReachSample, TrialAnswer, TrialMemory, TrialRequest } from "./trial-messages.js";
import type { TrialProcess } from "./trial-process.js";

/** A driver that crashes at every wrong number is not asked thousands of times. */
const MAX_CRASHES = 120;

/** The driver crashed too often to go on. */
export class TooManyCrashes extends Error {
  override readonly name = "TooManyCrashes";
}

/** What the pictures of a series have in common. */
export interface TrialBase {
  readonly memory: TrialMemory;
  readonly format: TrialFormat;
  /** Undefined: none is named. */
  readonly modifier: string | undefined;
}

export interface TrialShape {
  readonly width: number;
  readonly height: number;
  readonly strideBytes: number;
  readonly offsetBytes: number;
}

export const CRASHED: TrialAnswer = { error: -3, isRight: false, isFollowed: null, rendering: null };

export class ImageTrials {
  readonly #process: TrialProcess;
  /** How often each EGL or GL error was seen, by what it is called. */
  readonly errors = new Map<string, number>();
  readonly #recent = new Set<string>();
  /** Imports that were accepted and showed something else. */
  wrongPictures = 0;
  count = 0;

  constructor(process: TrialProcess) {
    this.#process = process;
  }

  get crashes(): number {
    return this.#process.crashes;
  }

  /** One import; a crash is told as an answer. @throws {TooManyCrashes} */
  async ask(base: TrialBase, shape: TrialShape, isThorough = false, isSynced = true): Promise<TrialAnswer> {
    if (this.#process.crashes > MAX_CRASHES) throw new TooManyCrashes(`the driver crashed ${MAX_CRASHES} times`);
    this.count++;
    const answer = await this.#process.run(request(base, shape, isThorough, isSynced));
    if ("crash" in answer) {
      this.#tell(`crash (${answer.crash})`);
      return CRASHED;
    }
    if (answer.error !== 0) this.#tell(errorName(answer.error));
    else if (!answer.isRight) this.wrongPictures++;
    return answer;
  }

  /** Whether the import is accepted and a draw shows what lies in memory. */
  async takes(base: TrialBase, shape: TrialShape): Promise<boolean> {
    const { error, isRight } = await this.ask(base, shape);
    return error === 0 && isRight;
  }

  /** How much longer it takes to sample the picture where it lies than a texture of the driver's own; null: not measured. */
  async sampleCost(base: TrialBase, shape: TrialShape, rounds: number): Promise<number | null> {
    const picture = request(base, shape, false, true);
    const answer = await this.#process.measure({ kind: "measure", picture, rounds });
    return "crash" in answer ? null : answer.ratio;
  }

  /** The same picture in so many pieces of memory. */
  async reach(base: TrialBase, shape: TrialShape, pieces: number): Promise<readonly ReachSample[]> {
    const picture = request(base, shape, true, true);
    const answer = await this.#process.reach({ kind: "reach", picture, pieces });
    return "crash" in answer ? [] : answer.samples;
  }

  /** The errors seen since it was last asked. */
  takeErrors(): readonly string[] {
    const names = [...this.#recent];
    this.#recent.clear();
    return names;
  }

  #tell(name: string): void {
    this.#recent.add(name);
    this.errors.set(name, (this.errors.get(name) ?? 0) + 1);
  }
}

function request(base: TrialBase, shape: TrialShape, isThorough: boolean, isSynced: boolean): TrialRequest {
  const { memory, format, modifier } = base;
  const plain: TrialRequest = { kind: "trial", memory, format: format.name, ...shape, isThorough, isSynced };
  return modifier === undefined ? plain : { ...plain, modifier };
}

const EGL_ERRORS: Readonly<Record<number, string>> = {
  0x3001: "EGL_NOT_INITIALIZED",
  0x3002: "EGL_BAD_ACCESS",
  0x3003: "EGL_BAD_ALLOC",
  0x3004: "EGL_BAD_ATTRIBUTE",
  0x3008: "EGL_BAD_DISPLAY",
  0x3009: "EGL_BAD_MATCH",
  0x300c: "EGL_BAD_PARAMETER",
};

/** What an error of `TrialAnswer` is called. */
export function errorName(error: number): string {
  if (error === -1) return "EGL lacks the functions";
  if (error === -2) return "refused without an error";
  if (error < 0) return `system error ${-error}`;
  if (error >= 0x1_0000) return `GL error 0x${(error - 0x1_0000).toString(16)}`;
  return EGL_ERRORS[error] ?? `EGL error 0x${error.toString(16)}`;
}
