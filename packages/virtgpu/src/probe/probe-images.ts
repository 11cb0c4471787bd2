/** What a driver imports, found by importing. No error code is believed: each picture that is taken is drawn and compared. */
import { fourccCode, type ImageFormatRule, type ImageRules, type ModifierRule } from "@virtgpu/core/memory";
import { LINEAR_MODIFIER } from "../native/trial.js";
import { findLargest, findMultiple, type Multiple } from "./find-multiple.js";
import { inferReach, type ReachFindings } from "./infer-reach.js";
import type { ImageTrials, TrialBase, TrialShape } from "./image-trials.js";
import { TRIAL_FORMATS, trialFormat, type TrialFormat } from "./trial-format.js";
import type { TrialAnswer, TrialMemory } from "./trial-messages.js";

/** Strides at which nearly every driver takes a picture. */
const USUAL_STRIDES = [3840, 26_880, 16_384, 61_440] as const;
/** The last two are for hosts that take nothing of four bytes. */
const FIRST_FORMATS = ["XR24", "AR24", "XB24", "AB24", "GR88", "R8  "] as const;
const ROWS = 4;
const NARROW = 64;
/** Pieces of memory at which the GPU is tried: the system places them as it likes. */
const REACH_PIECES = 32;
const MEASURED_SIDE = 512;
const MEASURED_ROUNDS = 5;
/** A stride for formats of any size, which rules in bytes and in texels divide. */
const ROOMY_STRIDE = 61_440;
/** … and one whose rows, all full, are still pictures of a usual width. */
const FULL_STRIDE = 7680;

export interface ImageFindings {
  readonly rules: ImageRules;
  readonly memory: TrialMemory;
  /** The multiples by bytes per texel, where a format of that size is taken. */
  readonly strides: ReadonlyMap<number, Multiple>;
  readonly offset: Multiple | null;
  /** Rows may be longer than the picture is wide. */
  readonly takesPaddedRows: boolean;
  readonly modifier: ModifierRule;
  readonly reach: ReachFindings;
  /** How refused strides and offsets were answered. */
  readonly strideErrors: readonly string[];
  readonly offsetErrors: readonly string[];
}

/** @returns null when no picture at all is imported from this memory */
export async function probeImages(
  trials: ImageTrials,
  memory: TrialMemory,
  maxTextureSize: number,
): Promise<ImageFindings | null> {
  const base = await findBase(trials, memory);
  if (base === null) return null;
  const takesPaddedRows = await mayPad(trials, base);
  const stride = await findStride(trials, base, takesPaddedRows);
  if (stride === null) return null;
  const strideErrors = trials.takeErrors();
  const { formats, modifier } = await findFormats(trials, memory, stride.multiple, takesPaddedRows);
  const strides = await findStrides(trials, { memory, formats, base, stride, takesPaddedRows });
  trials.takeErrors();
  const offset = await findOffset(trials, base, stride.multiple);
  const offsetErrors = trials.takeErrors();
  const deep = await lookDeeper(trials, base, stride.multiple);
  const [maxWidth, maxHeight] = await findSize(trials, base, stride.multiple, maxTextureSize);
  const multiples = Object.fromEntries([...strides].map(([bytes, { multiple }]) => [String(bytes), multiple]));
  return {
    memory,
    strides,
    offset,
    takesPaddedRows,
    modifier,
    strideErrors,
    offsetErrors,
    reach: inferReach(await trials.reach(base, plain(base, stride.multiple), REACH_PIECES)),
    rules: {
      acceptsMemfd: memory === "memfd",
      acceptsUdmabuf: memory === "memfd" ? null : true,
      strideMultipleBytes: stride.multiple,
      strideMultiplesByTexel: multiples,
      // A rule that lets only 0 through is told as a multiple that nothing reaches.
      offsetMultipleBytes: offset === null ? 2 ** 31 : offset.multiple,
      maxWidth,
      maxHeight,
      formats,
      ...deep,
      sampleCostRatio: deep.bounces ? null : await findSampleCost(trials, base, stride.multiple),
    },
  };
}

/** A small picture whose rows are a multiple of the rule. */
function plain({ format }: TrialBase, multiple: number): TrialShape {
  const strideBytes = multiple * Math.ceil(256 / multiple);
  return { width: Math.floor(strideBytes / format.bytesPerTexel), height: ROWS, strideBytes, offsetBytes: 0 };
}

async function findBase(trials: ImageTrials, memory: TrialMemory): Promise<TrialBase | null> {
  const bases: TrialBase[] = [];
  for (const modifier of [LINEAR_MODIFIER, undefined])
    for (const name of FIRST_FORMATS) bases.push({ memory, format: trialFormat(name), modifier });
  for (const base of bases) {
    for (const strideBytes of USUAL_STRIDES) {
      const shape = {
        width: Math.floor(strideBytes / base.format.bytesPerTexel),
        height: ROWS,
        strideBytes,
        offsetBytes: 0,
      };
      if (await trials.takes(base, shape)) return base;
    }
  }
  // A rule that divides none of them: the search itself tries every stride.
  for (const base of [bases[0]!, bases[FIRST_FORMATS.length]!])
    if ((await findStride(trials, base, false)) !== null) return base;
  return null;
}

/** Whether rows may be longer than the picture is wide. */
async function mayPad(trials: ImageTrials, base: TrialBase): Promise<boolean> {
  for (const strideBytes of USUAL_STRIDES)
    if (await trials.takes(base, { width: NARROW, height: ROWS, strideBytes, offsetBytes: 0 })) return true;
  return false;
}

