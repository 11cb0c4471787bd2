import { assign, floats, load, operation, place, variable, builtin } from "../ir/build.js";
import type { Expression } from "../ir/expression.js";
import type { InterfaceVariable } from "../ir/interface.js";
import type { IoPlace } from "../ir/module.js";
import { valueType } from "../ir/types.js";
import { hasSampleInterpolation } from "../abilities.js";
import type { IoRegister, Semantic } from "../shader-info.js";
import type { ProgramDraft } from "./draft.js";
import { fragmentBuiltin } from "./read-fragment-inputs.js";

/** What an input reads when the vertex shader does not write it: GL leaves it open, gallium drivers give this. */
const MISSING: Expression = floats(0, 0, 0, 1);

/** Vertex outputs that go to the pipeline and never to a fragment input of the same name. */
const PIPELINE_OUTPUTS: ReadonlySet<Semantic> = new Set([
  "POSITION",
  "PSIZE",
  "EDGEFLAG",
  "CLIPVERTEX",
  "LAYER",
  "VIEWPORT_INDEX",
]);

function ioKey(semantic: Semantic, index: number): string {
  return `${semantic} ${index}`;
}

/** `v_generic3`. */
export function varyingName(semantic: Semantic, index: number): string {
  return `v_${semantic.toLowerCase().replaceAll("_", "")}${index}`;
}

/**
 * Joins fragment inputs to vertex outputs by semantic: each pair becomes a varying. Inputs without a partner read a
 * constant, outputs without a partner are dropped. Flat varyings carry words (`u32`), so integers pass unchanged.
 * Two-sided colours and sprite coordinates are resolved here too, since they choose what an input reads.
 */
export function matchVaryings(draft: ProgramDraft): void {
  const { vertex, fragment } = draft;
  const outputs = new Map<string, IoPlace>();
  for (const output of vertex.module.outputs) {
    if (PIPELINE_OUTPUTS.has(output.io.semantic) || !vertex.written.has(output.register.id)) continue;
    outputs.set(ioKey(output.io.semantic, output.io.semanticIndex), output);
  }
  const joiner = new Joiner(draft, outputs);
  for (const input of fragment.module.inputs) {
    if (!fragment.read.has(input.register.id)) continue;
    const special = fragmentBuiltin(draft, input.io);
    if (special !== null) {
      fragment.storage[input.register.id] = special.type.scalar === "f32" ? "f32" : "i32";
      fragment.prologue.push(assign(place(input.register, input.element), 15, special));
    } else {
      joiner.bind(input);
    }
  }
}

class Joiner {
  private readonly draft: ProgramDraft;
  private readonly outputs: ReadonlyMap<string, IoPlace>;
  private readonly joined = new Map<string, InterfaceVariable>();

  constructor(draft: ProgramDraft, outputs: ReadonlyMap<string, IoPlace>) {
    this.draft = draft;
    this.outputs = outputs;
  }

  /** Gives one fragment input its value. */
  bind(input: IoPlace): void {
    const { fragment } = this.draft;
    const { register, element, io } = input;
    const front = this.varying(io, io.semantic);
    const back = this.draft.key.twoSide && io.semantic === "COLOR" ? this.varying(io, "BCOLOR") : null;
    if (front !== null && back === null && !register.isArray) {
      fragment.aliases.set(register.id, front);
      fragment.storage[register.id] = front.type.scalar;
      return;
    }
    const value = front === null && back === null ? MISSING : sided(front, back);
    const known = fragment.storage[register.id];
    const scalar = value.type.scalar;
    fragment.storage[register.id] = known === undefined || known === scalar ? scalar : "u32";
    fragment.prologue.push(assign(place(register, element), 15, value));
  }

  /** The varying for one semantic, declared in both stages the first time; null when the vertex shader has none. */
  private varying(io: IoRegister, semantic: Semantic): InterfaceVariable | null {
    const key = ioKey(semantic, io.semanticIndex);
    const output = this.outputs.get(key);
    if (output === undefined) return null;
    const known = this.joined.get(key);
    if (known !== undefined) return known;
    const isFlat = io.interpolation === "CONSTANT" || (io.interpolation === "COLOR" && this.draft.key.flatshade);
    const type = valueType(isFlat ? "u32" : "f32", 4);
    const name = varyingName(semantic, io.semanticIndex);
    const sampling =
      io.location === "CENTROID"
        ? "centroid"
        : io.location === "SAMPLE" && hasSampleInterpolation(this.draft.target) !== false
          ? "sample"
          : "center";
    const common = { name, type, location: -1, interpolation: isFlat ? "flat" : "smooth", sampling } as const;
    const out: InterfaceVariable = { ...common, role: "varyingOut" };
    const into: InterfaceVariable = { ...common, role: "varyingIn" };
    const { vertex, fragment } = this.draft;
    vertex.variables.push(out);
    fragment.variables.push(into);
    vertex.epilogue.push({
      kind: "output",
      target: out,
      element: 0,
      value: load(place(output.register, output.element), type.scalar, [0, 1, 2, 3]),
    });
    if (output.io.invariant) vertex.invariants.add(out);
    this.joined.set(key, into);
    return into;
  }
}

function sided(front: InterfaceVariable | null, back: InterfaceVariable | null): Expression {
  const frontValue = front === null ? null : variable(front);
  const backValue = back === null ? null : variable(back);
  if (frontValue === null || backValue === null) return frontValue ?? backValue ?? MISSING;
  const facing = builtin("frontFacing", valueType("bool", 1));
  return operation("choose", facing, frontValue, backValue);
}
