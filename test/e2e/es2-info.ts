/** Reads what es2_info (mesa-utils) prints. */
export interface Es2Info {
  readonly renderer: string;
  readonly version: string;
  readonly extensions: ReadonlySet<string>;
}

export function parseEs2Info(text: string): Es2Info {
  const field = (name: string): string => new RegExp(`^${name}: (.*)$`, "m").exec(text)?.[1] ?? "";
  const list = /^GL_EXTENSIONS:\n((?: {4}.*\n?)*)/m.exec(text)?.[1] ?? "";
  return {
    renderer: field("GL_RENDERER"),
    version: field("GL_VERSION"),
    extensions: new Set(list.split(/[\s,]+/).filter((word) => word !== "")),
  };
}

/** [major, minor] of a version such as "OpenGL ES 3.2 Mesa 22.3.6". */
export function glesVersion(version: string): [number, number] {
  const match = /OpenGL ES (\d+)\.(\d+)/.exec(version);
  return [Number(match?.[1] ?? 0), Number(match?.[2] ?? 0)];
}
