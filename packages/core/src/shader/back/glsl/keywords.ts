/**
 * Words the GLSL ES 3.00, 3.10 and 3.20 specifications reserve ("Keywords", section 3.7 and its list of words for
 * future use) that could be written with our naming patterns, and the patterns themselves. All our identifiers end in a
 * digit or carry a prefix below; a test checks that none is reserved.
 */
export const IDENTIFIER_PATTERN =
  /^(?:t|a|in|out|sv|addr|c|v_[a-z]+|frag|vs_[a-z]+|fs_[a-z]+|sys|cap)\d+$|^vg_[a-z0-9]+$/i;

export const RESERVED_PREFIXES: readonly string[] = ["gl_", "__"];
