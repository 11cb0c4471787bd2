/**
 * Value types of the IR. `bits` is the type of a value whose interpretation is not known: TGSI moves words between
 * untyped registers, and a move must not change them. See docs/shader-ir.md.
 */
export type Scalar = "f32" | "i32" | "u32" | "bool" | "bits";
export type Width = 1 | 2 | 3 | 4;

export interface ValueType {
  readonly scalar: Scalar;
  readonly width: Width;
}

const SCALARS: readonly Scalar[] = ["f32", "i32", "u32", "bool", "bits"];
const INTERNED: ReadonlyMap<Scalar, readonly ValueType[]> = new Map(
  SCALARS.map((scalar) => [scalar, ([1, 2, 3, 4] as const).map((width) => ({ scalar, width }))]),
);

/** The one object for a type, so that types compare by identity. @throws never for a width of 1 to 4. */
export function valueType(scalar: Scalar, width: number): ValueType {
  const type = INTERNED.get(scalar)?.[width - 1];
  if (type === undefined) throw new RangeError(`no type ${scalar} of width ${width}`);
  return type;
}

export function typeName(type: ValueType): string {
  return type.width === 1 ? type.scalar : `${type.scalar}x${type.width}`;
}
