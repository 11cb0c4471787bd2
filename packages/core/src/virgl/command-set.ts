import { COMMAND_TABLE, OBJECT_TABLE, type CommandRow, type CommandStatus } from "./command-table.js";

/** Status as the decoder's hot loop reads it. */
export const StatusCode = { OFFERED: 0, NULL_ONLY: 1, IGNORED: 2, REFUSED: 3 } as const;

const STATUS: Readonly<Record<CommandStatus, number>> = {
  offered: StatusCode.OFFERED,
  "null-only": StatusCode.NULL_ONLY,
  ignored: StatusCode.IGNORED,
  refused: StatusCode.REFUSED,
};

/** Rows as flat arrays, indexed by command number or object type. */
export class RowArrays {
  readonly minDwords: Uint16Array;
  readonly maxDwords: Uint16Array;
  readonly stepDwords: Uint8Array;
  readonly status: Uint8Array;
  readonly count: number;

  constructor(rows: readonly CommandRow[]) {
    this.count = rows.length;
    this.minDwords = Uint16Array.from(rows, (row) => row.minDwords);
    this.maxDwords = Uint16Array.from(rows, (row) => row.maxDwords);
    this.stepDwords = Uint8Array.from(rows, (row) => row.stepDwords);
    this.status = Uint8Array.from(rows, (row) => STATUS[row.status]);
  }

  /** True if a payload of `lengthDwords` is legal for row `id`. */
  acceptsLength(id: number, lengthDwords: number): boolean {
    const min = this.minDwords[id]!;
    if (lengthDwords < min || lengthDwords > this.maxDwords[id]!) return false;
    return (lengthDwords - min) % this.stepDwords[id]! === 0;
  }
}

/**
 * The commands and object types that one device accepts: the table, possibly with rows taken out. Immutable. The decoder
 * and the caps are given the same set, so what is advertised is what is decoded.
 */
export class CommandSet {
  readonly commands: readonly CommandRow[];
  readonly objects: readonly CommandRow[];
  readonly commandRows: RowArrays;
  readonly objectRows: RowArrays;

  constructor(commands: readonly CommandRow[] = COMMAND_TABLE, objects: readonly CommandRow[] = OBJECT_TABLE) {
    this.commands = commands;
    this.objects = objects;
    this.commandRows = new RowArrays(commands);
    this.objectRows = new RowArrays(objects);
  }

  /** Whether `command` (VIRGL_CCMD_…) is executed. */
  offers(command: number): boolean {
    return this.commands[command]?.status === "offered";
  }

  /** Whether objects of `objectType` (VIRGL_OBJECT_…) can be created. */
  offersObject(objectType: number): boolean {
    return this.objects[objectType]?.status === "offered";
  }

  /**
   * A set in which the named rows are refused. Names as in the protocol header, VIRGL_CCMD_ optional; object types as
   * `CREATE_OBJECT(QUERY)`.
   * @throws {RangeError} for a name that is in neither table.
   */
  without(names: readonly string[]): CommandSet {
    const wanted = new Set(names.map((name) => (name.startsWith("VIRGL_CCMD_") ? name : `VIRGL_CCMD_${name}`)));
    const refuse = (row: CommandRow): CommandRow => {
      if (!wanted.delete(row.name)) return row;
      return { ...row, status: "refused" };
    };
    const commands = this.commands.map(refuse);
    const objects = this.objects.map(refuse);
    const [unknown] = wanted;
    if (unknown !== undefined) throw new RangeError(`no command named ${unknown}`);
    return new CommandSet(commands, objects);
  }
}

/** Everything that this implementation offers. */
export const defaultCommandSet = new CommandSet();
