#version 320 es
precision highp float;
precision highp int;
uniform highp sampler2D fs_s0;
layout(location = 0) out vec4 frag0;
void main() {
  vec4 in0;
  vec4 out0;
  in0 = gl_FragCoord;
  out0 = textureGatherOffsets(fs_s0, in0.xy, ivec2[4](ivec2(0, 1), ivec2(1, (-1)), ivec2((-1), 0), ivec2(2)));
  frag0 = out0;
}
