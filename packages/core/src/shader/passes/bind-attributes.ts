import { assign, place, swizzle, variable } from "../ir/build.js";
import type { InterfaceVariable } from "../ir/interface.js";
import { valueType } from "../ir/types.js";
import { type ProgramDraft, refuse } from "./draft.js";

/**
 * Gives each vertex input the shader reads an attribute at the location of its number, typed by the vertex format the
 * draw has bound. BGRA-ordered formats exchange x and z here, since GLES has no GL_BGRA attribute size.
 */
export function bindAttributes(draft: ProgramDraft): void {
  const { vertex, key, target } = draft;
  for (const { io, register, element } of vertex.module.inputs) {
    if (!vertex.read.has(register.id)) continue;
    if (io.index >= target.maxVertexAttribs)
      return refuse(
        draft,
        "limit",
        `vertex input ${io.index} is above the host's ${target.maxVertexAttribs} attributes`,
      );
    const bit = 1 << io.index;
    const scalar = (key.attributeSigned & bit) !== 0 ? "i32" : (key.attributeUnsigned & bit) !== 0 ? "u32" : "f32";
    const attribute: InterfaceVariable = {
      role: "attribute",
      name: `a${io.index}`,
      type: valueType(scalar, 4),
      location: io.index,
      interpolation: "smooth",
      sampling: "center",
    };
    vertex.variables.push(attribute);
    const isBgra = (key.attributeBgra & bit) !== 0;
    if (!isBgra && !register.isArray) {
      vertex.aliases.set(register.id, attribute);
      vertex.storage[register.id] = scalar;
      continue;
    }
    const value = isBgra ? swizzle(variable(attribute), 2, 1, 0, 3) : variable(attribute);
    vertex.prologue.push(assign(place(register, element), 15, value));
    // An array of attributes of several types is stored as words.
    const known = vertex.storage[register.id];
    vertex.storage[register.id] = known === undefined || known === scalar ? scalar : "u32";
  }
}
