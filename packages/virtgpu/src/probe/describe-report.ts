/** The probe's result as aligned lines for people. */
import type { HostProfile, ImageRules, ModifierRule } from "@virtgpu/core/memory";
import { heapWords } from "../import/host-heaps.js";
import type { ReachFindings } from "./infer-reach.js";
import { formatOf, type ImageFindings } from "./probe-images.js";
import { describePlatform, type PlatformFindings, type ProbeReport } from "./probe-host.js";

type Row = readonly [name: string, value: string];

/** One line a finding, columns aligned; the last is the verdict. */
export function describeReport(report: ProbeReport): readonly string[] {
  const rows: Row[] = [];
  for (const platform of report.platforms) rows.push(...platformRows(platform));
  const found = report.platforms.find(({ images }) => images !== null)?.images ?? null;
  if (found !== null) rows.push(...imageRows(found));
  rows.push(...systemRows(report));
  const width = Math.max(...rows.map(([name]) => name.length));
  return [...rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`), "", verdict(report.profile)];
}

/** One sentence: whether guest memory can be used in place. */
export function verdict({ images }: HostProfile): string {
  if (images === null) return "this host imports no guest memory: everything is copied";
  if (images.bounces)
    return "imports are bounced: the driver works on copies of its own, so everything is copied by us instead";
  return "this host imports guest memory in place";
}

function platformRows({ platform, software, opened, failure, images, crashes, trials }: PlatformFindings): Row[] {
  const name = describePlatform(platform, software);
  if (opened === null) return [[name, `does not open: ${failure}`]];
  const rows: Row[] = [[name, `${opened.version}, ${opened.renderer}`]];
  if (images === null) rows.push(["  imports", `none: ${failure}`]);
  rows.push(["  trials", crashes === 0 ? `${trials}` : `${trials}; the driver crashed in ${crashes}`]);
  return rows;
}

function imageRows({ rules, strides, offset, takesPaddedRows, memory, modifier }: ImageFindings): Row[] {
  const note = (isExact: boolean): string => (isExact ? "" : " (safe; the rule is no simple multiple)");
  const rows: Row[] = [
    ["import", rules.bounces ? "bounced" : `in place, of ${memory === "memfd" ? "plain shared memory" : memory}`],
  ];
  for (const [bytes, { multiple, isExact }] of strides)
    rows.push([`stride, ${bytes}-byte texels`, `multiple of ${multiple}${note(isExact)}`]);
  rows.push(["offset", offset === null ? "0 only" : `multiple of ${offset.multiple}${note(offset.isExact)}`]);
  rows.push(["padded rows", takesPaddedRows ? "taken" : "refused: the stride must be the width, rounded up"]);
  rows.push(["size", `up to ${rules.maxWidth}×${rules.maxHeight}`]);
  rows.push(["formats, rendered", formatNames(rules, true)], ["formats, sampled only", formatNames(rules, false)]);
  rows.push(["modifiers", MODIFIER_WORDS[modifier]]);
  if (rules.sampleCostRatio !== null)
    rows.push(["sampling in place", `${rules.sampleCostRatio} times as long as a texture of the driver's`]);
  rows.push(["coherent", rules.bounces ? "no" : rules.isCoherent ? "yes" : "with DMA_BUF_IOCTL_SYNC"]);
  return rows;
}

function formatNames({ formats }: ImageRules, canRender: boolean): string {
  const names = formats
    .filter((rule) => rule.canRender === canRender)
    .map(({ fourcc }) => formatOf(fourcc)?.name.trim());
  return names.length === 0 ? "none" : names.join(" ");
}

const MODIFIER_WORDS: Readonly<Record<ModifierRule, string>> = {
  optional: "LINEAR may be named",
  needed: "LINEAR must be named",
  refused: "none may be named",
  mixed: "it depends on the format whether LINEAR may be named",
};

function systemRows({ udmabuf, profile, platforms, heaps }: ProbeReport): Row[] {
  const { rules, isPresent, needsSeal } = udmabuf;
  const words = isPresent ? `/dev/udmabuf: ${udmabuf.failure}` : "no /dev/udmabuf";
  const seal = needsSeal === true ? ", of memory that is sealed against shrinking" : "";
  const text =
    rules === null ? words : `up to ${rules.listLimit} ranges and ${rules.sizeLimitBytes / 2 ** 20} MiB${seal}`;
  const { addressBits } = profile.dma;
  const reach = platforms.find(({ images }) => images !== null)?.images?.reach;
  const limit = addressBits === null ? "no limit found" : `below ${addressBits} bits`;
  return [
    ["udmabuf", text],
    ["dma-heaps", heaps.length === 0 ? "none" : heaps.map(heapWords).join("; ")],
    [
      "pinned buffers",
      profile.pinned === null ? "no" : `addresses that are a multiple of ${profile.pinned.addressMultipleBytes}`,
    ],
    ["buffers as dma-bufs", profile.buffers?.memoryObjects === true ? "in place" : `no: ${profile.buffers?.refusal}`],
    ["addresses", reach === undefined ? limit : `${limit}${reachWords(reach)}`],
  ];
}

function reachWords({ isKnown, highestWorking, lowestFailing }: ReachFindings): string {
  if (!isKnown) return "; where memory lies is not known (that takes CAP_SYS_ADMIN)";
  const hex = (address: number): string => `0x${address.toString(16)}`;
  const words = [
    highestWorking === null ? "" : `works up to ${hex(highestWorking)}`,
    lowestFailing === null ? "" : `fails from ${hex(lowestFailing)}`,
  ].filter((text) => text !== "");
  return `; ${words.join(", ")}`;
}