/** Narrow pictures, so that limits of size stay out of it, unless rows must be full. */
function findStride(trials: ImageTrials, base: TrialBase, takesPaddedRows: boolean): Promise<Multiple | null> {
  const { bytesPerTexel } = base.format;
  const accepts = (strideBytes: number): Promise<boolean> => {
    const full = Math.floor(strideBytes / bytesPerTexel);
    const width = takesPaddedRows ? Math.min(NARROW, full) : full;
    return trials.takes(base, { width, height: ROWS, strideBytes, offsetBytes: 0 });
  };
  return findMultiple(accepts, bytesPerTexel, () => trials.crashes === 0);
}

async function findStrides(
  trials: ImageTrials,
  known: {
    readonly memory: TrialMemory;
    readonly formats: readonly ImageFormatRule[];
    readonly base: TrialBase;
    readonly stride: Multiple;
    readonly takesPaddedRows: boolean;
  },
): Promise<ReadonlyMap<number, Multiple>> {
  const found = new Map([[known.base.format.bytesPerTexel, known.stride]]);
  for (const format of TRIAL_FORMATS) {
    const rule = known.formats.find(({ fourcc }) => fourcc === fourccCode(format.name));
    if (rule === undefined || found.has(format.bytesPerTexel)) continue;
    const base = { memory: known.memory, format, modifier: rule.modifiers[0] };
    const result = await findStride(trials, base, known.takesPaddedRows);
    if (result !== null) found.set(format.bytesPerTexel, result);
  }
  return new Map([...found].sort(([a], [b]) => a - b));
}

async function findFormats(
  trials: ImageTrials,
  memory: TrialMemory,
  multiple: number,
  takesPaddedRows: boolean,
): Promise<{ readonly formats: readonly ImageFormatRule[]; readonly modifier: ModifierRule }> {
  const rules: ImageFormatRule[] = [];
  const modifierRules = new Set<ModifierRule>();
  for (const format of TRIAL_FORMATS) {
    const strideBytes = leastCommonMultiple(multiple, takesPaddedRows ? ROOMY_STRIDE : FULL_STRIDE);
    const full = Math.floor(strideBytes / format.bytesPerTexel);
    const shape = { width: takesPaddedRows ? NARROW : full, height: ROWS, strideBytes, offsetBytes: 0 };
    const named = await trials.ask({ memory, format, modifier: LINEAR_MODIFIER }, shape, true);
    const unnamed = await trials.ask({ memory, format, modifier: undefined }, shape, true);
    const isTaken = ({ error, isRight }: TrialAnswer): boolean => error === 0 && isRight;
    const takes = [named, unnamed].filter(isTaken);
    if (takes.length === 0) continue;
    modifierRules.add(takes.length === 2 ? "optional" : isTaken(named) ? "needed" : "refused");
    rules.push({
      fourcc: fourccCode(format.name),
      canSample: true,
      canRender: takes.some(({ rendering }) => rendering !== "refused"),
      modifiers: isTaken(named) ? [LINEAR_MODIFIER] : [],
    });
  }
  const [modifier, ...others] = modifierRules;
  return { formats: rules, modifier: modifier === undefined || others.length > 0 ? "mixed" : modifier };
}

async function findOffset(trials: ImageTrials, base: TrialBase, multiple: number): Promise<Multiple | null> {
  const accepts = (offsetBytes: number): Promise<boolean> =>
    trials.takes(base, { ...plain(base, multiple), offsetBytes });
  return findMultiple(accepts, 1, () => trials.crashes === 0);
}

/** Whether both sides see what the other writes, and whether they must be told to look. */
async function lookDeeper(
  trials: ImageTrials,
  base: TrialBase,
  multiple: number,
): Promise<Pick<ImageRules, "bounces" | "isCoherent">> {
  const isSame = async (isSynced: boolean): Promise<boolean> => {
    const { error, isFollowed, rendering } = await trials.ask(base, plain(base, multiple), true, isSynced);
    return error === 0 && isFollowed === true && rendering !== "lost";
  };
  const isCoherent = await isSame(false);
  return { isCoherent, bounces: !isCoherent && !(await isSame(true)) };
}

async function findSize(
  trials: ImageTrials,
  base: TrialBase,
  multiple: number,
  maxTextureSize: number,
): Promise<readonly [width: number, height: number]> {
  const { bytesPerTexel } = base.format;
  const strideFor = (width: number): number => Math.ceil((width * bytesPerTexel) / multiple) * multiple;
  const small = plain(base, multiple);
  const width = await findLargest(
    (tried) => trials.takes(base, { width: tried, height: ROWS, strideBytes: strideFor(tried), offsetBytes: 0 }),
    maxTextureSize,
  );
  const height = await findLargest((tried) => trials.takes(base, { ...small, height: tried }), maxTextureSize);
  return [width, height];
}

/** On a picture large enough to leave the caches. */
async function findSampleCost(trials: ImageTrials, base: TrialBase, multiple: number): Promise<number | null> {
  const strideBytes = Math.ceil((MEASURED_SIDE * base.format.bytesPerTexel) / multiple) * multiple;
  const shape = { width: MEASURED_SIDE, height: MEASURED_SIDE, strideBytes, offsetBytes: 0 };
  const ratio = await trials.sampleCost(base, shape, MEASURED_ROUNDS);
  return ratio === null ? null : Math.round(ratio * 1000) / 1000;
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return (a / x) * b;
}

/** The format of a fourcc, for people. */
export function formatOf(fourcc: number): TrialFormat | undefined {
  return TRIAL_FORMATS.find(({ name }) => fourccCode(name) === fourcc);
}
